#include "base/crc32.h"

#include <isa-l/crc.h>
#include <zlib.h>

namespace valise {

uint32_t Crc32(uint32_t crc, Bytes bytes) {
  // Four times as quick as libdeflate's where there is AVX-512, which is what checking a bundle
  // waits for beside SHA-256.
  return crc32_gzip_refl(crc, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

uint32_t Crc32Combine(uint32_t crc_a, uint32_t crc_b, uint64_t length_b) {
  return static_cast<uint32_t>(crc32_combine64(crc_a, crc_b, static_cast<off_t>(length_b)));
}

}  // namespace valise
