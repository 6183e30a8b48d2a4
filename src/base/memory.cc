#include "base/memory.h"

#include <malloc.h>

namespace valise {
namespace {

// Buffers up to here come from the heap; larger ones go back to the system at once, for they would
// break the heap up.
constexpr int kMappedBuffer = 4 << 20;
// Free memory that stays at the end of the heap.
constexpr int kKeptFree = 32 << 20;

}  // namespace

void KeepFreedMemory() {
  mallopt(M_MMAP_THRESHOLD, kMappedBuffer);
  mallopt(M_TRIM_THRESHOLD, kKeptFree);
}

}  // namespace valise
