#include "web/seals.h"

#include <algorithm>

#include "base/log.h"
#include "web/site.h"

namespace valise::web {
namespace {

// When the account is busy.
constexpr std::chrono::milliseconds kTryAgain{1'000};

}  // namespace

Status Seals::Ask(std::string_view account_id) {
  return ports_.queue.Put({.kind = std::string(kJob),
                           .subject = std::string(account_id),
                           .due = ports_.clock.Now() + kQuiet});
}

Status Seals::AskForAll() {
  ASSIGN_OR_RETURN(const std::vector<std::string> waiting, ports_.lives.Waiting());
  for (const std::string& account_id : waiting) RETURN_IF_ERROR(Ask(account_id));
  return {};
}

Status Seals::SealNow(std::string_view account_id, std::chrono::milliseconds wait) {
  ASSIGN_OR_RETURN(const auto live, ports_.lives.Get(account_id));
  if (live->IsEmpty()) return {};
  ASSIGN_OR_RETURN(const auto library, ports_.libraries.Open(account_id));
  library::Live::SealOptions options{.on_erase = {}, .wait = wait};
  if (ports_.on_erase) {
    options.on_erase = [&](const library::Erased& erased) {
      return ports_.on_erase(account_id, erased);
    };
  }
  ASSIGN_OR_RETURN(const library::Live::Sealed sealed, live->Seal(*library, options));
  if (!sealed.head) return {};
  log::Info("event=sealed account={} added={} changed={} removed={} refused={}", account_id,
            sealed.added, sealed.changed, sealed.removed, sealed.refused);
  return ports_.queue.Put({.kind = std::string(kIndexJob),
                           .subject = std::string(account_id),
                           .due = ports_.clock.Now()});
}

jobs::Outcome Seals::Run(const jobs::Job& job) {
  using Next = jobs::Outcome::Next;
  const auto failed = [](const Error& error) {
    return jobs::Outcome{.next = Next::kRetry, .due = {}, .error = error.message};
  };
  const auto live = ports_.lives.Get(job.subject);
  if (!live) return failed(live.error());
  const auto oldest = (*live)->oldest();
  const auto newest = (*live)->newest();
  if (!oldest || !newest) return {};
  const Timestamp now = ports_.clock.Now();
  const Timestamp due = std::min(*newest + kQuiet, *oldest + kLongest);
  if (now < due) return {.next = Next::kLater, .due = due, .error = {}};
  const Status sealed = SealNow(job.subject, std::chrono::milliseconds{0});
  if (sealed.has_value()) return {};
  switch (sealed.error().code) {
    case ErrorCode::kNotFound:  // the account was erased
      return {};
    case ErrorCode::kConflict:
      return {.next = Next::kLater, .due = now + kTryAgain, .error = {}};
    default:
      return failed(sealed.error());
  }
}

}  // namespace valise::web
