#include "requests/eraser.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/log.h"

namespace valise::requests {
namespace {

constexpr sql::Migration kMigrations[] = {
    {1,
     "CREATE TABLE erasure (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, what TEXT NOT NULL,"
     " erased TEXT NOT NULL, created_ms BIGINT NOT NULL);"
     "CREATE INDEX erasure_account ON erasure (account_id);"},
};

// The order is carried out at once by who gave it; its job is for when that one is gone.
constexpr std::chrono::seconds kJobAfter{30};
constexpr std::chrono::seconds kAgainAfter{2};
constexpr std::chrono::milliseconds kLookAgain{50};

constexpr std::string_view kByService = "by service";

// ---- the words of the table: one a line (docs/formats/desk.md) ----

template <typename Names>
void Write(std::string& to, std::string_view word, const Names& names) {
  std::vector<std::string> lines;
  for (const auto& name : names) lines.push_back(fmt::format("{} {}\n", word, name.Hex()));
  std::ranges::sort(lines);
  for (const std::string& line : lines) to += line;
}

std::string ToText(const library::ToForget& what) {
  std::string text;
  Write(text, "record", what.records);
  Write(text, "medium", what.media);
  Write(text, "conversation", what.conversations);
  if (what.by == library::Tombstone::By::kService) text += fmt::format("{}\n", kByService);
  return text;
}

std::string ToText(const library::Erased& erased) {
  std::string text;
  Write(text, "key", erased.keys);
  Write(text, "digest", erased.digests);
  return text;
}

Status ForEachWord(
    std::string_view text,
    const std::function<Status(std::string_view word, std::string_view hex)>& visit) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t space = std::min(line.find(' '), line.size());
    RETURN_IF_ERROR(visit(line.substr(0, space), line.substr(std::min(space + 1, line.size()))));
  }
  return {};
}

std::unexpected<Error> NotOurs() {
  return Fail(ErrorCode::kCorrupt, "an order to forget at the desk is damaged");
}

template <typename Name, typename Names>
Status Take(std::string_view hex, Names& to) {
  const auto name = Name::Parse(hex);
  if (!name) return NotOurs();
  to.insert(to.end(), *name);
  return {};
}

Result<library::ToForget> ParseWhat(std::string_view text) {
  library::ToForget what;
  RETURN_IF_ERROR(ForEachWord(text, [&](std::string_view word, std::string_view rest) -> Status {
    if (word == "record") return Take<Key>(rest, what.records);
    if (word == "medium") return Take<Digest>(rest, what.media);
    if (word == "conversation") return Take<Key>(rest, what.conversations);
    if (word != "by" || rest != "service") return NotOurs();
    what.by = library::Tombstone::By::kService;
    return {};
  }));
  return what;
}

Result<library::Erased> ParseErased(std::string_view text) {
  library::Erased erased;
  RETURN_IF_ERROR(ForEachWord(text, [&](std::string_view word, std::string_view rest) -> Status {
    if (word == "key") return Take<Key>(rest, erased.keys);
    if (word == "digest") return Take<Digest>(rest, erased.digests);
    return NotOurs();
  }));
  return erased;
}

void Unite(library::Erased& into, const library::Erased& from) {
  into.keys.insert(from.keys.begin(), from.keys.end());
  into.digests.insert(from.digests.begin(), from.digests.end());
}

}  // namespace

Result<std::unique_ptr<Eraser>> Eraser::Open(const Ports& ports, Options options) {
  RETURN_IF_ERROR(ports.database.Migrate("erasure", kMigrations));
  return std::unique_ptr<Eraser>(new Eraser(ports, std::move(options)));
}

Status Eraser::Keep(const Row& order, Timestamp due) {
  const Status kept = ports_.database.InTransaction([&]() -> Status {
    ASSIGN_OR_RETURN(const auto known, ports_.database.Query("SELECT 1 FROM erasure WHERE id = ?",
                                                             sql::Args(order.id)));
    if (known.empty()) {
      RETURN_IF_ERROR(ports_.database.Execute(
          "INSERT INTO erasure (id, account_id, what, erased, created_ms) VALUES (?, ?, ?, ?, ?)",
          sql::Args(order.id, order.account_id, ToText(order.what), ToText(order.erased),
                    ToMillis(ports_.clock.Now()))));
    }
    return ports_.queue.Put({.kind = std::string(kJob), .subject = order.id, .due = due});
  });
  ports_.queue.Wake();
  return kept;
}

Result<Eraser::Row> Eraser::Load(std::string_view id) const {
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query(
                       "SELECT account_id, what, erased FROM erasure WHERE id = ?", sql::Args(id)));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, "there is no such order to forget");
  Row order{.id = std::string(id), .account_id = rows[0].Text(0), .what = {}, .erased = {}};
  ASSIGN_OR_RETURN(order.what, ParseWhat(rows[0].Text(1)));
  ASSIGN_OR_RETURN(order.erased, ParseErased(rows[0].Text(2)));
  return order;
}

Result<bool> Eraser::Waits(std::string_view order) const {
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query("SELECT 1 FROM erasure WHERE id = ?", sql::Args(order)));
  return !rows.empty();
}

Status Eraser::Drop(const Row& order) {
  RETURN_IF_ERROR(ports_.database.Execute("DELETE FROM erasure WHERE id = ?", sql::Args(order.id)));
  return ports_.queue.Remove(kJob, order.id);
}

// Every step may be done again. The order of steps is what keeps forgotten things from being
// served.
Status Eraser::CarryOut(const Row& order, std::vector<std::string>& cancelled) {
  const auto cancel = [&](const library::Erased& erased) -> Status {
    ASSIGN_OR_RETURN(auto some, ports_.requests.CancelHolding(order.account_id, erased));
    std::ranges::move(some, std::back_inserter(cancelled));
    return {};
  };
  RETURN_IF_ERROR(cancel(order.erased));
  ASSIGN_OR_RETURN(const auto library,
                   library::Library::Open(ports_.accounts, options_.data, order.account_id));
  library::Erased erased = order.erased;
  if (!order.what.empty()) {
    if (options_.seal) RETURN_IF_ERROR(options_.seal(order.account_id));
    ASSIGN_OR_RETURN(const library::EraseReport report,
                     library::Erase(*library, order.what, ports_.clock));
    Unite(erased, report.erased);
  }
  // Requests that took their snapshot since, and what only came to light now.
  RETURN_IF_ERROR(cancel(erased));
  ASSIGN_OR_RETURN(const library::SweepRoots roots, ports_.requests.Roots(order.account_id));
  ASSIGN_OR_RETURN(const library::SweepReport swept,
                   library::Sweep(*library, roots, erased, ports_.blob_clock));
  if (options_.reindex) RETURN_IF_ERROR(options_.reindex(order.account_id));
  RETURN_IF_ERROR(Drop(order));
  log::Info("event=erased account={} cancelled={} blobs={}", order.account_id, cancelled.size(),
            swept.blobs);
  return {};
}

Result<Eraser::Row> Eraser::Look(std::string_view account_id, const library::ToForget& what,
                                 library::EraseReport& report) {
  ASSIGN_OR_RETURN(const auto library,
                   library::Library::Open(ports_.accounts, options_.data, account_id));
  ASSIGN_OR_RETURN(report, library::Look(*library, what));
  return Row{.id = ports_.random.HexToken(8),
             .account_id = std::string(account_id),
             .what = what,
             .erased = report.erased};
}

Result<Eraser::Done> Eraser::Order(std::string_view account_id, const library::ToForget& what) {
  Done done;
  ASSIGN_OR_RETURN(const Row row, Look(account_id, what, done.report));
  done.order = row.id;
  RETURN_IF_ERROR(Keep(row, ports_.clock.Now()));
  return done;
}

Result<Eraser::Done> Eraser::Forget(std::string_view account_id, const library::ToForget& what) {
  Done all;
  ASSIGN_OR_RETURN(const Row row, Look(account_id, what, all.report));
  all.order = row.id;
  RETURN_IF_ERROR(Keep(row, ports_.clock.Now() + kJobAfter));
  for (std::chrono::milliseconds waited{0};; waited += kLookAgain) {
    // What goes was told by the look: a second try finds less.
    const Status done = CarryOut(row, all.cancelled);
    if (done) {
      all.is_done = true;
      return all;
    }
    if (done.error().code != ErrorCode::kConflict) return std::unexpected(done.error());
    if (waited >= options_.patience) break;
    std::this_thread::sleep_for(kLookAgain);
  }
  RETURN_IF_ERROR(Keep(row, ports_.clock.Now() + kAgainAfter));
  return all;
}

Status Eraser::OnErase(std::string_view account_id, const library::Erased& erased) {
  Row order{.id = {}, .account_id = std::string(account_id), .what = {}, .erased = erased};
  // Told twice, before and after: the same order.
  order.id = Key::Of(fmt::format("{}\n{}", account_id, ToText(erased))).Hex();
  RETURN_IF_ERROR(Keep(order, ports_.clock.Now() + kAgainAfter));
  RETURN_IF_ERROR(ports_.requests.CancelHolding(account_id, erased));
  return {};
}

jobs::Outcome Eraser::Run(const jobs::Job& job) {
  using Next = jobs::Outcome::Next;
  const auto order = Load(job.subject);
  if (!order) {
    if (order.error().code == ErrorCode::kNotFound) return {};
    return {.next = Next::kRetry, .due = {}, .error = order.error().message};
  }
  std::vector<std::string> cancelled;
  const Status done = CarryOut(*order, cancelled);
  if (done) return {};
  if (done.error().code == ErrorCode::kNotFound) {  // the account is gone, and everything with it
    const Status dropped = Drop(*order);
    if (dropped) return {};
    return {.next = Next::kRetry, .due = {}, .error = dropped.error().message};
  }
  if (done.error().code == ErrorCode::kConflict) {
    return {.next = Next::kLater, .due = ports_.clock.Now() + kAgainAfter, .error = {}};
  }
  return {.next = Next::kRetry, .due = {}, .error = done.error().message};
}

Status Eraser::ResumeAll() {
  ASSIGN_OR_RETURN(const auto rows, ports_.database.Query("SELECT id FROM erasure", {}));
  for (const sql::Row& row : rows) {
    RETURN_IF_ERROR(ports_.queue.Put(
        {.kind = std::string(kJob), .subject = row.Text(0), .due = ports_.clock.Now()}));
  }
  return {};
}

Status Eraser::SweepAll() {
  ASSIGN_OR_RETURN(const auto accounts, ports_.accounts.List());
  for (const library::AccountRow& account : accounts) {
    ASSIGN_OR_RETURN(const auto library,
                     library::Library::Open(ports_.accounts, options_.data, account.id));
    ASSIGN_OR_RETURN(const library::SweepRoots roots, ports_.requests.Roots(account.id));
    const auto swept = library::Sweep(*library, roots, {}, ports_.blob_clock);
    if (swept && swept->blobs > 0) {
      log::Info("event=swept account={} blobs={} bytes={}", account.id, swept->blobs, swept->bytes);
    }
    if (swept || swept.error().code == ErrorCode::kConflict) continue;
    log::Error("event=sweep_failed account={} error=\"{}\"", account.id, swept.error().message);
  }
  return {};
}

}  // namespace valise::requests
