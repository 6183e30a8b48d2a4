#include "library/absence.h"

#include <algorithm>

namespace valise::library {
namespace {

using account::Kind;
using account::Record;

struct NameOfList {
  using Name = std::optional<std::string>;
  Name operator()(const account::Profile&) const { return std::nullopt; }
  Name operator()(const account::Post& post) const { return post.form; }
  Name operator()(const account::Story&) const { return std::string(); }
  // Those that an account received are told by services, not by its archives.
  Name operator()(const account::Comment& comment) const {
    return comment.author.empty() ? Name(comment.list) : std::nullopt;
  }
  Name operator()(const account::Conversation&) const { return std::nullopt; }
  Name operator()(const account::Message& message) const { return message.conversation; }
  Name operator()(const account::Connection& connection) const { return connection.relation; }
  Name operator()(const account::Like& like) const { return like.list; }
  Name operator()(const account::Saved& saved) const { return saved.collection; }
  Name operator()(const account::Activity& activity) const { return activity.list; }
};

}  // namespace

std::optional<std::string> ListOf(const Record& record) { return std::visit(NameOfList(), record); }

void Extent::Add(const Extent& other) {
  first = std::min(first, other.first);
  last = std::max(last, other.last);
}

Extents ExtentsOf(const std::vector<account::ListSpan>& spans) {
  Extents extents;
  for (const account::ListSpan& span : spans) {
    extents[{span.kind, span.list}].Add({ToMillis(span.first), ToMillis(span.last)});
  }
  return extents;
}

std::vector<account::ListSpan> SpansOf(const Extents& extents) {
  std::vector<account::ListSpan> spans;
  spans.reserve(extents.size());
  for (const auto& [name, extent] : extents) {
    spans.push_back({name.first, name.second, FromMillis(extent.first), FromMillis(extent.last)});
  }
  return spans;
}

void ListTally::Add(const Record& record) {
  const auto time = account::TimeOf(record);
  if (!time) return;
  std::optional<std::string> list = ListOf(record);
  if (!list) return;
  ListName name(account::KindOf(record), *std::move(list));
  if (latest_ == extents_.end() || latest_->first != name) {
    latest_ = extents_.try_emplace(std::move(name)).first;
  }
  const int64_t at = ToMillis(*time);
  latest_->second.Add({at, at});
}

void Absence::Add(const account::ImportInfo& info) {
  dates_.Add(info);
  // Of an archive without a date nobody can say what it is newer than.
  if (!info.date) return;
  for (const auto& [name, extent] : ExtentsOf(info.spans)) {
    std::vector<Span>& spans = lists_[name];
    const auto after = std::ranges::upper_bound(spans, *info.date, {}, &Span::date);
    spans.insert(after, {*info.date, extent});
  }
}

std::optional<Timestamp> Absence::SinceOf(const Record& record) const {
  if (lists_.empty()) return std::nullopt;
  const auto time = account::TimeOf(record);
  if (!time) return std::nullopt;
  std::optional<std::string> list = ListOf(record);
  if (!list) return std::nullopt;
  const auto found = lists_.find(ListName(account::KindOf(record), *std::move(list)));
  if (found == lists_.end()) return std::nullopt;
  const auto told = dates_.LastTold(account::CommonOf(record).provenance);
  if (!told) return std::nullopt;
  const int64_t at = ToMillis(*time);
  const auto& spans = found->second;
  const auto lacks = std::ranges::find_if(spans, [&](const Span& span) {
    return span.date > *told && span.extent.first <= at && at <= span.extent.last;
  });
  return lacks == spans.end() ? std::nullopt : std::optional(lacks->date);
}

bool Absence::Mark(Record& record) const {
  std::optional<Timestamp>& mark = account::CommonOf(record).absent_since;
  const std::optional<Timestamp> since = SinceOf(record);
  if (mark == since) return false;
  mark = since;
  return true;
}

bool Absence::MayMark(const Bucket& bucket, int64_t first, int64_t last, Timestamp told) const {
  // Lists of messages are conversations, as buckets are; others share their buckets.
  const bool is_message = bucket.kind == Kind::kMessage;
  for (auto at = lists_.lower_bound({bucket.kind, is_message ? bucket.group : std::string()});
       at != lists_.end() && at->first.first == bucket.kind; ++at) {
    if (is_message && at->first.second != bucket.group) break;
    const bool may = std::ranges::any_of(at->second, [&](const Span& span) {
      return span.date > told && span.extent.first <= last && first <= span.extent.last;
    });
    if (may) return true;
  }
  return false;
}

}  // namespace valise::library
