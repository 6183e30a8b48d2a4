#include "library/live_journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/crc32.h"

namespace valise::library {
namespace {

constexpr std::string_view kMagic("valise-live-1\n\0\0", 16);
constexpr size_t kFrameHead = 8;
constexpr size_t kReadAtOnce = 1u << 20;
constexpr std::string_view kSuffix = ".journal";
constexpr size_t kNumberDigits = 16;
constexpr char kSeparator = '\x1f';

// Takes values off the front of a payload.
struct Cursor {
  std::string_view rest;
  bool bad = false;

  template <typename T>
  T Take() {
    if (rest.size() < sizeof(T)) {
      bad = true;
      return {};
    }
    const T value = LoadLe<T>(rest.data());
    rest.remove_prefix(sizeof(T));
    return value;
  }
  std::string_view Text(size_t size) {
    if (rest.size() < size) {
      bad = true;
      return {};
    }
    const std::string_view text = rest.substr(0, size);
    rest.remove_prefix(size);
    return text;
  }
};

}  // namespace

uint64_t LiveName(account::Kind kind, std::string_view evidence) {
  std::string text(account::KindName(kind));
  text += kSeparator;
  text += evidence;
  return Fingerprint(text);
}

void AppendFrame(std::string& to, const LiveFrame& frame) {
  const size_t begin = to.size();
  to.append(kFrameHead, '\0');
  to += static_cast<char>(frame.what);
  switch (frame.what) {
    case LiveFrame::What::kPut:
      to += static_cast<char>(frame.kind);
      to += static_cast<char>(frame.names_media);
      AppendLe(to, frame.time);
      AppendLe(to, frame.appended);
      AppendLe(to, frame.name);
      AppendLe(to, static_cast<uint16_t>(frame.group.size()));
      to += frame.group;
      to += frame.line;
      break;
    case LiveFrame::What::kDelete:
      to += static_cast<char>(frame.kind);
      AppendLe(to, frame.appended);
      AppendLe(to, frame.name);
      to += frame.evidence;
      break;
    case LiveFrame::What::kBlob:
      to += AsText(frame.digest.bytes);
      break;
  }
  const std::string_view payload = std::string_view(to).substr(begin + kFrameHead);
  const auto length = static_cast<uint32_t>(payload.size());
  const uint32_t crc = Crc32(AsBytes(payload));
  std::memcpy(to.data() + begin, &length, sizeof length);
  std::memcpy(to.data() + begin + sizeof length, &crc, sizeof crc);
}

Result<LiveFrame> ParseFrame(std::string_view payload) {
  Cursor from{payload};
  LiveFrame frame;
  frame.what = static_cast<LiveFrame::What>(from.Take<uint8_t>());
  switch (frame.what) {
    case LiveFrame::What::kPut:
      frame.kind = static_cast<account::Kind>(from.Take<uint8_t>());
      frame.names_media = from.Take<uint8_t>() != 0;
      frame.time = from.Take<int64_t>();
      frame.appended = from.Take<int64_t>();
      frame.name = from.Take<uint64_t>();
      frame.group = from.Text(from.Take<uint16_t>());
      frame.line = from.Text(from.rest.size());
      break;
    case LiveFrame::What::kDelete:
      frame.kind = static_cast<account::Kind>(from.Take<uint8_t>());
      frame.appended = from.Take<int64_t>();
      frame.name = from.Take<uint64_t>();
      frame.evidence = from.Text(from.rest.size());
      break;
    case LiveFrame::What::kBlob: {
      const std::string_view bytes = from.Text(Digest::kSize);
      if (!from.bad) std::memcpy(frame.digest.bytes.data(), bytes.data(), bytes.size());
      from.bad = from.bad || !from.rest.empty();
      break;
    }
    default:
      from.bad = true;
  }
  if (from.bad || static_cast<size_t>(frame.kind) >= account::kKindCount) {
    return Fail(ErrorCode::kCorrupt,
                "the live journal holds something that this version of Valise does not know");
  }
  return frame;
}

std::string SegmentHeader(Timestamp begun) {
  std::string header(kMagic);
  AppendLe(header, ToMillis(begun));
  return header;
}

fs::path SegmentPath(const fs::path& folder, uint64_t number) {
  return folder / fmt::format("{:016}{}", number, kSuffix);
}

Result<std::vector<uint64_t>> ListSegments(const fs::path& folder) {
  std::vector<uint64_t> numbers;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename();
    uint64_t number = 0;
    if (name.size() != kNumberDigits + kSuffix.size() || !name.ends_with(kSuffix)) continue;
    const auto [to, bad] = std::from_chars(name.data(), name.data() + kNumberDigits, number);
    if (bad == std::errc{} && to == name.data() + kNumberDigits) numbers.push_back(number);
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return std::unexpected(ErrnoError("list the live journal", error.value()));
  }
  std::ranges::sort(numbers);
  return numbers;
}

Result<SegmentReader> SegmentReader::Open(const fs::path& path) {
  ASSIGN_OR_RETURN(File file, File::OpenRead(path));
  SegmentReader reader(std::move(file));
  ASSIGN_OR_RETURN(const bool whole, reader.Fill(kSegmentHeader));
  if (whole && reader.buffer_.starts_with(kMagic)) {
    reader.begun_ = FromMillis(LoadLe<int64_t>(reader.buffer_.data() + kMagic.size()));
    reader.at_ = kSegmentHeader;
  }
  return reader;
}

Result<bool> SegmentReader::Fill(size_t bytes) {
  if (buffer_.size() - at_ >= bytes) return true;
  buffer_.erase(0, at_);
  at_ = 0;
  const size_t had = buffer_.size();
  buffer_.resize(std::max(bytes, kReadAtOnce));
  ASSIGN_OR_RETURN(
      const size_t read,
      file_.ReadSome(offset_, std::as_writable_bytes(std::span(buffer_).subspan(had))));
  offset_ += read;
  buffer_.resize(had + read);
  return buffer_.size() >= bytes;
}

Result<std::optional<LiveFrame>> SegmentReader::Next() {
  const std::optional<LiveFrame> end;
  if (!begun_) return end;
  ASSIGN_OR_RETURN(const bool has_head, Fill(kFrameHead));
  if (!has_head) return end;
  const auto length = LoadLe<uint32_t>(buffer_.data() + at_);
  if (length == 0 || length > kMaxFrame) return end;
  ASSIGN_OR_RETURN(const bool has_all, Fill(kFrameHead + length));
  if (!has_all) return end;
  const auto crc = LoadLe<uint32_t>(buffer_.data() + at_ + sizeof length);
  const std::string_view payload(buffer_.data() + at_ + kFrameHead, length);
  if (Crc32(AsBytes(payload)) != crc) return end;
  at_ += kFrameHead + length;
  ASSIGN_OR_RETURN(const LiveFrame frame, ParseFrame(payload));
  return std::optional(frame);
}

}  // namespace valise::library
