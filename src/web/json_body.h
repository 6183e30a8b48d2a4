// The JSON object that a request brings, read member by member.
//
// Thread safety: belongs to one thread. Unknown members are ignored, so that newer pages work with
// an older server.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/message.h"

namespace valise::web {

class JsonBody {
 public:
  // Errors: kUnsupported (Content-Type), kInvalidArgument (not a JSON object).
  static Result<JsonBody> Parse(const http::Request& request);
  ~JsonBody();
  JsonBody(JsonBody&&) noexcept;
  JsonBody& operator=(JsonBody&&) noexcept;

  // Errors of all: kInvalidArgument (absent or of another type; names the member).
  Result<std::string> String(std::string_view name) const;
  // nullopt when absent or null.
  Result<std::optional<std::string>> OptionalString(std::string_view name) const;
  Result<std::optional<std::vector<std::string>>> OptionalStrings(std::string_view name) const;
  // False when absent or null.
  Result<bool> OptionalBool(std::string_view name) const;
  Result<std::optional<Timestamp>> OptionalTime(std::string_view name) const;

 private:
  struct State;
  explicit JsonBody(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace valise::web
