// Which media are missing from a bundle, and why (docs/formats/report.md).
//
// Thread safety: belongs to one thread. Lifetime: borrows the account.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "bundle/bundle_format.h"
#include "bundle/portable/document_choice.h"
#include "bundle/portable/report.h"

namespace valise::bundle {

// Files that imports received and could not read.
class BrokenFiles {
 public:
  void Add(std::string_view path);
  bool empty() const { return paths_.empty(); }
  // Was the file that a record's media path means among them? An archive may name its media without
  // the first folders of the path.
  bool Contains(const std::string& media_path) const { return paths_.contains(media_path); }

 private:
  std::unordered_set<std::string> paths_;  // and their ends of two names or more
};

class MissingMedia {
 public:
  MissingMedia(const Account& account, const BrokenFiles& broken)
      : account_(account), broken_(broken) {}

  // Counts the missing media of a chosen document in `report`, and lists them there up to
  // kNamedInReport. Reads only documents that miss something, and none once the list is full, save
  // that broken files are looked for to the end: the counts of the reasons are always exact.
  // Errors: kNotFound, kCorrupt, kUnavailable.
  Status Count(const ChosenDocument& document, Report& report) const;

 private:
  Status CountText(std::string_view text, Report& report) const;

  const Account& account_;
  const BrokenFiles& broken_;
};

}  // namespace valise::bundle
