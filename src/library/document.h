// The form of documents and lists, and their sealing into blobs (docs/formats/documents.md).
//
// Thread safety: pure functions over a BlobStore; a LineReader belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "blob/blob_store.h"
#include "library/head.h"

namespace valise::library {

// A document has at most this many bytes, save that equal times are not parted.
inline constexpr uint64_t kDocumentLimit = 2u << 20;
// The stored stream is one open stream after the other, each of so many bytes of text, so that a
// line can be read without the rest of its document.
inline constexpr uint64_t kChunk = 64u << 10;
// Twin: kTwinBegin + 64 hex digits + kTwinMiddle + text + kTwinEnd.
inline constexpr std::string_view kTwinBegin = "valise(\"";
inline constexpr std::string_view kTwinMiddle = "\",";
inline constexpr std::string_view kTwinEnd = ");";
inline constexpr uint64_t kTwinExtra =
    kTwinBegin.size() + 2 * Digest::kSize + kTwinMiddle.size() + kTwinEnd.size();
static_assert(kTwinExtra == 76, "docs/formats/documents.md");

// How the line of a record begins: kKeyBegin + kKeyHex digits. The key in front of a line that has
// none yet costs kKeyExtra bytes: "{" becomes {"key":"…",
inline constexpr std::string_view kKeyBegin = "{\"key\":\"";
inline constexpr size_t kKeyHex = 2 * Key::kSize;
inline constexpr uint64_t kKeyExtra = kKeyBegin.size() + kKeyHex + 1;

// Puts lines together: "[\n{…},\n{…}\n]\n".
class TextBuilder {
 public:
  // Begins a line; the caller appends it to what is returned, which stays valid until the next
  // call.
  std::string& Line();
  void Line(std::string_view line) { Line() += line; }
  // Makes room for a text of that size at once.
  void Reserve(uint64_t bytes) { text_.reserve(bytes); }
  uint64_t lines() const { return lines_; }
  // Bytes that Take() would give.
  uint64_t size() const { return text_.size() + kClosing.size(); }
  // Ends the text and begins the next. The buffer is handed out.
  std::string Take();

  // What a line costs beside its own bytes: ",\n". An empty text has 4 bytes.
  static constexpr uint64_t kLineExtra = 2;
  static constexpr uint64_t kEmpty = 4;

 private:
  static constexpr std::string_view kClosing = "\n]\n";
  std::string text_ = "[";
  uint64_t lines_ = 0;
};

// Calls visit(line, offset) for each line; `offset` is its place in the text. Stops at the first
// error. Errors: kCorrupt (not of this form), those of `visit`.
Status ForEachLine(std::string_view text,
                   const std::function<Status(std::string_view line, uint64_t offset)>& visit);

// What a row says of a sealed text.
struct Seal {
  Digest digest;
  Digest twin_digest;
  uint32_t crc = 0;
  uint64_t size = 0;
  uint64_t stored_size = 0;
};
// Hashes, deflates and stores a text. Errors: those of the store; kConflict if a blob of this
// digest is there in another encoding (a received file that happens to be byte for byte a
// document).
Result<Seal> SealText(blob::BlobStore& blobs, std::string_view text);

// Writes the seal into a row of either kind.
template <typename Row>
void SetSeal(Row& row, const Seal& seal) {
  row.digest = seal.digest;
  row.twin_digest = seal.twin_digest;
  row.crc = seal.crc;
  row.size = seal.size;
  row.stored_size = seal.stored_size;
}

// `text` as it is stored: open streams of kChunk bytes each.
std::string DeflateChunks(std::string_view text);
// Where each chunk ends in the stored stream, as little-endian uint32s; empty when it is not of
// that form.
std::string ChunkEnds(std::string_view stored, uint64_t size);

// The JSON of a head as a blob. Returns its digest.
Result<Digest> PutHead(blob::BlobStore& blobs, const Head& head);
// Errors: kNotFound, kCorrupt.
Result<Head> ReadHead(const blob::BlobStore& blobs, const Digest& digest);

}  // namespace valise::library
