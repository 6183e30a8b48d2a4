#include "bundle/plan_writer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>
#include <vector>

#include "base/crc32.h"
#include "base/failpoint.h"
#include "bundle/plan_format.h"
#include "bundle/transfer.h"
#include "zip/layout.h"

namespace valise::bundle {
namespace {

constexpr size_t kSpoolBuffer = 1u << 20;

Status TooMuch(std::string_view what, uint64_t limit) {
  return Fail(ErrorCode::kLimitExceeded,
              fmt::format("the download has {} (at most {}): choose fewer things or a shorter time",
                          what, limit));
}

template <typename T>
std::string_view RawBytes(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

// Rows that are mapped, as the layout wants them.
class MappedRows final : public zip::EntryTable {
 public:
  MappedRows(Bytes file, const PlanSections& at, uint64_t rows)
      : rows_(reinterpret_cast<const PlanRow*>(file.data() + at.rows_at)),
        names_(AsText(file.subspan(at.names_at))),
        count_(rows) {}
  uint64_t count() const override { return count_; }
  zip::LayoutEntry At(uint64_t index) const override { return ToLayoutEntry(rows_[index], names_); }

 private:
  const PlanRow* rows_;
  std::string_view names_;
  uint64_t count_;
};

}  // namespace

Result<Spool> Spool::Create(const fs::path& folder) {
  ASSIGN_OR_RETURN(File file, File::Temporary(folder));
  return Spool(std::move(file));
}

Status Spool::Append(std::string_view bytes) {
  size_ += bytes.size();
  if (buffer_.size() + bytes.size() > kSpoolBuffer) RETURN_IF_ERROR(Flush());
  buffer_.append(bytes);
  return {};
}

Status Spool::Flush() {
  hasher_.Update(AsBytes(buffer_));
  crc_ = Crc32(crc_, AsBytes(buffer_));
  const Status written = file_.Append(AsBytes(buffer_));
  buffer_.clear();
  return written;
}

Status Spool::Close() {
  RETURN_IF_ERROR(Flush());
  digest_ = hasher_.Finish();
  return {};
}

struct PlanWriter::State {
  State(fs::path to, File beside, Spool row_spool, Spool name_spool)
      : path(std::move(to)),
        file(std::move(beside)),
        rows(std::move(row_spool)),
        names(std::move(name_spool)) {}
  ~State() {
    if (!finished) ::unlink(beside().c_str());
  }
  fs::path beside() const { return path.string() + ".new"; }

  Status AddInline(std::string_view bytes);
  Status AddInline(const Spool& content);
  Status FlushInline();
  Status AddRow(const EntryFacts& entry, PlanRow row);
  Status WriteCheckpoints(const PlanSections& at, PlanHeader& header);

  fs::path path;
  File file;  // the plan itself: inline bytes go straight to their place
  Spool rows;
  Spool names;
  std::string inline_buffer;
  Hasher inline_hasher;
  uint64_t inline_size = 0;
  uint64_t inline_written = 0;
  uint64_t count = 0;
  bool finished = false;
};

Status PlanWriter::State::AddInline(std::string_view bytes) {
  inline_size += bytes.size();
  inline_buffer.append(bytes);
  return inline_buffer.size() < kSpoolBuffer ? Status{} : FlushInline();
}

Status PlanWriter::State::FlushInline() {
  inline_hasher.Update(AsBytes(inline_buffer));
  RETURN_IF_ERROR(file.WriteAt(sizeof(PlanHeader) + inline_written, AsBytes(inline_buffer)));
  inline_written += inline_buffer.size();
  inline_buffer.clear();
  return {};
}

Status PlanWriter::State::AddRow(const EntryFacts& entry, PlanRow row) {
  CHECK(!entry.name.empty());
  if (entry.name.size() > kMaxName) return TooMuch("a name that is too long", kMaxName);
  if (count == kMaxRows) return TooMuch("too many files", kMaxRows);
  if (row.stored_size > kMaxStoredSize) return TooMuch("a file that is too large", kMaxStoredSize);
  if (names.size() + entry.name.size() + kMaxFileName > kMaxNames) {
    return TooMuch("too many long names", kMaxNames);
  }
  row.name_offset = static_cast<uint32_t>(names.size());
  row.name_size = static_cast<uint16_t>(entry.name.size());
  row.time_s = entry.time_s;
  RETURN_IF_ERROR(names.Append(entry.name));
  ++count;
  return rows.Append(RawBytes(row));
}

Status PlanWriter::State::WriteCheckpoints(const PlanSections& at, PlanHeader& header) {
  ASSIGN_OR_RETURN(const MappedFile mapped, MappedFile::Open(beside()));
  const MappedRows table(mapped.bytes(), at, count);
  const std::vector<zip::Checkpoint> checkpoints = zip::MakeCheckpoints(table);
  const Bytes bytes = std::as_bytes(std::span(checkpoints));
  header.checkpoints_digest = Sha256(bytes);
  header.zip_size = zip::Layout(table, checkpoints).size();
  return file.WriteAt(at.checkpoints_at, bytes);
}

Result<std::unique_ptr<PlanWriter>> PlanWriter::Create(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  ASSIGN_OR_RETURN(Spool rows, Spool::Create(folder));
  ASSIGN_OR_RETURN(Spool names, Spool::Create(folder));
  ASSIGN_OR_RETURN(File file, File::Create(path.string() + ".new"));
  return std::unique_ptr<PlanWriter>(new PlanWriter(
      std::make_unique<State>(path, std::move(file), std::move(rows), std::move(names))));
}

PlanWriter::PlanWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
PlanWriter::~PlanWriter() = default;

uint64_t PlanWriter::entries() const { return state_->count; }

Result<Spool> PlanWriter::NewSpool() const {
  return Spool::Create(state_->path.has_parent_path() ? state_->path.parent_path() : fs::path("."));
}

Status PlanWriter::AddBlob(const EntryFacts& entry, const BlobBody& body) {
  CHECK(body.prefix.size() <= kMaxWrapper && body.suffix.size() <= kMaxWrapper);
  PlanRow row;
  row.blob = body.blob;
  row.size = body.size;
  row.stored_size = body.prefix.size() + body.blob_size + body.suffix.size();
  row.crc = body.crc;
  row.inline_offset = state_->inline_size;
  row.prefix_size = static_cast<uint16_t>(body.prefix.size());
  row.suffix_size = static_cast<uint16_t>(body.suffix.size());
  row.method = static_cast<uint8_t>(body.method);
  row.body = static_cast<uint8_t>(BodyKind::kBlob);
  RETURN_IF_ERROR(state_->AddInline(body.prefix));
  RETURN_IF_ERROR(state_->AddInline(body.suffix));
  return state_->AddRow(entry, row);
}

Status PlanWriter::AddStored(const EntryFacts& entry, std::string_view content) {
  PlanRow row;
  row.size = row.stored_size = content.size();
  row.crc = Crc32(AsBytes(content));
  row.inline_offset = state_->inline_size;
  RETURN_IF_ERROR(state_->AddInline(content));
  return state_->AddRow(entry, row);
}

Status PlanWriter::AddDeflated(const EntryFacts& entry, const DeflatedBody& body) {
  PlanRow row;
  row.size = body.size;
  row.stored_size = body.stored.size();
  row.crc = body.crc;
  row.inline_offset = state_->inline_size;
  row.method = static_cast<uint8_t>(zip::Method::kDeflate);
  RETURN_IF_ERROR(state_->AddInline(body.stored));
  return state_->AddRow(entry, row);
}

Status PlanWriter::State::AddInline(const Spool& content) {
  std::string part(kSpoolBuffer, '\0');
  for (uint64_t at = 0; at < content.size(); at += part.size()) {
    part.resize(std::min<uint64_t>(part.size(), content.size() - at));
    RETURN_IF_ERROR(content.file().ReadAt(at, std::as_writable_bytes(std::span(part))));
    RETURN_IF_ERROR(AddInline(part));
  }
  return {};
}

Status PlanWriter::AddSpool(const EntryFacts& entry, const Spool& content) {
  PlanRow row;
  row.size = row.stored_size = content.size();
  row.crc = content.crc();
  row.inline_offset = state_->inline_size;
  RETURN_IF_ERROR(state_->AddInline(content));
  return state_->AddRow(entry, row);
}

Status PlanWriter::AddDeflated(const EntryFacts& entry, const Spool& stored, uint64_t size,
                               uint32_t crc) {
  PlanRow row;
  row.size = size;
  row.stored_size = stored.size();
  row.crc = crc;
  row.inline_offset = state_->inline_size;
  row.method = static_cast<uint8_t>(zip::Method::kDeflate);
  RETURN_IF_ERROR(state_->AddInline(stored));
  return state_->AddRow(entry, row);
}

Status PlanWriter::Finish(std::string_view file_name) {
  CHECK(!file_name.empty() && file_name.size() <= kMaxFileName && !state_->finished);
  CHECK(state_->count > 0);
  RETURN_IF_ERROR(state_->names.Append(file_name));
  RETURN_IF_ERROR(state_->FlushInline());
  RETURN_IF_ERROR(state_->rows.Close());
  RETURN_IF_ERROR(state_->names.Close());

  PlanHeader header;
  std::ranges::copy(kPlanMagic, header.magic.begin());
  header.layout_version = kLayoutVersion;
  header.file_name_size = static_cast<uint32_t>(file_name.size());
  header.rows = state_->count;
  header.inline_size = state_->inline_size;
  header.names_size = state_->names.size();
  header.inline_digest = state_->inline_hasher.Finish();
  header.rows_digest = state_->rows.digest();
  header.names_digest = state_->names.digest();

  const PlanSections at = SectionsOf(header.rows, header.inline_size, header.names_size);
  const File& file = state_->file;
  RETURN_IF_ERROR(
      file.WriteAt(sizeof header + header.inline_size,
                   AsBytes(std::string(at.rows_at - sizeof header - header.inline_size, '\0'))));
  RETURN_IF_ERROR(
      CopyBetweenFiles(state_->rows.file(), {0, state_->rows.size()}, file, at.rows_at));
  RETURN_IF_ERROR(
      CopyBetweenFiles(state_->names.file(), {0, state_->names.size()}, file, at.names_at));
  RETURN_IF_ERROR(state_->WriteCheckpoints(at, header));
  RETURN_IF_ERROR(file.WriteAt(0, AsBytes(RawBytes(header))));
  RETURN_IF_ERROR(file.Sync());
  if (::rename(state_->beside().c_str(), state_->path.c_str()) != 0) {
    return std::unexpected(ErrnoError("put the plan in its place"));
  }
  state_->finished = true;
  failpoint::Pass("plan.rename");
  return SyncFolder(state_->path.parent_path());
}

}  // namespace valise::bundle
