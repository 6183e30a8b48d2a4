// Reconciliation: what this side holds of what a service put, in a form that is quick to compare
// (docs/formats/ingest.md).
//
// Thread safety: pure functions of a snapshot. Cost: every document is read once; memory some 50
// bytes a record.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "library/library.h"

namespace valise::ingest {

struct MonthSum {
  std::string month;  // "2026-11"; "" for records without a time
  uint64_t count = 0;
  Digest digest;  // SHA-256 of the sorted lines "<id> <version>\n"
};
struct KindSum {
  account::Kind kind{};
  std::vector<MonthSum> months;  // by month
};
struct Reconciliation {
  Timestamp as_of{};
  std::vector<KindSum> kinds;  // in the order of Kind; those that have records
  uint64_t missing_blobs = 0;  // media that records name by digest and that are not here
};

// Of the current snapshot. Errors: kCorrupt, kUnavailable.
Result<Reconciliation> Reconcile(const library::Library& library);

}  // namespace valise::ingest
