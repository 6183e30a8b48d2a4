#include "services/instagram/instagram_format.h"

#include <fmt/format.h>

#include <unordered_set>

#include "services/instagram/archive_writer.h"

namespace valise::services::instagram {
namespace {

constexpr std::string_view kSign =
    "personal_information/personal_information/instagram_profile_information.json";
constexpr size_t kMaxUserName = 64;

std::string SafeName(std::string_view username) {
  std::string name;
  for (char c : username.substr(0, kMaxUserName)) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    const bool safe = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    name += safe ? c : '_';
  }
  return name.empty() ? "account" : name;
}

std::string FileName(const bundle::Account& account, std::string_view day) {
  return fmt::format("instagram-{}-{}-{}.zip", SafeName(account.head.username), day,
                     account.head_digest.Hex().substr(0, 8));
}

// Which of the missing media came, and could not be read.
Status CountDamaged(ArchiveWriter& archive) {
  bundle::PlanSummary& summary = archive.summary;
  summary.missing = archive.left_out.count(Reason::kMissingMedia);
  if (summary.missing == 0) return {};
  ASSIGN_OR_RETURN(const auto broken, archive.reader.BrokenPaths());
  const std::unordered_set<std::string_view> paths(broken.begin(), broken.end());
  for (const std::string& path : archive.left_out.missing()) {
    summary.damaged += paths.contains(path) ? 1 : 0;
  }
  return {};
}

}  // namespace

Result<bundle::PlanSummary> InstagramFormat::Plan(const bundle::Account& account,
                                                  const bundle::Selection& selection,
                                                  bundle::PlanWriter& writer,
                                                  const bag::SigningKey*) const {
  const bundle::AccountReader reader(account, selection);
  ASSIGN_OR_RETURN(MediaBook media, MediaBook::Read(reader));
  ArchiveWriter archive{.reader = reader,
                        .plan = writer,
                        .media = std::move(media),
                        .left_out = {},
                        .summary = {},
                        .time_s = ToSeconds(account.head.time)};
  const std::string day =
      FormatTime(account.head.time).substr(0, std::string_view("YYYY-MM-DD").size());
  archive.summary.file_name = FileName(account, day);

  // A small plain file first: some browsers open what they download.
  RETURN_IF_ERROR(AddFile(archive, kSign, "{\"profile_account_insights\":[]}"));
  RETURN_IF_ERROR(WritePosts(archive));
  RETURN_IF_ERROR(WriteStories(archive));
  RETURN_IF_ERROR(WriteProfile(archive));
  RETURN_IF_ERROR(WriteComments(archive));
  RETURN_IF_ERROR(WriteLikes(archive));
  RETURN_IF_ERROR(WriteSaved(archive));
  RETURN_IF_ERROR(WriteConnections(archive));
  RETURN_IF_ERROR(WriteConversations(archive));
  RETURN_IF_ERROR(
      archive.media.AddTo(writer, selection.IsComplete(), archive.time_s, archive.summary));

  archive.left_out.Add(Reason::kActivities, reader.Count(account::Kind::kActivity));
  ASSIGN_OR_RETURN(const uint64_t originals, reader.UnreadCount());
  archive.left_out.Add(Reason::kOriginals, originals);
  RETURN_IF_ERROR(CountDamaged(archive));
  archive.summary.issues = archive.left_out.total();
  RETURN_IF_ERROR(
      AddFile(archive, "README.txt", archive.left_out.ReadMe(account.head.username, day)));
  RETURN_IF_ERROR(writer.Finish(archive.summary.file_name));
  return archive.summary;
}

}  // namespace valise::services::instagram
