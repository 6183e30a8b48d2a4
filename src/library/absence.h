// What archives told of their lists, and which records a newer archive should have and has not
// (docs/formats/merging.md, "What a newer archive no longer has").
//
// Thread safety: plain values; an Absence may be read from any thread once it is filled.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "account/import_row.h"
#include "account/records.h"
#include "library/merge.h"
#include "library/streams.h"

namespace valise::library {

// The list of an archive in which a record of this kind stands, as the record itself tells: a
// post's form, a connection's relation, the conversation of a message … nullopt: in none (the
// profile, conversations, comments received).
std::optional<std::string> ListOf(const account::Record& record);

// The times (ms) of the oldest and the newest record of a list.
struct Extent {
  int64_t first = INT64_MAX;
  int64_t last = INT64_MIN;
  void Add(const Extent& other);
};
using ListName = std::pair<account::Kind, std::string>;
using Extents = std::map<ListName, Extent>;

Extents ExtentsOf(const std::vector<account::ListSpan>& spans);
std::vector<account::ListSpan> SpansOf(const Extents& extents);

// What one file of an archive told, while it is read.
class ListTally {
 public:
  void Add(const account::Record& record);
  const Extents& extents() const { return extents_; }

 private:
  Extents extents_;
  Extents::iterator latest_ = extents_.end();  // records of one list follow each other
};

// Since when records are absent: a function of a record and of all imports, whatever their order.
class Absence {
 public:
  void Add(const account::ImportInfo& info);
  // The date of the oldest archive that is newer than everything that tells of the record, told its
  // list, and has it not although its time lies between those of the list.
  std::optional<Timestamp> SinceOf(const account::Record& record) const;
  // Says so in the record. Returns whether it said otherwise before.
  bool Mark(account::Record& record) const;
  // Whether a record of this bucket with a time (ms) in [first, last] can be marked at all, that an
  // import of `told` tells of.
  bool MayMark(const Bucket& bucket, int64_t first, int64_t last, Timestamp told) const;

 private:
  struct Span {
    Timestamp date;  // of the archive
    Extent extent;
  };
  ImportDates dates_;
  std::map<ListName, std::vector<Span>> lists_;  // by date
};

}  // namespace valise::library
