#include "services/instagram/thread_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "account/fold.h"
#include "services/instagram/thread_id.h"

namespace valise::services::instagram {
namespace {

constexpr size_t kMaxSlug = 32;
constexpr size_t kMaxId = 64;
constexpr size_t kKeyDigits = 16;

bool IsSafe(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool IsSafeId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxId && std::ranges::all_of(id, IsSafe);
}

// "annlee" of "Ann Lee": as Instagram does it.
std::string SlugOf(std::string_view title) {
  std::string slug;
  for (const char c : account::Fold(title)) {
    if (slug.size() < kMaxSlug && IsSafe(c) && c != '_') slug += c;
  }
  return slug;
}

// A name of which readers take `id`; empty: there is none.
std::string WithId(const std::string& slug, std::string_view id) {
  if (!IsSafeId(id)) return {};
  std::string name = slug.empty() ? std::string(id) : fmt::format("{}_{}", slug, id);
  if (ThreadId(name) == id) return name;
  return ThreadId(id) == id ? std::string(id) : std::string();
}

std::string_view EvidenceOf(const account::Conversation& conversation, std::string_view prefix) {
  for (const std::string_view evidence : conversation.evidence) {
    if (evidence.starts_with(prefix)) return evidence.substr(prefix.size());
  }
  return {};
}

// Twenty digits of the key.
std::string DigitsOf(std::string_view key) {
  uint64_t number = 0;
  const std::string_view hex = key.substr(0, kKeyDigits);
  std::from_chars(hex.data(), hex.data() + hex.size(), number, 16);
  return fmt::format("{:020}", number);
}

std::string SectionOf(std::string_view folder) {
  if (folder == "requests") return "message_requests";
  if (folder == "archived") return "archived_threads";
  const bool safe = IsSafeId(folder) && folder != "photos" && folder != "stickers_used";
  return safe ? std::string(folder) : "inbox";
}

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

}  // namespace

ThreadName ThreadNames::NameOf(std::string_view key, const account::Conversation& conversation) {
  ThreadName name{.section = SectionOf(conversation.folder), .folder = {}, .thread_path = {}};
  const std::string slug = SlugOf(conversation.title);
  const std::string_view id = EvidenceOf(conversation, "folder:");
  name.folder = WithId(slug, id);
  if (name.folder.empty() || !taken_.insert(Lower(name.folder)).second) {
    name.folder = WithId(slug, DigitsOf(key));
    taken_.insert(Lower(name.folder));
  }
  const std::string_view thread = EvidenceOf(conversation, "thread:");
  std::string path = WithId(slug, thread);
  // An id that was never told is not made up.
  if (path.empty() && id.empty()) path = name.folder;
  if (!path.empty()) name.thread_path = fmt::format("{}/{}", name.section, path);
  return name;
}

}  // namespace valise::services::instagram
