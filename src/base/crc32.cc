#include "base/crc32.h"

#include <libdeflate.h>
#include <zlib.h>

namespace valise {

uint32_t Crc32(uint32_t crc, Bytes bytes) {
  return libdeflate_crc32(crc, bytes.data(), bytes.size());
}

uint32_t Crc32Combine(uint32_t crc_a, uint32_t crc_b, uint64_t length_b) {
  return static_cast<uint32_t>(crc32_combine64(crc_a, crc_b, static_cast<off_t>(length_b)));
}

}  // namespace valise
