// What tells that two conversations are the same: the id at the end of the folder's name, and of
// the thread path.
//
// People rename themselves and folders follow ("ann_1784…" becomes "anna_1784…"); the id stays.
// Thread safety: pure functions.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace valise::services::instagram {

// The id in "ann_17842…" or "ann_osatf9tyla": the last part, when it is at least 5 digits or 10
// letters and digits; else the whole name, so that names without an id do not fall together.
inline std::string_view ThreadId(std::string_view name) {
  const size_t underscore = name.rfind('_');
  const std::string_view last =
      underscore == std::string_view::npos ? name : name.substr(underscore + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const bool digits = last.size() >= 5 && std::ranges::all_of(last, is_digit);
  const bool mixed = last.size() >= 10 &&
                     std::ranges::all_of(last, [&](char c) { return is_digit(c) || is_letter(c); });
  return digits || mixed ? last : name;
}

// "folder:<id>" of messages/inbox/<folder>/message_1.json. REQUIRES: such a path.
inline std::string FolderEvidence(std::string_view path) {
  const std::string_view folder = path.substr(0, path.rfind('/'));
  return "folder:" + std::string(ThreadId(folder.substr(folder.rfind('/') + 1)));
}

// "thread:<id>" of "inbox/ann_osatf9tyla"; empty for an empty path.
inline std::string ThreadEvidence(std::string_view thread_path) {
  if (thread_path.empty()) return {};
  const size_t slash = thread_path.rfind('/');
  const std::string_view last =
      slash == std::string_view::npos ? thread_path : thread_path.substr(slash + 1);
  return "thread:" + std::string(ThreadId(last));
}

}  // namespace valise::services::instagram
