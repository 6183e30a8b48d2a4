// What a bag's manifests say, and how that fits the files that are there: everything of a check but
// the hashing.
//
// Thread safety: built by one thread, then read by any. Lifetime: borrows the BagFiles.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "bag/algorithm.h"
#include "bag/bag_files.h"
#include "bag/verify.h"

namespace valise::bag {

struct Manifest {
  std::string name;  // "manifest-sha256.txt"
  const Algorithm* algorithm = nullptr;
  size_t algorithm_index = 0;  // in BagIndex::algorithms()
  bool payload = true;
  std::string text;  // its lines' paths are decoded in it
};

// One line of one manifest.
struct Item {
  std::string_view path;
  const char* hex = nullptr;  // Manifest::algorithm->hex_size digits
  uint32_t line = 0;
  uint16_t manifest = 0;
};

// A file to be hashed and the lines that it must fit.
struct HashJob {
  std::string_view path;
  size_t index = 0;  // in the archive
  std::span<const Item> items;
};

class BagIndex {
 public:
  // What is wrong is added to `report`. Errors: kLimitExceeded, kUnavailable.
  static Result<BagIndex> Build(const BagFiles& files, const Declaration& declaration,
                                Report& report);

  const std::deque<Manifest>& manifests() const { return manifests_; }
  const std::vector<const Algorithm*>& algorithms() const { return algorithms_; }
  const std::vector<HashJob>& jobs() const { return jobs_; }

 private:
  BagIndex(const BagFiles& files, const Declaration& declaration, Report& report);

  Status LoadManifests();
  Status LoadManifest(std::string_view name, bool payload, std::string_view algorithm);
  void DropDuplicates();
  void MatchFiles();
  void MatchUnlisted(std::string_view path);
  void CheckCoverage(std::string_view path, std::span<const Item> items);
  void AddMissing(std::string_view path);
  void ReadRefused();
  Status ReadFetch();
  size_t IndexOfAlgorithm(const Algorithm* algorithm);

  const BagFiles& files_;
  const Declaration& declaration_;
  Report& report_;
  std::deque<Manifest> manifests_;  // a deque: items borrow their texts
  std::vector<const Algorithm*> algorithms_;
  std::vector<Item> items_;  // sorted by path, then manifest
  std::vector<HashJob> jobs_;
  std::vector<std::string> refused_;  // sorted paths that the archive could not read
};

// Adds to a list of problems or warnings, up to kMaxProblems.
void AddProblem(std::vector<std::string>& to, std::string problem);

}  // namespace valise::bag
