#include "library/head.h"

#include <gtest/gtest.h>

#include "blob/memory_blob_store.h"
#include "library/document.h"

namespace valise::library {
namespace {

ListRow SampleList(std::string name) {
  return {.digest = Sha256(name),
          .twin_digest = Sha256(name + "twin"),
          .crc = 0xFFFFFFFF,
          .size = uint64_t{1} << 40,
          .stored_size = 17,
          .name = std::move(name),
          .rows = 3,
          .bytes = uint64_t{1} << 50};
}

Head Sample() {
  Head head;
  head.service = "instagram";
  head.username = "ann \"<é>\n";
  head.time = FromMillis(1'700'000'000'123);
  head.parent = Sha256("parent");
  account::ImportInfo info;
  info.id = "9f1c000000000000";
  info.service = "instagram";
  info.date = FromSeconds(1);
  info.parts = {"a.zip"};
  head.imports = {{info, SampleList("originals/9f1c000000000000")}};
  DocumentRow row;
  row.digest = Sha256("d");
  row.twin_digest = Sha256("t");
  row.crc = 5;
  row.size = 6;
  row.stored_size = 7;
  row.kind = account::Kind::kMessage;
  row.name = "messages/ann-1f3c09/2021";
  row.conversation = Key::Of("c");
  row.records = 9;
  row.first = FromMillis(-1);
  row.last = FromMillis(1);
  head.documents = {row, row};
  head.documents[1].conversation.reset();
  head.documents[1].first.reset();
  head.documents[1].missing = 3;
  head.documents[1].absent = 2;
  head.documents[1].kind = account::Kind::kProfile;
  head.media = {SampleList("media/2024")};
  head.issues = SampleList("issues");
  head.counts.records[0] = 1;
  head.counts.records[8] = 2;
  head.counts.media = 3;
  head.counts.video_bytes = 4;
  return head;
}

TEST(Head, ComesBack) {
  const auto back = ParseHead(ToJson(Sample()));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, Sample());
  const auto empty = ParseHead(ToJson(Head{}));
  ASSERT_TRUE(empty) << empty.error().message;
  EXPECT_EQ(*empty, Head{});
}

TEST(Head, EqualHeadsAreEqualBytes) {
  EXPECT_EQ(ToJson(*ParseHead(ToJson(Sample()))), ToJson(Sample()));
}

TEST(Head, EveryTruncationIsRefused) {
  const std::string json = ToJson(Sample());
  for (size_t size = 0; size + 2 < json.size(); ++size) {
    const auto parsed = ParseHead(std::string_view(json).substr(0, size));
    ASSERT_FALSE(parsed) << size;
    EXPECT_EQ(parsed.error().code, ErrorCode::kCorrupt);
  }
}

TEST(Head, WrongMembersAreNamed) {
  const auto with = [](std::string_view from, std::string_view to) {
    std::string json = ToJson(Sample());
    const size_t at = json.find(from);
    EXPECT_NE(at, std::string::npos);
    json.replace(at, from.size(), to);
    const auto parsed = ParseHead(json);
    return parsed ? Error{ErrorCode::kInternal, "taken"} : parsed.error();
  };
  EXPECT_EQ(with("valise-head-1", "valise-head-2").code, ErrorCode::kUnsupported);
  EXPECT_EQ(with("valise-head-1", "other").message, "head: \"format\" is not that of a head");
  EXPECT_EQ(with("\"kind\":\"message\"", "\"kind\":\"chat\"").message,
            "head: document: \"kind\" is not a kind of record");
  EXPECT_EQ(with("\"crc\":5", "\"crc\":4294967296").message,
            "head: document: \"crc\" is not a whole number of that size");
  EXPECT_EQ(with("\"crc\":5", "\"crc\":-1").code, ErrorCode::kCorrupt);
  EXPECT_EQ(with("\"records\":9", "\"records\":9,\"colour\":1").code, ErrorCode::kCorrupt);
  EXPECT_EQ(with("\"records\":9,", "").message, "head: document: \"records\" is missing");
  EXPECT_EQ(with("\"media\":[", "\"media\":7,\"x\":[").message, "head: \"media\" is not an array");
}

TEST(MediumRow, ComesBack) {
  MediumRow full;
  full.digest = Sha256("m");
  full.crc = 1;
  full.size = 2;
  full.stored_size = 3;
  full.deflated = true;
  full.type = "image/jpeg";
  full.time = FromMillis(4);
  full.name = "1970/x.jpg";
  full.used_by = {account::Kind::kPost, account::Kind::kSaved};
  MediumRow bare;
  bare.name = "undated/y.bin";
  const auto rows = ParseMediumRows("[\n" + ToJson(full) + ",\n" + ToJson(bare) + "\n]\n");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(*rows, (std::vector{full, bare}));
  EXPECT_FALSE(ParseMediumRows("{}"));
  EXPECT_FALSE(ParseMediumRows("[{}]"));
  EXPECT_FALSE(
      ParseMediumRows("[" + ToJson(full).replace(ToJson(full).find("post"), 4, "past") + "]"));
}

TEST(Head, IsReadBackFromAStoreAndDamageIsNoticed) {
  blob::MemoryBlobStore blobs;
  Head head = Sample();
  // Long enough for several turns of the inflater, and well compressible.
  head.documents.resize(20'000, head.documents[0]);
  const Digest digest = *PutHead(blobs, head);
  const auto back = ReadHead(blobs, digest);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, head);
  EXPECT_EQ(ReadHead(blobs, Sha256("other")).error().code, ErrorCode::kNotFound);
  const Digest wrong = Sha256("wrong");
  ASSERT_TRUE(blobs.Put(wrong, blob::Encoding::kDeflateOpen, AsBytes("\x01\x02garbage")));
  EXPECT_EQ(ReadHead(blobs, wrong).error().code, ErrorCode::kCorrupt);
  const Digest plain = Sha256("plain");
  ASSERT_TRUE(blobs.Put(plain, blob::Encoding::kIdentity, AsBytes("plain")));
  EXPECT_EQ(ReadHead(blobs, plain).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace valise::library
