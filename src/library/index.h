// The index of one account: a SQLite file for search and browsing, derived from a head; it can be
// thrown away.
//
// Thread safety: every method from any thread (reads use connections of their own). Durability:
// none needed: an index whose head is not the wanted one is brought up to date or rebuilt.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "library/library.h"

namespace valise::library {

struct SearchQuery {
  std::string text;  // words; all must occur (folded); the last may be a prefix when `prefix`
  std::vector<account::Kind> kinds;  // empty: all
  std::optional<Key> conversation;
  std::optional<Timestamp> from, until;  // half-open
  bool prefix = false;
  uint32_t limit = 50;
  std::optional<int64_t> before;  // page on: rowid of the last hit seen
};

struct SearchHit {
  int64_t id = 0;
  account::Kind kind{};
  std::string json;  // the record's line
};

class Index {
 public:
  // Opens or makes <library folder>/index.sqlite. `library` must outlive it.
  static Result<std::unique_ptr<Index>> Open(const Library& library);
  // Makes the index one of the current head: only documents that changed are read. Progress in
  // records.
  Status Update(const std::function<void(uint64_t done, uint64_t total)>& progress);
  Status Rebuild(const std::function<void(uint64_t done, uint64_t total)>& progress);
  // Newest first. Errors: kUnavailable (index absent: run Update).
  Result<std::vector<SearchHit>> Search(const SearchQuery& query) const;
  ~Index();

 private:
  struct State;
  explicit Index(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace valise::library
