// A segment of the live journal that a disk damaged: frames are read or end it, never more.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "library/live_journal.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  (void)valise::library::ParseFrame(payload);
  return 0;
}
