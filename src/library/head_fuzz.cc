// Heads and media lists from outside: whatever comes, an error or a head that is written as it was
// read.
#include <cstdlib>

#include "library/document.h"
#include "library/head.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace library = valise::library;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto head = library::ParseHead(text)) {
    const auto again = library::ParseHead(library::ToJson(*head));
    if (!again || *again != *head) std::abort();
  }
  if (const auto rows = library::ParseMediumRows(text)) {
    for (const library::MediumRow& row : *rows) {
      const auto again = library::ParseMediumRows("[" + library::ToJson(row) + "]");
      if (!again || again->at(0) != row) std::abort();
    }
  }
  const auto lines =
      library::ForEachLine(text, [](std::string_view, uint64_t) { return valise::Status{}; });
  if (lines && !text.starts_with("[\n")) std::abort();
  return 0;
}
