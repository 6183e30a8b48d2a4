// A record at hand while a document is woven, of the library or of the import.
//
// Internal to the room. Thread safety: a plain value. Lifetime: `line` points into the document.
#pragma once

#include <string_view>

#include "account/records.h"

namespace valise::library {

struct Strand {
  account::Record record;
  std::string_view line;  // as it is in the document; empty when it has to be written anew
  bool paired = false;    // an incoming one found it
};

}  // namespace valise::library
