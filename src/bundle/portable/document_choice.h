// Which documents go into a bundle, whole or cut to the chosen dates (docs/formats/portable.md,
// Choices).
//
// Thread safety: belongs to one thread. Lifetime: borrows the account and the selection.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "bundle/bundle_format.h"
#include "bundle/portable/bag_writer.h"
#include "bundle/selection.h"

namespace valise::bundle {

// A document that goes in.
struct ChosenDocument {
  library::DocumentRow row;  // of what goes in: counts and times are of the cut document
  SealedText text;
  std::string cut;  // the JSON of a cut document; empty: as it is in the library
};

class DocumentChooser {
 public:
  DocumentChooser(const Account& account, const Selection& selection)
      : account_(account), selection_(selection) {}

  // Calls `visit` for each chosen document. Without dates no document is read. Conversations come
  // last. Errors: kNotFound, kCorrupt (a document is gone or damaged), those of `visit`.
  Status ForEach(const std::function<Status(const ChosenDocument&)>& visit);

  // After ForEach with dates: the media that the chosen records show. nullopt: dates were not
  // chosen.
  const std::optional<std::unordered_set<Digest>>& shown_media() const { return shown_media_; }

 private:
  Result<std::optional<ChosenDocument>> Choose(const library::DocumentRow& row);
  Result<std::optional<ChosenDocument>> Cut(const library::DocumentRow& row, std::string_view text);
  bool IsWhollyInside(const library::DocumentRow& row) const;
  void NoteMedia(std::string_view text);

  const Account& account_;
  const Selection& selection_;
  std::optional<std::unordered_set<Digest>> shown_media_;
  std::set<std::string> conversations_;  // keys of those with a chosen message
};

}  // namespace valise::bundle
