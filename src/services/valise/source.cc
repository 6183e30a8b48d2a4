#include <fmt/format.h>

#include "account/record_json.h"
#include "services/valise/account_file.h"
#include "services/valise/originals.h"
#include "services/valise/places.h"
#include "services/valise/valise_source.h"

namespace valise::services::own {
namespace {

constexpr int kSure = 100;
constexpr uint64_t kAccountLimit = 64u << 20;
constexpr uint64_t kNamedLines = 3;  // damaged lines of a document that are named one by one

void Damaged(account::RecordSink& sink, const DataFile& file, std::string message, uint64_t count) {
  sink.Report({.code = "invalid_record",
               .path = std::string(file.path()),
               .message = std::move(message),
               .count = count});
}

bool IsLine(std::string_view line) { return line.starts_with('{') && line.ends_with('}'); }

// A document is one record a line: "[\n{…},\n{…}\n]\n". Lines that are not records are counted, the
// rest is read.
Result<account::FileCounts> ReadLines(std::string_view text, const DataFile& file,
                                      account::RecordSink& sink) {
  account::FileCounts counts;
  account::RecordParser parser;
  uint64_t damaged = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.ends_with(',')) line.remove_suffix(1);
    if (line.empty() || line == "[" || line == "]") continue;
    ++counts.seen;
    Result<account::Record> record =
        IsLine(line) ? parser.Parse(line) : Fail(ErrorCode::kInvalidArgument, "not an object");
    if (!record) {
      if (++damaged <= kNamedLines) {
        Damaged(sink, file,
                fmt::format("record {} cannot be read: {}", counts.seen, record.error().message),
                1);
      }
      continue;
    }
    ++counts.understood;
    RETURN_IF_ERROR(sink.Put(*std::move(record)));
  }
  if (damaged > kNamedLines) {
    Damaged(sink, file, "more records cannot be read", damaged - kNamedLines);
  }
  return counts;
}

class BundleReading final : public ArchiveReading {
 public:
  BundleReading(std::string top, AccountFile account)
      : top_(std::move(top)), account_(std::move(account)) {}

  std::string_view generation() const override { return "valise portable 1"; }
  std::optional<Timestamp> date() const override { return account_.as_of; }
  std::string RelativePath(std::string_view path) const override {
    return std::string(path.starts_with(top_) ? path.substr(top_.size()) : path);
  }
  FileRole RoleOf(std::string_view path) const override { return own::RoleOf(path); }
  std::string MediaPath(std::string_view path) const override { return std::string(path); }
  bool keeps_keys() const override { return true; }
  std::string account_service() const override { return account_.service; }
  std::string account_username() const override { return account_.username; }

  Result<account::FileCounts> ReadData(DataFile& file, account::RecordSink& sink) const override {
    if (file.size() > DataFile::kWholeFileLimit) {
      Damaged(sink, file, "the document is longer than a bundle of Valise ever has", 1);
      return account::FileCounts{};
    }
    const Result<std::string_view> text = file.Whole();
    if (!text) {
      const ErrorCode code = text.error().code;
      if (code == ErrorCode::kUnavailable || code == ErrorCode::kCancelled) {
        return std::unexpected(text.error());
      }
      Damaged(sink, file, fmt::format("the document cannot be read: {}", text.error().message), 1);
      return account::FileCounts{};
    }
    return ReadLines(*text, file, sink);
  }

  Result<std::vector<EarlierImport>> earlier_imports(const zip::Archive& archive) const override {
    return ReadEarlierImports(archive, top_, account_);
  }

 private:
  const std::string top_;
  const AccountFile account_;
};

}  // namespace

int ValiseSource::Recognize(const Listing& listing) const { return FindTop(listing) ? kSure : 0; }

Result<std::unique_ptr<ArchiveReading>> ValiseSource::Begin(const Listing& listing,
                                                            const zip::Archive& archive) const {
  std::optional<std::string> top = FindTop(listing);
  if (!top) return Fail(ErrorCode::kUnsupported, "this is not a download made by Valise");
  const EntryByPath entries = IndexEntries(archive);
  ASSIGN_OR_RETURN(
      const std::string json,
      zip::ReadEntry(archive, entries.at(*top + std::string(kAccount)), kAccountLimit));
  ASSIGN_OR_RETURN(AccountFile account, ParseAccountFile(json));
  return std::make_unique<BundleReading>(*std::move(top), std::move(account));
}

}  // namespace valise::services::own
