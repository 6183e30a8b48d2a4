// The small files of a bundle that somebody changed: refused or read, never more.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "services/valise/account_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)valise::services::own::ParseAccountFile(text);
  (void)valise::services::own::ParseRenamed(text);
  return 0;
}
