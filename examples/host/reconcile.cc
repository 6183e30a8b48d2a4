#include "reconcile.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <limits>
#include <map>
#include <set>

#include "base/digest.h"

namespace valise::host {
namespace {

namespace dom = simdjson::dom;

// account → "kind month" → its lines "id version\n".
using Sums = std::map<std::string, std::map<std::string, std::set<std::string>>>;

Status AddLine(dom::parser& parser, const std::string& text, Sums& sums) {
  const std::string json = "{" + text;
  dom::element line;
  dom::array accounts;
  std::string_view id, version, kind, time;
  if (parser.parse(json).get(line) != simdjson::SUCCESS) {
    return Fail(ErrorCode::kInternal, "a line of the outbox is not JSON");
  }
  // Lines that make accounts have no record.
  if (line["record"]["kind"].get(kind) != simdjson::SUCCESS ||
      line["accounts"].get(accounts) != simdjson::SUCCESS ||
      line["id"].get(id) != simdjson::SUCCESS ||
      line["version"].get(version) != simdjson::SUCCESS) {
    return {};
  }
  // Profiles and conversations have no time.
  if (line["record"]["time"].get(time) != simdjson::SUCCESS) time = {};
  for (const dom::element one : accounts) {
    std::string_view account;
    if (one.get(account) != simdjson::SUCCESS) continue;
    sums[std::string(account)][fmt::format("{} {}", kind, time.substr(0, 7))].insert(
        fmt::format("{} {}\n", id, version));
  }
  return {};
}

// What the site would tell if it told everything: told into a transaction that is taken back.
Result<Sums> OfTheSite(Database& database, Actions& actions, Outbox& outbox) {
  Sums sums;
  const Status taken_back = database.InTransaction([&]() -> Status {
    ASSIGN_OR_RETURN(const int64_t last, outbox.Last());
    RETURN_IF_ERROR(actions.TellAll());
    ASSIGN_OR_RETURN(const auto lines, outbox.After(last, std::numeric_limits<int32_t>::max()));
    dom::parser parser;
    for (const Outbox::Line& line : lines) RETURN_IF_ERROR(AddLine(parser, line.text, sums));
    return Fail(ErrorCode::kCancelled, "");
  });
  if (taken_back.error().code != ErrorCode::kCancelled) return std::unexpected(taken_back.error());
  return sums;
}

}  // namespace

Result<std::vector<Difference>> Reconcile(Database& database, Actions& actions, Outbox& outbox,
                                          IngestClient& client) {
  ASSIGN_OR_RETURN(const Sums sums, OfTheSite(database, actions, outbox));
  std::vector<Difference> differences;
  for (const auto& [account, kinds] : sums) {
    std::map<std::string, Difference> by_month;
    for (const auto& [month, lines] : kinds) {
      std::string all;
      for (const std::string& line : lines) all += line;
      by_month[month].here = fmt::format("{} {} {}", month, lines.size(), Sha256(all).Hex());
    }
    ASSIGN_OR_RETURN(const auto there, client.Reconcile(account));
    for (const std::string& line : there) {
      const size_t month_end = line.find(' ', line.find(' ') + 1);
      by_month[line.substr(0, month_end)].there = line;
    }
    for (auto& [month, difference] : by_month) {
      if (difference.here == difference.there) continue;
      difference.account = account;
      differences.push_back(std::move(difference));
    }
  }
  return differences;
}

}  // namespace valise::host
