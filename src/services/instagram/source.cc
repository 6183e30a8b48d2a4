#include <fmt/format.h>

#include <set>

#include "services/instagram/categories.h"
#include "services/instagram/data_file.h"
#include "services/instagram/files.h"
#include "services/instagram/html.h"
#include "services/instagram/instagram_source.h"
#include "services/instagram/readers.h"
#include "services/instagram/root.h"

namespace valise::services::instagram {
namespace {

constexpr int kSure = 95;
constexpr int kByNames = 80;  // told by names of files alone
constexpr std::string_view kPages = " HTML";

class InstagramReading final : public ArchiveReading {
 public:
  explicit InstagramReading(const Listing& listing)
      : roots_(Roots::Find(listing)),
        date_(DateOf(listing)),
        generation_(GenerationOf(Look(listing, roots_))),
        username_(UsernameIn(listing)) {
    for (const zip::ArchiveEntry& entry : listing.entries) {
      const std::string_view path = roots_.Strip(entry.path);
      auto rule = RuleOf(path);
      if (rule) twins_.emplace(path);
      if (!rule) rule = PageRuleOf(path);
      if (rule && rule->reading == Reading::kProfilePhotos) has_profile_photos_ = true;
    }
  }

  std::string_view generation() const override { return generation_; }
  bool has_coarse_times() const override { return generation_.ends_with(kPages); }
  std::optional<Timestamp> date() const override { return date_; }
  std::optional<Timestamp> DateOfFile(std::string_view path,
                                      std::string_view part_name) const override {
    std::string_view root = path.substr(0, path.size() - roots_.Strip(path).size());
    while (root.ends_with('/')) root.remove_suffix(1);
    const auto day = DateInName(root.substr(root.rfind('/') + 1));
    return day ? day : DateInName(part_name);
  }
  std::string RelativePath(std::string_view path) const override {
    return std::string(roots_.Strip(path));
  }
  std::string account_username() const override { return username_; }
  FileRole RoleOf(std::string_view path) const override {
    return IsSpare(path) ? FileRole::kOther : instagram::RoleOf(path);
  }
  std::string_view CategoryOf(std::string_view path) const override {
    return IsSpare(path) ? kPagesCategory : instagram::CategoryOf(path);
  }
  std::string MediaPath(std::string_view path) const override { return instagram::MediaPath(path); }

  Result<account::FileCounts> ReadData(DataFile& file, account::RecordSink& sink) const override {
    const auto rule = RuleOf(file.path());
    const auto page = PageRuleOf(file.path());
    if ((!rule && !page) || IsSpare(file.path())) return account::FileCounts{};
    Output output(sink, file.path());
    const auto reader = ReaderFor(rule ? *rule : *page, output);
    if (page) return ReadHtmlFile(file, *page, *reader, output);
    return ReadDataFile(file, *reader, output);
  }

 private:
  static std::string GenerationOf(const Signs& signs) {
    const bool only_pages = signs.pages && !signs.json;
    return fmt::format("instagram {}{}", signs.generation, only_pages ? kPages : "");
  }
  // A page of which the archive has the JSON too.
  bool IsSpare(std::string_view path) const {
    return path.ends_with(kPageEnding) && twins_.contains(TwinOf(path));
  }

  std::unique_ptr<ElementReader> ReaderFor(const FileRule& rule, Output& output) const {
    switch (rule.reading) {
      case Reading::kPosts:
        return MakePostReader(rule.detail, output);
      case Reading::kStories:
        return MakeStoryReader(output);
      case Reading::kProfilePhotos:
        return MakeProfilePhotoReader(output);
      case Reading::kProfile:
        return MakeProfileReader(!has_profile_photos_, output);
      case Reading::kSignup:
        return MakeSignupReader(output);
      case Reading::kReported:
        return MakeReportedReader(output);
      case Reading::kThread:
      case Reading::kReplies:
        return MakeThreadReader(rule.detail, output);
      case Reading::kComments:
        return MakeCommentReader(rule.detail, output);
      case Reading::kLikes:
        return MakeLikeReader(rule.detail, output);
      case Reading::kSaved:
        return MakeSavedReader(false, output);
      case Reading::kCollections:
        return MakeSavedReader(true, output);
      case Reading::kConnections:
        return MakeConnectionReader(rule.detail, output);
      case Reading::kActivity:
        return MakeActivityReader(rule.detail, StemOf(output.path()), output);
      default:
        return G1ReaderFor(rule, output);
    }
  }

  static std::unique_ptr<ElementReader> G1ReaderFor(const FileRule& rule, Output& output) {
    switch (rule.reading) {
      case Reading::kG1Media:
        return MakeG1MediaReader(output);
      case Reading::kG1Profile:
        return MakeG1ProfileReader(output);
      case Reading::kG1Messages:
        return MakeG1MessageReader(output);
      case Reading::kG1Comments:
        return MakeG1CommentReader(output);
      case Reading::kG1Likes:
        return MakeG1LikeReader(output);
      case Reading::kG1Saved:
        return MakeG1SavedReader(output);
      case Reading::kG1Connections:
        return MakeG1ConnectionReader(output);
      case Reading::kG1Searches:
        return MakeG1SearchReader(output);
      case Reading::kG1Settings:
        return MakeG1SettingReader(output);
      case Reading::kG1Stickers:
        return MakeG1StickerReader(output);
      default:
        return MakeFlatReader(rule.detail, output);
    }
  }

  const Roots roots_;
  const std::optional<Timestamp> date_;
  const std::string generation_;
  const std::string username_;  // as the archive's name tells it
  bool has_profile_photos_ = false;
  std::set<std::string, std::less<>> twins_;  // the files that are read as JSON
};

// What is known, and not to be read.
std::optional<Error> WhyNot(const Signs& signs) {
  if (!signs.instagram && signs.facebook) {
    return Error{ErrorCode::kUnsupported,
                 "this is an archive of Facebook, not of Instagram; ask Instagram for your "
                 "information, in the format JSON"};
  }
  if (signs.only_threads) {
    return Error{
        ErrorCode::kUnsupported,
        "these conversations may be of Instagram or of Facebook: nothing here tells which; "
        "give the ZIP with the name it came with (instagram-…), or together with the other "
        "parts of its archive"};
  }
  return std::nullopt;
}

}  // namespace

int InstagramSource::Recognize(const Listing& listing) const {
  const Signs signs = Look(listing, Roots::Find(listing));
  if (!signs.instagram) return 0;
  return signs.first_layout || signs.only_media || signs.only_name ? kByNames : kSure;
}

std::optional<Error> InstagramSource::Refuse(const Listing& listing) const {
  return WhyNot(Look(listing, Roots::Find(listing)));
}

Result<std::unique_ptr<ArchiveReading>> InstagramSource::Begin(const Listing& listing,
                                                               const zip::Archive&) const {
  const Signs signs = Look(listing, Roots::Find(listing));
  if (auto why = WhyNot(signs)) return std::unexpected(*std::move(why));
  if (!signs.instagram) {
    return Fail(ErrorCode::kUnsupported, "nothing in this archive is known to be of Instagram");
  }
  return std::make_unique<InstagramReading>(listing);
}

}  // namespace valise::services::instagram
