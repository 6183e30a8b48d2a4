#include "bundle/portable/media_choice.h"

#include <algorithm>

#include "base/parallel.h"

namespace valise::bundle {
namespace {

constexpr size_t kListsAtOnce = 8;  // of at most 2 MiB each

}  // namespace

Status MediaChooser::ForEach(const std::function<Status(const ChosenMedia&)>& visit) const {
  const std::vector<library::ListRow>& lists = account_.head.media;
  for (size_t begin = 0; begin < lists.size(); begin += kListsAtOnce) {
    std::vector<ChosenMedia> wave(std::min(kListsAtOnce, lists.size() - begin));
    RETURN_IF_ERROR(ParallelFor(std::min(CoreCount(), wave.size()), wave.size(),
                                [&](size_t, size_t i) -> Status {
                                  ASSIGN_OR_RETURN(wave[i], Choose(lists[begin + i]));
                                  return {};
                                }));
    for (const ChosenMedia& chosen : wave) {
      if (!chosen.rows.empty()) RETURN_IF_ERROR(visit(chosen));
    }
  }
  return {};
}

Result<ChosenMedia> MediaChooser::Choose(const library::ListRow& list) const {
  ASSIGN_OR_RETURN(const std::string text, account_.blobs.ReadContent(list.digest, list.size));
  ChosenMedia chosen{.name = list.name, .text = {}, .rows = {}};
  ASSIGN_OR_RETURN(chosen.rows, library::ParseMediumRows(text));
  const size_t all = chosen.rows.size();
  std::erase_if(chosen.rows, [&](const library::MediumRow& row) { return !IsChosen(row); });
  if (chosen.rows.size() == all) {
    chosen.text.seal = {.digest = list.digest,
                        .twin_digest = list.twin_digest,
                        .crc = list.crc,
                        .size = list.size,
                        .stored_size = list.stored_size};
    return chosen;
  }
  library::TextBuilder builder;
  for (const library::MediumRow& row : chosen.rows) builder.Line(library::ToJson(row));
  chosen.text = SealForPlan(builder.Take());
  return chosen;
}

bool MediaChooser::IsChosen(const library::MediumRow& row) const {
  if (!selection_.HasMedia(row.type)) return false;
  if (shown_) return shown_->contains(row.digest);
  if (selection_.HasAllKinds()) return true;
  return std::ranges::any_of(row.used_by, [&](account::Kind kind) { return selection_.Has(kind); });
}

}  // namespace valise::bundle
