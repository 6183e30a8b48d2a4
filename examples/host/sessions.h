// Sessions: who is signed in, by a cookie whose SHA-256 is kept.
//
// Thread safety: every method from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"
#include "database.h"

namespace valise::host {

class Sessions {
 public:
  Sessions(Database& database, const Clock& clock, Random& random)
      : database_(database), clock_(clock), random_(random) {}

  // The cookie's value.
  Result<std::string> Begin(int64_t member);
  Result<std::optional<int64_t>> Find(std::string_view token) const;
  Status End(std::string_view token);
  // What forms of this session bring back: nobody else's page knows it.
  static std::string CsrfOf(std::string_view token);

 private:
  Database& database_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace valise::host
