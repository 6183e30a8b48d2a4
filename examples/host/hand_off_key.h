// The site's key for handing members over to Valise (its docs/formats/hand-off.md).
//
// Thread safety: immutable once made.
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"
#include "base/random.h"
#include "base/secret.h"
#include "base/time.h"

namespace valise::host {

class HandOffKey {
 public:
  // Reads the key, or makes one (a file that only its owner reads).
  static Result<HandOffKey> LoadOrMake(const fs::path& path, Random& random);

  // 32 bytes in base64: what is registered at Valise.
  std::string public_key() const;
  struct Claims {
    std::string_view issuer;    // the site's name there
    std::string_view subject;   // the member's account, as Valise was told it
    std::string_view audience;  // Valise's address
    std::string_view id;        // never used before
    std::string_view next;      // where to go there
    Timestamp now{};
  };
  // A token for the next minute.
  std::string Token(const Claims& claims) const;

 private:
  explicit HandOffKey(Secret<std::string> seed) : seed_(std::move(seed)) {}
  Secret<std::string> seed_;
};

}  // namespace valise::host
