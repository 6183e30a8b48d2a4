// How the process gets memory from the system.
//
// Thread safety: call it once, before threads start.
#pragma once

namespace valise {

// Keeps memory that was freed for what is needed next, instead of giving it back and asking anew:
// glibc's defaults cost a page fault for every 4 KiB of a large buffer each time, which made an
// import of a million messages twice as slow and the writing of invented photos five times.
void KeepFreedMemory();

}  // namespace valise
