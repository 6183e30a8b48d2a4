#include "account/record_sink.h"

namespace valise::account {

std::string_view FateName(Fate fate) {
  switch (fate) {
    case Fate::kParsed:
      return "parsed";
    case Fate::kMedium:
      return "medium";
    case Fate::kKept:
      return "kept";
    case Fate::kDuplicate:
      return "duplicate";
    case Fate::kJunk:
      return "junk";
    case Fate::kBroken:
      return "broken";
    case Fate::kRedacted:
      return "redacted";
  }
  return "";
}

}  // namespace valise::account
