// A source for the tests of imports: an archive of "notes" whose every line of data/*.txt is a
// post, "<seconds> <text> [media path]".
//
// Thread safety: stateless.
#pragma once

#include <charconv>
#include <memory>
#include <string>

#include "services/source.h"

namespace valise::imports {

class NotesReading final : public services::ArchiveReading {
 public:
  std::string_view generation() const override { return "notes 1"; }
  std::optional<Timestamp> date() const override { return std::nullopt; }
  std::string RelativePath(std::string_view path) const override {
    constexpr std::string_view kPrefix = "root/";
    return std::string(path.starts_with(kPrefix) ? path.substr(kPrefix.size()) : path);
  }
  std::optional<Timestamp> DateOfFile(std::string_view, std::string_view part_name) const override {
    if (part_name.starts_with("undated")) return std::nullopt;
    return FromCivil({.year = 2024, .month = 1, .day = 1});
  }
  services::FileRole RoleOf(std::string_view path) const override {
    if (path.starts_with("data/")) return services::FileRole::kData;
    if (path.starts_with("media/")) return services::FileRole::kMedium;
    if (path.starts_with("__MACOSX/")) return services::FileRole::kJunk;
    return services::FileRole::kOther;
  }
  std::string_view CategoryOf(std::string_view path) const override {
    return path.starts_with("ads/") ? "ads" : "";
  }
  std::string MediaPath(std::string_view path) const override { return std::string(path); }

  Result<account::FileCounts> ReadData(services::DataFile& file,
                                       account::RecordSink& sink) const override {
    account::FileCounts counts;
    const auto whole = file.Whole();
    if (!whole.has_value() && whole.error().code == ErrorCode::kCorrupt) {
      sink.Report({"damaged_file", std::string(file.path()), whole.error().message});
      return counts;
    }
    if (!whole.has_value()) return std::unexpected(whole.error());
    std::string_view text = *whole;
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size());
      RETURN_IF_ERROR(ReadLine(text.substr(0, end), counts, sink));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return counts;
  }

 private:
  static Status ReadLine(std::string_view line, account::FileCounts& counts,
                         account::RecordSink& sink) {
    if (line.starts_with("@")) {
      account::Profile profile;
      profile.username = line.substr(1);
      profile.provenance = {{.index = static_cast<uint32_t>(counts.seen++)}};
      ++counts.understood;
      return sink.Put(profile);
    }
    account::Post post;
    int64_t seconds = 0;
    const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), seconds);
    post.provenance = {{.index = static_cast<uint32_t>(counts.seen++)}};
    if (error != std::errc{}) {
      sink.Report({"not_understood", "", "a line without a time"});
      return {};
    }
    post.time = FromSeconds(seconds);
    post.form = "post";
    std::string_view text(rest, static_cast<size_t>(line.data() + line.size() - rest));
    if (const size_t media = text.find(" media/"); media != std::string_view::npos) {
      post.media.push_back({.path = std::string(text.substr(media + 1))});
      text = text.substr(0, media);
    }
    post.text = text.empty() ? "" : text.substr(1);
    ++counts.understood;
    return sink.Put(post);
  }
};

class NotesSource final : public services::Source {
 public:
  std::string_view service() const override { return "notes"; }
  int Recognize(const services::Listing& listing) const override {
    for (const auto& entry : listing.entries) {
      if (entry.path.contains("data/") || entry.path.contains("media/")) return 50;
    }
    return 0;
  }
  std::optional<Error> Refuse(const services::Listing& listing) const override {
    for (const auto& entry : listing.entries) {
      if (entry.path.contains("diary/")) {
        return Error{ErrorCode::kUnsupported, "this is a diary, not notes"};
      }
    }
    return std::nullopt;
  }
  Result<std::unique_ptr<services::ArchiveReading>> Begin(const services::Listing&,
                                                          const zip::Archive&) const override {
    return std::make_unique<NotesReading>();
  }
};

}  // namespace valise::imports
