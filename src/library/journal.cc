#include "library/journal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "base/crc32.h"
#include "base/digest.h"

namespace valise::library {
namespace {

constexpr std::string_view kMagic = "valise-import-journal-1";
constexpr uint64_t kJournalLimit = 4ull << 30;
constexpr size_t kCrcDigits = 8;

// Takes a number and the space behind it.
template <typename T>
bool TakeNumber(std::string_view& text, T& to, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to, base);
  if (error != std::errc{} || end == text.data() + text.size() || *end != ' ') return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()) + 1);
  return true;
}

std::string DigestOf(const std::vector<std::string>& paths) {
  Hasher hasher;
  for (const std::string& path : paths) {
    hasher.Update(AsBytes(path));
    hasher.Update(AsBytes("\n"));
  }
  return hasher.Finish().Hex();
}

}  // namespace

std::string BootId() {
  Result<std::string> id = Fail(ErrorCode::kNotFound, "");
  // procfs gives sizes of 0, so the file is read as far as it goes.
  if (const auto file = File::OpenRead("/proc/sys/kernel/random/boot_id")) {
    std::string text(64, '\0');
    const auto read = file->ReadSome(0, std::as_writable_bytes(std::span(text)));
    if (read) id = text.substr(0, std::min(*read, text.find('\n')));
  }
  return id && !id->empty() ? *id : "unknown";
}

Result<std::unique_ptr<Journal>> Journal::Open(const fs::path& path,
                                               const std::vector<std::string>& paths,
                                               std::string_view boot_id) {
  const std::string files = DigestOf(paths);
  ASSIGN_OR_RETURN(File file, File::OpenWrite(path));
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path, kJournalLimit));
  auto journal = std::unique_ptr<Journal>(
      new Journal(std::move(file), fmt::format("{} {} {}\n", kMagic, boot_id, files)));
  const std::string_view header = std::string_view(content).substr(0, content.find('\n') + 1);
  const bool known = header.starts_with(kMagic);
  if (known && !header.starts_with(fmt::format("{} {} ", kMagic, boot_id))) {
    journal->must_be_checked_ = true;
  }
  if (known && header.ends_with(fmt::format(" {}\n", files))) {
    RETURN_IF_ERROR(journal->Load(std::string_view(content).substr(header.size())));
  }
  // Until the check is done the old boot's id stays, so that a second interruption is noticed too.
  if (!journal->must_be_checked_) RETURN_IF_ERROR(journal->Start());
  return journal;
}

// Reads lines until the first that is torn.
Status Journal::Load(std::string_view content) {
  while (!content.empty()) {
    const size_t end = content.find('\n');
    if (end == std::string_view::npos) break;
    std::string_view line = content.substr(0, end);
    content.remove_prefix(end + 1);
    uint32_t crc = 0;
    uint32_t number = 0;
    Entry entry;
    if (line.size() <= kCrcDigits || !TakeNumber(line, crc, 16)) break;
    if (Crc32(AsBytes(line)) != crc) break;
    if (!TakeNumber(line, number) || !TakeNumber(line, entry.stamp)) break;
    auto files = account::ParseOriginalFiles(fmt::format("[{}]", line));
    if (!files || files->size() != 1) break;
    entry.file = std::move(files->front());
    entries_[number] = std::move(entry);
  }
  return {};
}

// Writes the whole journal anew, with this boot's id.
Status Journal::Start() {
  if (::ftruncate(file_.fd(), 0) != 0 || ::lseek(file_.fd(), 0, SEEK_SET) != 0) {
    return std::unexpected(ErrnoError("begin the import journal"));
  }
  RETURN_IF_ERROR(file_.Append(AsBytes(header_)));
  for (const auto& [number, entry] : entries_) {
    RETURN_IF_ERROR(Add(number, entry.file, entry.stamp));
  }
  return file_.Sync();
}

Status Journal::Trust() {
  must_be_checked_ = false;
  return Start();
}

const Journal::Entry* Journal::Find(uint32_t number) const {
  const auto found = entries_.find(number);
  return found == entries_.end() ? nullptr : &found->second;
}

Status Journal::Add(uint32_t number, const account::OriginalFile& file, uint64_t stamp) {
  const std::string rest = fmt::format("{} {} {}", number, stamp, account::ToJson(file));
  const std::string line = fmt::format("{:08x} {}\n", Crc32(AsBytes(rest)), rest);
  const std::lock_guard lock(mutex_);
  return file_.Append(AsBytes(line));
}

Status Journal::Remove(const fs::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    return std::unexpected(ErrnoError("remove the import journal"));
  }
  return {};
}

}  // namespace valise::library
