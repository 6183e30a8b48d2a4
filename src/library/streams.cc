#include "library/streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "account/fold.h"

namespace valise::library {
namespace {

using account::Kind;

constexpr size_t kMaxSlug = 32;
constexpr size_t kFewDigits = 6;

bool ByYear(Kind kind) {
  return kind == Kind::kPost || kind == Kind::kStory || kind == Kind::kComment ||
         kind == Kind::kMessage || kind == Kind::kLike || kind == Kind::kSaved ||
         kind == Kind::kActivity;
}

// Keeps a–z and 0–9, makes every other run one `filler`.
std::string MakeSafe(std::string_view folded, char filler) {
  std::string safe;
  for (const char c : folded) {
    if (safe.size() >= kMaxSlug) break;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      safe += c;
    } else if (!safe.empty() && safe.back() != filler) {
      safe += filler;
    }
  }
  while (safe.ends_with(filler)) safe.pop_back();
  return safe;
}

Result<int> ParseYear(std::string_view text) {
  if (text == "undated") return Bucket::kUndated;
  int year = 0;
  if (text.empty() || text.size() > 4) return Fail(ErrorCode::kCorrupt, "head: not a year");
  for (const char c : text) {
    if (c < '0' || c > '9') return Fail(ErrorCode::kCorrupt, "head: not a year");
    year = year * 10 + (c - '0');
  }
  return year;
}

}  // namespace

std::string Slug(std::string_view text, std::string_view otherwise) {
  std::string slug = MakeSafe(account::Fold(text), '-');
  return slug.empty() ? std::string(otherwise) : slug;
}

int YearOf(Kind kind, const std::optional<Timestamp>& time) {
  if (!ByYear(kind)) return 0;
  // The years that RFC 3339 and a folder's name can show.
  return time ? std::clamp(ToCivil(*time).year, 0, 9999) : Bucket::kUndated;
}

Bucket BucketOf(const account::Record& record) {
  Bucket bucket{.kind = account::KindOf(record), .group = {}};
  if (const auto* message = std::get_if<account::Message>(&record)) {
    bucket.group = message->conversation;
  } else if (const auto* connection = std::get_if<account::Connection>(&record)) {
    bucket.group = MakeSafe(account::Fold(connection->relation), '_');
    if (bucket.group.empty()) bucket.group = "other";
  }
  bucket.year = YearOf(bucket.kind, account::TimeOf(record));
  return bucket;
}

Result<Bucket> BucketOf(const DocumentRow& row) {
  Bucket bucket{.kind = row.kind, .group = {}};
  std::string_view last = row.name;
  last.remove_prefix(last.rfind('/') + 1);
  last = last.substr(0, last.find('-'));  // without the number of the piece
  if (row.kind == Kind::kConnection) bucket.group = last;
  if (row.kind == Kind::kMessage) {
    if (!row.conversation) {
      return Fail(ErrorCode::kCorrupt, "head: a document of messages without its conversation");
    }
    bucket.group = row.conversation->Hex();
  }
  if (ByYear(row.kind)) {
    ASSIGN_OR_RETURN(bucket.year, ParseYear(last));
  }
  return bucket;
}

Folders NameFolders(const std::map<std::string, std::string, std::less<>>& titles) {
  Folders folders;
  std::set<std::string> taken;
  for (const auto& [key, title] : titles) {
    const std::string slug = Slug(title, "conversation");
    for (size_t digits = kFewDigits;; digits += kFewDigits) {
      std::string folder = fmt::format("{}-{}", slug, std::string_view(key).substr(0, digits));
      if (!taken.insert(folder).second && digits < key.size()) continue;
      folders[key] = std::move(folder);
      break;
    }
  }
  return folders;
}

Folders FoldersOf(const std::vector<DocumentRow>& rows) {
  Folders folders;
  for (const DocumentRow& row : rows) {
    if (row.kind != Kind::kMessage || !row.conversation) continue;
    const size_t begin = row.name.find('/') + 1;
    folders[row.conversation->Hex()] = row.name.substr(begin, row.name.rfind('/') - begin);
  }
  return folders;
}

std::string NameOf(const Bucket& bucket, uint32_t part, const Folders& folders) {
  std::string name(account::KindPlural(bucket.kind));
  if (bucket.kind == Kind::kMessage) {
    const auto folder = folders.find(bucket.group);
    CHECK(folder != folders.end());
    name += '/' + folder->second;
  } else if (!bucket.group.empty()) {
    name += '/' + bucket.group;
  }
  if (bucket.year == Bucket::kUndated) {
    name += "/undated";
  } else if (ByYear(bucket.kind)) {
    name += fmt::format("/{:04}", bucket.year);
  }
  if (part > 1) name += fmt::format("-{}", part);
  return name;
}

void SortPieces(std::vector<DocumentRow>& rows) {
  std::ranges::stable_sort(rows, {}, [](const DocumentRow& row) {
    return std::pair(row.first.value_or(Timestamp::min()), row.last.value_or(Timestamp::min()));
  });
}

}  // namespace valise::library
