// What the blobs of an account are for: every blob that a head names, with its name there.
//
// Unlike AddReached() it goes on when a list cannot be read. Thread safety: pure functions.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "library/library.h"

namespace valise::library {

struct BlobUse {
  enum class What : uint8_t {
    kHead,
    kDocument,
    kList,
    kMedium,
    kOriginal,  // a received file
    kWaiting,   // a medium of a live record that is not sealed yet
    kPinned,    // of an older snapshot, which a download holds
  } what{};
  std::string name;    // of the document or list, the medium's dated name, the received path
  std::string import;  // of an original: the import's id
  bool operator==(const BlobUse&) const = default;
};
// "document", "original", …: stable, for JSON.
std::string_view BlobUseName(BlobUse::What what);

using OnBlob = std::function<void(const Digest& digest, BlobUse use)>;

// Calls `visit` for the head itself and everything it names, in the order of the head; a blob with
// several names comes several times. Returns the names of lists that could not be read: what they
// name was not visited. Errors: kUnavailable.
Result<std::vector<std::string>> ForEachName(const Library& library, const Digest& digest,
                                             const Head& head, const OnBlob& visit);

}  // namespace valise::library
