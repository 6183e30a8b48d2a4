#include "library/document.h"

#include <gtest/gtest.h>

#include "base/crc32.h"
#include "base/deflate.h"
#include "blob/memory_blob_store.h"

namespace valise::library {
namespace {

TEST(Document, HasOneRecordALine) {
  TextBuilder builder;
  EXPECT_EQ(builder.Take(), "[\n]\n");
  builder.Line("{\"a\":1}");
  builder.Line("{}");
  const uint64_t size = builder.size();
  const std::string text = builder.Take();
  EXPECT_EQ(text, "[\n{\"a\":1},\n{}\n]\n");
  EXPECT_EQ(size, text.size());
  std::vector<std::string> lines;
  ASSERT_TRUE(ForEachLine(text, [&](std::string_view line, uint64_t offset) {
    EXPECT_EQ(text.substr(offset, line.size()), line);
    lines.emplace_back(line);
    return Status{};
  }));
  EXPECT_EQ(lines, (std::vector<std::string>{"{\"a\":1}", "{}"}));
}

TEST(Document, OtherFormsAreRefused) {
  const auto code = [](std::string_view text) {
    const auto status = ForEachLine(text, [](std::string_view, uint64_t) { return Status{}; });
    return status ? ErrorCode::kInternal : status.error().code;
  };
  EXPECT_EQ(code("[\n]\n"), ErrorCode::kInternal) << "an empty list is one";
  for (const std::string_view text :
       {"", "[]", "[\n{}]\n", "{}\n", "[\n{}\n{}\n]\n", "[\n1\n]\n", "[\n{},\n]\n", "[\n{}\n]"}) {
    EXPECT_EQ(code(text), ErrorCode::kCorrupt) << text;
  }
}

TEST(Document, IsSealedWithItsTwin) {
  blob::MemoryBlobStore blobs;
  const std::string text = "[\n{\"a\":1}\n]\n";
  const auto seal = SealText(blobs, text);
  ASSERT_TRUE(seal);
  EXPECT_EQ(seal->digest, Sha256(text));
  EXPECT_EQ(seal->crc, Crc32(AsBytes(text)));
  EXPECT_EQ(seal->size, text.size());
  const std::string twin = "valise(\"" + seal->digest.Hex() + "\"," + text + ");";
  EXPECT_EQ(seal->twin_digest, Sha256(twin));
  EXPECT_EQ(twin.size(), text.size() + kTwinExtra);
  // Stored block + the stored stream + final stored block is the twin's deflate stream.
  std::string stored(seal->stored_size, '\0');
  ASSERT_TRUE(blobs.ReadAt(seal->digest, 0, std::as_writable_bytes(std::span(stored))));
  const std::string stream = StoredBlock("valise(\"" + seal->digest.Hex() + "\",", false) + stored +
                             StoredBlock(");", true);
  EXPECT_EQ(*InflateExact(AsBytes(stream), twin.size()), twin);
  EXPECT_EQ(*blobs.ReadContent(seal->digest, seal->size), text);
}

TEST(Document, ChunksCanBeReadAlone) {
  std::string text;
  for (int i = 0; text.size() < 3 * kChunk + 5; ++i)
    text += "{\"n\":" + std::to_string(i * 7919) + "},\n";
  const std::string stored = DeflateChunks(text);
  const std::string ends = ChunkEnds(stored, text.size());
  ASSERT_EQ(ends.size(), 4 * sizeof(uint32_t));
  uint32_t begin = 0;
  for (size_t i = 0; i < 4; ++i) {
    const auto end = LoadLe<uint32_t>(ends.data() + i * sizeof(uint32_t));
    const std::string chunk = text.substr(i * kChunk, kChunk);
    EXPECT_EQ(*InflateOpenExact(AsBytes(stored).subspan(begin, end - begin), chunk.size()), chunk);
    begin = end;
  }
  EXPECT_EQ(*InflateOpenExact(AsBytes(stored), text.size()), text);
  EXPECT_EQ(ChunkEnds(stored, text.size() + kChunk), "") << "another number of chunks";
  EXPECT_EQ(ChunkEnds(DeflateOpen(AsBytes(text)), text.size()), "") << "not in chunks";
}

TEST(Document, AFileWithTheSameBytesIsAConflict) {
  blob::MemoryBlobStore blobs;
  const std::string text = "[\n{}\n]\n";
  ASSERT_TRUE(blobs.Put(Sha256(text), blob::Encoding::kIdentity, AsBytes(text)));
  EXPECT_EQ(SealText(blobs, text).error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace valise::library
