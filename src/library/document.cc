#include "library/document.h"

#include <fmt/format.h>

#include "base/crc32.h"
#include "base/deflate.h"

namespace valise::library {
namespace {

constexpr int kLevel = 1;
constexpr uint64_t kHeadLimit = 256u << 20;

}  // namespace

std::string& TextBuilder::Line() {
  text_ += lines_ == 0 ? "\n" : ",\n";
  ++lines_;
  return text_;
}

std::string TextBuilder::Take() {
  text_ += kClosing;
  std::string text = std::exchange(text_, "[");
  lines_ = 0;
  return text;
}

Status ForEachLine(std::string_view text,
                   const std::function<Status(std::string_view line, uint64_t offset)>& visit) {
  const auto damaged = [] {
    return Fail(ErrorCode::kCorrupt, "a document does not have one record a line");
  };
  if (!text.starts_with("[\n") || !text.ends_with("\n]\n")) return damaged();
  const size_t end = text.size() - 3;
  for (size_t at = 2; at < end;) {
    const size_t line_end = text.find('\n', at);
    std::string_view line = text.substr(at, line_end - at);
    if (line_end < end) {
      if (!line.ends_with(',')) return damaged();
      line.remove_suffix(1);
    }
    if (!line.starts_with('{') || !line.ends_with('}')) return damaged();
    RETURN_IF_ERROR(visit(line, at));
    at = line_end + 1;
  }
  return {};
}

Result<Seal> SealText(blob::BlobStore& blobs, std::string_view text) {
  Seal seal{.digest = Sha256(text), .crc = Crc32(AsBytes(text)), .size = text.size()};
  Hasher twin;
  twin.Update(AsBytes(kTwinBegin));
  twin.Update(AsBytes(seal.digest.Hex()));
  twin.Update(AsBytes(kTwinMiddle));
  twin.Update(AsBytes(text));
  twin.Update(AsBytes(kTwinEnd));
  seal.twin_digest = twin.Finish();
  ASSIGN_OR_RETURN(const std::optional<blob::BlobInfo> existing, blobs.Stat(seal.digest));
  blob::BlobInfo info;
  if (existing) {
    info = *existing;
  } else {
    const std::string stored = DeflateChunks(text);
    ASSIGN_OR_RETURN(info, blobs.Put(seal.digest, blob::Encoding::kDeflateOpen, AsBytes(stored)));
  }
  if (info.encoding != blob::Encoding::kDeflateOpen) {
    return Fail(ErrorCode::kConflict,
                fmt::format("blob {} is a received file and a document at once; the import cannot "
                            "seal it",
                            seal.digest.Hex()));
  }
  seal.stored_size = info.stored_size;
  return seal;
}

std::string DeflateChunks(std::string_view text) {
  std::string stored;
  stored.reserve(text.size() / 4);
  for (size_t at = 0; at < text.size(); at += kChunk) {
    stored += DeflateOpen(AsBytes(text.substr(at, kChunk)), kLevel);
  }
  return stored;
}

std::string ChunkEnds(std::string_view stored, uint64_t size) {
  // An open stream ends with an empty stored block on a byte border (RFC 1951 §3.2.4). JSON
  // deflates to Huffman blocks, in which these bytes hardly occur; should they, the number of
  // chunks is wrong and there are no ends.
  static constexpr std::string_view kEnd("\x00\x00\xff\xff", 4);
  std::string ends;
  for (size_t at = stored.find(kEnd); at != std::string_view::npos; at = stored.find(kEnd, at)) {
    at += kEnd.size();
    AppendLe(ends, static_cast<uint32_t>(at));
  }
  const uint64_t chunks = (size + kChunk - 1) / kChunk;
  const bool fits = ends.size() == chunks * sizeof(uint32_t) && !ends.empty() &&
                    LoadLe<uint32_t>(ends.data() + ends.size() - 4) == stored.size();
  return fits ? ends : std::string{};
}

Result<Digest> PutHead(blob::BlobStore& blobs, const Head& head) {
  const std::string json = ToJson(head);
  const Digest digest = Sha256(json);
  const std::string stored = DeflateOpen(AsBytes(json), kLevel);
  RETURN_IF_ERROR(blobs.Put(digest, blob::Encoding::kDeflateOpen, AsBytes(stored)));
  return digest;
}

Result<Head> ReadHead(const blob::BlobStore& blobs, const Digest& digest) {
  ASSIGN_OR_RETURN(const std::optional<blob::BlobInfo> info, blobs.Stat(digest));
  if (!info) {
    return Fail(ErrorCode::kNotFound, fmt::format("head {} is not kept any more", digest.Hex()));
  }
  const auto damaged = [&] {
    return Fail(ErrorCode::kCorrupt, fmt::format("head {} is damaged", digest.Hex()));
  };
  if (info->encoding != blob::Encoding::kDeflateOpen || info->stored_size > kHeadLimit) {
    return damaged();
  }
  std::string stored(info->stored_size, '\0');
  RETURN_IF_ERROR(blobs.ReadAt(digest, 0, std::as_writable_bytes(std::span(stored))));
  // Only the digest says how long it is.
  std::string json;
  std::string part(1u << 18, '\0');
  Inflater inflater;
  for (Bytes in = AsBytes(stored); !in.empty();) {
    ASSIGN_OR_RETURN(const Inflater::Step step,
                     inflater.Run(in, std::as_writable_bytes(std::span(part))));
    json.append(part, 0, step.produced);
    in = in.subspan(step.consumed);
    if (json.size() > kHeadLimit || step.ended) return damaged();
    if (step.consumed == 0 && step.produced == 0) return damaged();
  }
  // What the inflater still holds after its last input.
  while (true) {
    ASSIGN_OR_RETURN(const Inflater::Step step,
                     inflater.Run({}, std::as_writable_bytes(std::span(part))));
    if (step.produced == 0) break;
    json.append(part, 0, step.produced);
    if (json.size() > kHeadLimit) return damaged();
  }
  if (Sha256(json) != digest) return damaged();
  return ParseHead(json);
}

}  // namespace valise::library
