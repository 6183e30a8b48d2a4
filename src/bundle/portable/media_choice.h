// Which media go into a bundle, and the lists that name them (docs/formats/portable.md, Choices).
//
// Thread safety: belongs to one thread; it works on several. Lifetime: borrows account and
// selection.
#pragma once

#include <optional>
#include <unordered_set>
#include <vector>

#include "bundle/bundle_format.h"
#include "bundle/portable/bag_writer.h"
#include "bundle/selection.h"

namespace valise::bundle {

// A media list, cut to what goes in.
struct ChosenMedia {
  std::string name;  // "media/2024"
  SealedText text;
  std::vector<library::MediumRow> rows;
};

class MediaChooser {
 public:
  // `shown`: the media that the chosen records show, when dates were chosen.
  MediaChooser(const Account& account, const Selection& selection,
               const std::optional<std::unordered_set<Digest>>& shown)
      : account_(account), selection_(selection), shown_(shown) {}

  // Calls `visit` for each list that names something chosen, in the head's order. A few lists are
  // held at a time. Errors: kNotFound, kCorrupt, those of `visit`.
  Status ForEach(const std::function<Status(const ChosenMedia&)>& visit) const;

 private:
  Result<ChosenMedia> Choose(const library::ListRow& list) const;
  bool IsChosen(const library::MediumRow& row) const;

  const Account& account_;
  const Selection& selection_;
  const std::optional<std::unordered_set<Digest>>& shown_;
};

}  // namespace valise::bundle
