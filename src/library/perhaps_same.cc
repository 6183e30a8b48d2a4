#include "library/perhaps_same.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "account/import_row.h"
#include "base/time.h"
#include "library/commit.h"
#include "library/document.h"
#include "library/keys.h"
#include "library/weave_slots.h"

namespace valise::library {
namespace {

using account::Kind;
using account::Record;

// Of one archive that tells both they are two.
bool IsTold(const Record& here, const Record& came) {
  const auto& ours = account::CommonOf(here).provenance;
  return std::ranges::any_of(account::CommonOf(came).provenance, [&](const auto& from) {
    return std::ranges::find(ours, from.import, &account::Provenance::import) != ours.end();
  });
}

// Two of a service's own records are two, whatever they look like.
bool HaveOtherEvidence(const Record& here, const Record& came) {
  return !account::CommonOf(here).evidence.empty() && !account::CommonOf(came).evidence.empty();
}

class Finder {
 public:
  Finder(std::span<const Record* const> here, std::span<const Record* const> came,
         const ImportDates& dates)
      : here_(here), came_(came), dates_(dates), paired_(here.size()), done_(came.size()) {}

  PerhapsSamePairs Run() {
    const Kind kind = account::KindOf(*came_.front());
    if (kind == Kind::kConnection) {
      InSlots(PerhapsSame::Why::kUserName, SecondOf,
              [](const Record&, const Record&) { return true; });
      return std::move(pairs_);
    }
    if (!HasSlots(kind)) return {};
    const auto other_evidence = [](const Record& a, const Record& b) {
      return !HaveOtherEvidence(a, b);
    };
    InSlots(PerhapsSame::Why::kMoment, TimedSlotOf, other_evidence);
    InSlots(PerhapsSame::Why::kMoment, MomentSlotOf, other_evidence);
    if (!dates_.has_coarse()) return std::move(pairs_);
    InSlots(PerhapsSame::Why::kMinute, MinuteSlotOf, [&](const Record& a, const Record& b) {
      return !HaveOtherEvidence(a, b) && dates_.IsCoarse(a) != dates_.IsCoarse(b) && MayBeOne(a, b);
    });
    return std::move(pairs_);
  }

 private:
  static std::optional<uint64_t> TimedSlotOf(const Record& record) {
    return account::TimeOf(record) ? std::optional(SlotOf(record)) : std::nullopt;
  }
  static std::optional<uint64_t> SecondOf(const Record& record) {
    const auto time = account::TimeOf(record);
    if (!time) return std::nullopt;
    return Fingerprint(
        fmt::format("{}\x1f{}", std::get<account::Connection>(record).relation, ToSeconds(*time)));
  }

  // In each slot the first that came with the first that may be it, and so on. Of a slot only so
  // many are looked at for each.
  template <typename SlotIn, typename MayBe>
  void InSlots(PerhapsSame::Why why, SlotIn slot_in, MayBe may_be) {
    constexpr size_t kLook = 16;
    std::unordered_map<uint64_t, std::vector<size_t>> free;  // the first is the last
    for (size_t i = here_.size(); i-- > 0;) {
      if (paired_[i]) continue;
      if (const auto slot = slot_in(*here_[i])) free[*slot].push_back(i);
    }
    if (free.empty()) return;
    for (size_t i = 0; i < came_.size(); ++i) {
      if (done_[i]) continue;
      const auto slot = slot_in(*came_[i]);
      const auto found = slot ? free.find(*slot) : free.end();
      if (found == free.end()) continue;
      std::vector<size_t>& places = found->second;
      const auto end = places.rbegin() + static_cast<ptrdiff_t>(std::min(kLook, places.size()));
      const auto same = std::find_if(places.rbegin(), end, [&](size_t place) {
        return !IsTold(*here_[place], *came_[i]) && may_be(*here_[place], *came_[i]);
      });
      if (same == end) continue;
      Add(why, *same, i);
      places.erase(std::next(same).base());
    }
  }

  void Add(PerhapsSame::Why why, size_t here, size_t came) {
    paired_[here] = done_[came] = true;
    const account::Common& common = account::CommonOf(*came_[came]);
    PerhapsSame pair{.why = why,
                     .kind = account::KindOf(*came_[came]),
                     .time = *account::TimeOf(*came_[came]),
                     .here = *account::CommonOf(*here_[here]).key,
                     .came = *common.key,
                     .from = {}};
    if (!common.provenance.empty()) pair.from = common.provenance.front();
    pairs_.Add(std::move(pair));
  }

  const std::span<const Record* const> here_, came_;
  const ImportDates& dates_;
  std::vector<bool> paired_, done_;
  PerhapsSamePairs pairs_;
};

constexpr std::string_view kKeys = " Keys: ";
constexpr std::string_view kAnd = ", ";

// Of both records; none: another issue, or that of those that are not listed.
std::vector<Key> KeysIn(const account::Issue& issue) {
  const size_t place = issue.message.rfind(kKeys);
  if (issue.code != kPerhapsSame || place == std::string::npos) return {};
  const std::string_view both = std::string_view(issue.message).substr(place + kKeys.size());
  const size_t comma = std::min(both.find(kAnd), both.size());
  std::vector<Key> keys;
  for (const std::string_view hex :
       {both.substr(0, comma), both.substr(std::min(comma + kAnd.size(), both.size()))}) {
    if (const auto key = Key::Parse(hex)) keys.push_back(*key);
  }
  return keys;
}

bool Names(const account::Issue& issue, const std::unordered_set<Key>& keys) {
  return std::ranges::any_of(KeysIn(issue), [&](const Key& key) { return keys.contains(key); });
}

std::string_view WhyText(PerhapsSame::Why why) {
  switch (why) {
    case PerhapsSame::Why::kUserName:
      return "Under different user names; no archive tells both: perhaps a person who was renamed.";
    case PerhapsSame::Why::kMoment:
      return "Two archives tell differently many of that moment.";
    case PerhapsSame::Why::kMinute:
      return "Pages tell it to the minute, and not with the same words.";
    case PerhapsSame::Why::kConversation:
      return "They have messages in common, too few to be sure.";
  }
  return {};
}

}  // namespace

void PerhapsSamePairs::Append(const PerhapsSamePairs& more) {
  const uint64_t unlisted = more.count - more.listed.size();
  for (const PerhapsSame& pair : more.listed) Add(pair);
  count += unlisted;
}

PerhapsSamePairs FindPerhapsSame(std::span<const Strand> strands, size_t existing,
                                 const ImportDates& dates) {
  std::vector<const Record*> here, came;
  for (size_t i = 0; i < strands.size(); ++i) {
    if (i >= existing) came.push_back(&strands[i].record);
    if (i < existing && !strands[i].paired) here.push_back(&strands[i].record);
  }
  if (here.empty() || came.empty()) return {};
  return Finder(here, came, dates).Run();
}

account::Issue IssueOf(const PerhapsSame& pair, std::string path) {
  return {.code = "perhaps_same",
          .path = std::move(path),
          .message = fmt::format("Two {} of {} are perhaps the same; both are kept. {}{}{}{}{}",
                                 account::KindPlural(pair.kind), FormatTime(pair.time),
                                 WhyText(pair.why), kKeys, pair.here.Hex(), kAnd, pair.came.Hex()),
          .count = 1};
}

account::Issue IssueOfTheRest(uint64_t count) {
  return {.code = "perhaps_same",
          .path = {},
          .message = "More that is perhaps the same as what was here; it is not listed one by one.",
          .count = count};
}

Result<std::unordered_set<Key>> PerhapsSameKeys(const Library& library, const Head& head) {
  std::unordered_set<Key> keys;
  if (!head.issues) return keys;
  const auto text = library.ReadList(*head.issues);
  if (!text) return keys;  // damaged: as in DropPerhapsSame()
  ASSIGN_OR_RETURN(const std::vector<account::IssueRow> rows, account::ParseIssueRows(*text));
  for (const account::IssueRow& row : rows) {
    for (const Key& key : KeysIn(row.issue)) keys.insert(key);
  }
  return keys;
}

Status DropPerhapsSame(const Library& library, blob::BlobStore& blobs,
                       const std::unordered_set<Key>& gone, Head& head) {
  if (!head.issues || gone.empty()) return {};
  const auto text = library.ReadList(*head.issues);
  if (!text) return {};  // damaged, which `valise doctor` tells: no reason not to forget
  ASSIGN_OR_RETURN(std::vector<account::IssueRow> rows, account::ParseIssueRows(*text));
  if (std::erase_if(rows, [&](const auto& row) { return Names(row.issue, gone); }) == 0) return {};
  head.issues.reset();
  if (rows.empty()) return {};
  TextBuilder left;
  for (const account::IssueRow& row : rows) left.Line(account::ToJson(row));
  ASSIGN_OR_RETURN(head.issues, SealList(blobs, "issues", left, 0));
  return {};
}

}  // namespace valise::library
