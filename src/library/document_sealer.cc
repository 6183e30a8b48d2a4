#include "library/document_sealer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "library/document.h"
#include "library/spool.h"

namespace valise::library {
namespace {

void AppendHex(std::string& to, const Key& key) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (const std::byte b : key.bytes) {
    to += kHex[static_cast<unsigned>(b) >> 4];
    to += kHex[static_cast<unsigned>(b) & 15];
  }
}

class Sealer {
 public:
  Sealer(Library& library, const Bucket& bucket) : library_(library), bucket_(bucket) {}

  Result<std::vector<DocumentRow>> Run(std::vector<DocumentLine>& lines) {
    std::ranges::sort(lines, [](const DocumentLine& a, const DocumentLine& b) {
      return a.time != b.time ? a.time < b.time : a.key < b.key;
    });
    for (size_t begin = 0; begin < lines.size();) {
      size_t end = begin;
      uint64_t bytes = 0;
      for (; end < lines.size() && lines[end].time == lines[begin].time; ++end) {
        bytes += lines[end].line.size() + kKeyExtra + TextBuilder::kLineExtra;
      }
      if (text_.lines() > 0 && text_.size() + bytes > kDocumentLimit) RETURN_IF_ERROR(Seal());
      for (; begin < end; ++begin) Append(lines[begin]);
    }
    if (text_.lines() > 0) RETURN_IF_ERROR(Seal());
    return std::move(rows_);
  }

 private:
  void Append(const DocumentLine& from) {
    std::string& line = text_.Line();
    if (from.needs_key) {
      line += kKeyBegin;
      AppendHex(line, from.key);
      line += "\",";
      line += from.line.substr(1);
    } else {
      line += from.line;
    }
    missing_ += from.missing;
    absent_ += from.is_absent ? 1 : 0;
    if (from.time == SpoolEntry::kNoTime) return;
    if (!first_) first_ = from.time;
    last_ = from.time;
  }

  Status Seal() {
    DocumentRow row;
    row.kind = bucket_.kind;
    row.records = text_.lines();
    if (bucket_.kind == account::Kind::kMessage) {
      ASSIGN_OR_RETURN(row.conversation, Key::Parse(bucket_.group));
    }
    if (first_) row.first = FromMillis(*first_);
    if (last_) row.last = FromMillis(*last_);
    row.missing = std::exchange(missing_, 0);
    row.absent = std::exchange(absent_, 0);
    const std::string text = text_.Take();
    ASSIGN_OR_RETURN(const library::Seal seal, SealText(library_.blobs(), text));
    SetSeal(row, seal);
    rows_.push_back(std::move(row));
    first_ = last_ = std::nullopt;
    return {};
  }

  Library& library_;
  const Bucket& bucket_;
  TextBuilder text_;
  std::optional<int64_t> first_, last_;
  uint64_t missing_ = 0, absent_ = 0;
  std::vector<DocumentRow> rows_;
};

}  // namespace

Result<std::vector<DocumentRow>> SealDocuments(Library& library, const Bucket& bucket,
                                               std::vector<DocumentLine>& lines) {
  return Sealer(library, bucket).Run(lines);
}

}  // namespace valise::library
