// Names that every system, BagIt tool and unzipper accepts (docs/formats/portable.md, Names).
//
// Thread safety: pure functions; a PlaceMaker belongs to one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace valise::bundle {

// The top folder of a bundle: "<user name>-<YYYY-MM-DD>".
std::string TopFolder(std::string_view username, std::string_view date);

// Is this relative path safe as it is? UTF-8, at most 200 bytes, no `%`, control characters, `\ : *
// ? " < > |`, no segment that is empty, ".", "..", ends in a dot or a space, or is a device of
// Windows.
bool IsSafePath(std::string_view path);

// Gives each received file a place of its own: its path, or "_/<number>.<extension>".
class PlaceMaker {
 public:
  std::string PlaceOf(std::string_view path, uint32_t number);

 private:
  bool Take(std::string_view path);

  std::unordered_set<std::string> files_;    // folded
  std::unordered_set<std::string> folders_;  // folded
};

}  // namespace valise::bundle
