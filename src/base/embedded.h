// Files that are linked into the binary (web pages, the viewer, schemas), so that one binary is
// enough to run Valise.
//
// A room declares `std::span<const EmbeddedFile> AppFiles();` and calls embed_files() in its
// CMakeLists.txt (cmake/Embed.cmake), which defines it. Thread safety: immutable. Lifetime: paths
// and contents live as long as the program.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

namespace valise {

struct EmbeddedFile {
  std::string_view path;     // relative, with '/'; for example "assets/app.js"
  std::string_view content;  // the bytes as they are, followed by a NUL that is not counted
};

// Returns the file at `path`, or nullptr. `files` is sorted by path, as embed_files() makes it.
inline const EmbeddedFile* FindEmbedded(std::span<const EmbeddedFile> files,
                                        std::string_view path) {
  const auto at = std::ranges::lower_bound(files, path, {}, &EmbeddedFile::path);
  return at != files.end() && at->path == path ? &*at : nullptr;
}

}  // namespace valise
