// Checks the blobs that a crash of the machine may have damaged.
//
// Thread safety: nobody else may change the library meanwhile (its lock).
#pragma once

#include "library/library.h"

namespace valise::library {

// Reads and hashes every blob that the current head does not name, and deletes those that are not
// what their name says. Errors: kUnavailable, kCorrupt (the head).
Status DeleteDamagedBlobs(Library& library);

}  // namespace valise::library
