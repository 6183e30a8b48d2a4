// ZIPs over 4 GiB that were written without ZIP64, as macOS does: offsets and sizes are there
// modulo 2^32. They are told again from where entries lie, one behind the other
// (docs/formats/zip-reading.md).
//
// Thread safety: belongs to one thread. Lifetime: borrows file and place.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "zip/central_directory.h"

namespace valise::zip {

// What writers take modulo.
inline constexpr uint64_t kWrap = 1ull << 32;

// Goes through headers in order and visits them with the offsets and sizes that they must have had.
// Only places that the directory names modulo 2^32 are looked at; nothing is searched for.
class Unwrapper {
 public:
  using Visit = std::function<Status(const CentralHeader&)>;
  Unwrapper(const File& file, const DirectoryPlace& place, Visit visit)
      : file_(file), place_(place), visit_(std::move(visit)) {}

  // The header before it is visited. Errors: kUnsupported (entries do not lie in the order of the
  // directory, so nothing can be told), kUnavailable; those of the visitor.
  Status Take(const CentralHeader& header);
  // The last one is visited.
  Status Finish();

 private:
  struct Waiting {
    CentralHeader header;
    std::string name, extra;  // what the header borrows
    uint64_t data = 0;        // where its data begin
  };
  Result<Waiting> Find(const CentralHeader& header, uint64_t from) const;
  Status VisitUpTo(uint64_t end);

  const File& file_;
  const DirectoryPlace& place_;
  const Visit visit_;
  std::optional<Waiting> waiting_;
};

}  // namespace valise::zip
