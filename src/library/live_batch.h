// Which frames of some segments count: of each record the last one.
//
// Internal to the room. Thread safety: belongs to one thread. Memory: 32 bytes a record.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "library/live_journal.h"

namespace valise::library {

class LiveBatch {
 public:
  struct Put {
    uint64_t name = 0;      // LiveName()
    uint64_t key = 0;       // first 8 bytes of the key it has as a new record
    int64_t time = 0;       // ms
    uint32_t sequence = 0;  // of its frame
    uint32_t group = 0;     // place in groups()
  };
  struct Delete {
    uint64_t name = 0;
    uint32_t sequence = 0;
    account::Kind kind{};
    Key key;               // the record's, if no archive brought it before
    std::string evidence;  // of conversations
  };

  // Reads whole segments until there are enough for one head. Errors: those of SegmentReader.
  static Result<LiveBatch> Read(std::span<const fs::path> segments);

  // How many segments it is of.
  size_t segments() const { return segments_; }
  // By name; each name once. Those of deletes are others, save that of conversations a delete
  // counts although a put follows.
  const std::vector<Put>& puts() const { return puts_; }
  const std::vector<Delete>& deletes() const { return deletes_; }
  // Digests of blobs that have come.
  const std::unordered_set<Digest>& blobs() const { return blobs_; }
  // Bucket::group as the journal has it: of messages the evidence of their conversation.
  const std::vector<std::string>& groups() const { return groups_; }
  bool Puts(account::Kind kind) const { return puts_of_[static_cast<size_t>(kind)]; }
  bool Deletes(account::Kind kind) const { return deletes_of_[static_cast<size_t>(kind)]; }

  const Put* FindPut(uint64_t name) const;
  const Delete* FindDelete(uint64_t name) const;

  // Visits the frames of puts() in the order of the journal.
  Status ForEachPut(
      std::span<const fs::path> segments,
      const std::function<Status(const Put& put, const LiveFrame& frame)>& visit) const;

 private:
  void Note(const LiveFrame& frame);
  void Settle();

  size_t segments_ = 0;
  uint32_t frames_ = 0;
  std::vector<Put> puts_;
  std::vector<Delete> deletes_;
  std::unordered_set<Digest> blobs_;
  std::vector<std::string> groups_;
  std::unordered_map<std::string, uint32_t> group_numbers_;
  std::vector<bool> counts_;  // by sequence: a put that counts
  std::array<bool, account::kKindCount> puts_of_{};
  std::array<bool, account::kKindCount> deletes_of_{};
};

}  // namespace valise::library
