// Hand-off tokens come from anybody: any text, and any header and claims inside a well-formed one.
#include <cstdint>
#include <string>

#include "auth/hand_off_token.h"
#include "auth/test_service.h"
#include "base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using valise::auth::HandOffToken;
  static const valise::auth::TestService service;
  static const std::string key = service.public_key();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto token = HandOffToken::Parse(text)) CHECK(!token->Verify(key));

  const size_t half = text.find('\n');
  if (half == std::string_view::npos) return 0;
  const auto token = HandOffToken::Parse(service.Sign(text.substr(0, half), text.substr(half + 1)));
  if (!token.has_value()) return 0;
  CHECK(token->Verify(key));
  CHECK(token->next.empty() || valise::auth::IsSafeNext(token->next));
  static_cast<void>(token->CheckTimes(token->issued));
  return 0;
}
