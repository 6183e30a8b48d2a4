// Under which paths the imports of an account have media: what a record means by a path that its
// own archive did not hold (docs/formats/merging.md, "Parts").
//
// Thread safety: Find() from any thread once Sort() was called. Memory: 64 bytes a medium and
// import.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "account/import_row.h"
#include "base/digest.h"
#include "base/time.h"
#include "library/import_run.h"

namespace valise::library {

class MediaPaths {
 public:
  // `path_of` unifies paths, those of files as those that records name.
  explicit MediaPaths(MediaPathOf path_of) : path_of_(std::move(path_of)) {}

  // The media of an import, and where it had what was forgotten.
  void Add(const account::ImportInfo& info, const account::OriginalFile& file);
  // After the last Add().
  void Sort();
  bool empty() const { return places_.empty(); }

  // A path as it is compared: as it is unified, and without what systems confuse
  // (account/loose_path.h).
  struct Path {
    explicit Path(std::string_view unified);
    Path(const Key& exact_key, const Key& loose_key) : exact(exact_key), loose(loose_key) {}
    Key exact, loose;
  };

  struct Found {
    std::optional<Digest> digest;  // none: it is forgotten
  };
  // What stands under `path`, else under the only other that is loosely equal; of several contents
  // that of the archive whose date is nearest to `date`, whatever the order of imports. nullopt:
  // nothing.
  std::optional<Found> Find(std::string_view path, Timestamp date) const;
  // Whether anything does.
  bool Has(const Path& path) const { return Resolve(path).has_value(); }

 private:
  struct Place {
    Key path;
    bool is_forgotten = false;
    Timestamp date{};  // of the archive
    Digest digest;
  };
  struct Loose {
    Key loose, path;
    auto operator<=>(const Loose&) const = default;
  };
  // The exact path that is meant.
  std::optional<Key> Resolve(const Path& path) const;
  bool HasExact(const Key& path) const;

  MediaPathOf path_of_;
  std::vector<Place> places_;
  std::vector<Loose> loose_;  // of paths that are not their own loose form
};

}  // namespace valise::library
