// Reconcile: does Valise hold the same as the site? Counts and digests by kind and month, both
// sides.
//
// Thread safety: one thread; the site may go on meanwhile, but then the two may differ for a
// moment.
#pragma once

#include <string>
#include <vector>

#include "actions.h"
#include "ingest_client.h"

namespace valise::host {

struct Difference {
  std::string account;
  std::string here, there;  // "kind month count digest"; empty: that side has none
};
// Errors: kUnavailable, and what Valise says.
Result<std::vector<Difference>> Reconcile(Database& database, Actions& actions, Outbox& outbox,
                                          IngestClient& client);

}  // namespace valise::host
