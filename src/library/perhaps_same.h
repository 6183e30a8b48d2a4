// What is perhaps the same and cannot be told: shown to people, never merged
// (docs/formats/merging.md).
//
// Internal to the room. Thread safety: plain values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "account/record_sink.h"
#include "library/library.h"
#include "library/merge.h"
#include "library/weave_strand.h"

namespace valise::library {

// So many pairs an import lists; the rest is counted.
inline constexpr size_t kMaxPerhapsSame = 200;
inline constexpr std::string_view kPerhapsSame = "perhaps_same";  // the code of its issues

// Two records, one of which was here before the other came.
struct PerhapsSame {
  enum class Why : uint8_t {
    kUserName,      // connections of one second under different names
    kMoment,        // left over in a slot that both archives have
    kMinute,        // the same, of pages and something else
    kConversation,  // a few equal messages, too few to be sure
  } why{};
  account::Kind kind{};
  Timestamp time{};  // of a conversation: of a message that both have
  Key here, came;
  account::Provenance from;  // of what came
};

// Pairs in the order in which they were found.
struct PerhapsSamePairs {
  std::vector<PerhapsSame> listed;
  uint64_t count = 0;  // more than are listed, when there are very many

  void Add(PerhapsSame pair) {
    ++count;
    if (listed.size() < kMaxPerhapsSame) listed.push_back(std::move(pair));
  }
  void Append(const PerhapsSamePairs& more);
};

// Among records of one bucket that have keys. The first `existing` were there before: those that
// are not paired may be what came after them. Each is in one pair at most. Takes time in proportion
// to the records.
PerhapsSamePairs FindPerhapsSame(std::span<const Strand> strands, size_t existing,
                                 const ImportDates& dates);

// For people, without a word of the records.
account::Issue IssueOf(const PerhapsSame& pair, std::string path);
// Of those that are not listed.
account::Issue IssueOfTheRest(uint64_t count);

// The keys that such issues of `head` name; none: they cannot be read. Errors: kCorrupt.
Result<std::unordered_set<Key>> PerhapsSameKeys(const Library& library, const Head& head);
// Takes the issues out of `head` that name one of `gone`: nothing is to be looked at any more.
// Errors: kCorrupt, kUnavailable.
Status DropPerhapsSame(const Library& library, blob::BlobStore& blobs,
                       const std::unordered_set<Key>& gone, Head& head);

}  // namespace valise::library
