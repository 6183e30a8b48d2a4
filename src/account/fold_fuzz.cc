// Fold of any bytes is valid UTF-8, and so is every token.
#include "account/fold.h"
#include "base/result.h"
#include "base/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string once = valise::account::Fold(text);
  CHECK(valise::IsUtf8(once));
  for (const std::string& token : valise::account::Tokens(text)) {
    CHECK(!token.empty());
    CHECK(valise::IsUtf8(token));
  }
  return 0;
}
