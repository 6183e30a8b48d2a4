// What every BlobStore must do. An adapter's test instantiates the suite with a factory:
//
//   struct MyStore { blob::BlobStore& store(); };   // default-constructible; empty at first
//   INSTANTIATE_TYPED_TEST_SUITE_P(Mine, BlobStoreConformance, MyStore);
//
// Thread safety: test code.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/deflate.h"
#include "blob/blob_store.h"

namespace valise::blob {

template <typename Factory>
class BlobStoreConformance : public ::testing::Test {
 protected:
  BlobStore& store() { return factory_.store(); }

  Digest PutText(std::string_view text) {
    const Digest digest = Sha256(text);
    EXPECT_TRUE(store().Put(digest, Encoding::kIdentity, AsBytes(text)).has_value());
    return digest;
  }
  Result<std::string> Read(const Digest& digest, uint64_t offset, size_t size) {
    std::string out(size, '?');
    RETURN_IF_ERROR(store().ReadAt(digest, offset, std::as_writable_bytes(std::span(out))));
    return out;
  }
  std::map<Digest, BlobInfo> All() {
    std::map<Digest, BlobInfo> all;
    EXPECT_TRUE(store().List([&](const Digest& digest, const BlobInfo& info) -> Status {
      EXPECT_TRUE(all.emplace(digest, info).second) << "listed twice";
      return {};
    }));
    return all;
  }
  static std::string Long() {
    std::string text;
    for (int i = 0; text.size() < 3'000'000; ++i) text += std::to_string(i) + ", ";
    return text;
  }

 private:
  Factory factory_;
};

TYPED_TEST_SUITE_P(BlobStoreConformance);

TYPED_TEST_P(BlobStoreConformance, EmptyStoreHasNothing) {
  EXPECT_TRUE(this->All().empty());
  EXPECT_EQ(this->store().Stat(Sha256("x")).value(), std::nullopt);
}

TYPED_TEST_P(BlobStoreConformance, PutThenStatAndRead) {
  const Digest digest = this->PutText("hello");
  EXPECT_EQ(this->store().Stat(digest).value(), (BlobInfo{Encoding::kIdentity, 5}));
  EXPECT_EQ(this->Read(digest, 0, 5).value(), "hello");
  EXPECT_EQ(this->store().ReadContent(digest, 5).value(), "hello");
}

TYPED_TEST_P(BlobStoreConformance, EmptyBlob) {
  const Digest digest = this->PutText("");
  EXPECT_EQ(this->store().Stat(digest).value(), (BlobInfo{Encoding::kIdentity, 0}));
  EXPECT_EQ(this->Read(digest, 0, 0).value(), "");
  EXPECT_EQ(this->store().ReadContent(digest, 0).value(), "");
}

TYPED_TEST_P(BlobStoreConformance, LongBlobWrittenInPieces) {
  const std::string text = this->Long();
  auto writer = this->store().Begin(Encoding::kIdentity).value();
  for (size_t at = 0; at < text.size(); at += 70'001) {
    ASSERT_TRUE(writer->Write(AsBytes(std::string_view(text).substr(at, 70'001))));
  }
  const Digest digest = Sha256(text);
  EXPECT_EQ(writer->Commit(digest).value(), (BlobInfo{Encoding::kIdentity, text.size()}));
  EXPECT_EQ(this->store().ReadContent(digest, text.size()).value(), text);
}

TYPED_TEST_P(BlobStoreConformance, RangesOfStoredBytes) {
  const Digest digest = this->PutText("0123456789");
  EXPECT_EQ(this->Read(digest, 3, 4).value(), "3456");
  EXPECT_EQ(this->Read(digest, 9, 1).value(), "9");
  EXPECT_EQ(this->Read(digest, 10, 0).value(), "");
}

TYPED_TEST_P(BlobStoreConformance, RangePastTheEndIsCorrupt) {
  const Digest digest = this->PutText("0123456789");
  EXPECT_EQ(this->Read(digest, 8, 3).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(this->Read(digest, 1u << 20, 1).error().code, ErrorCode::kCorrupt);
}

TYPED_TEST_P(BlobStoreConformance, ReadOfAbsentIsNotFound) {
  EXPECT_EQ(this->Read(Sha256("absent"), 0, 1).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(this->store().ReadContent(Sha256("absent"), 1).error().code, ErrorCode::kNotFound);
}

TYPED_TEST_P(BlobStoreConformance, CompleteDeflateIsInflated) {
  const std::string text(10'000, 'a');
  const std::string stored = DeflateComplete(AsBytes(text));
  ASSERT_TRUE(this->store().Put(Sha256(text), Encoding::kDeflate, AsBytes(stored)));
  EXPECT_EQ(this->store().Stat(Sha256(text)).value(),
            (BlobInfo{Encoding::kDeflate, stored.size()}));
  EXPECT_EQ(this->Read(Sha256(text), 0, stored.size()).value(), stored);
  EXPECT_EQ(this->store().ReadContent(Sha256(text), text.size()).value(), text);
}

TYPED_TEST_P(BlobStoreConformance, OpenDeflateIsInflated) {
  const std::string text(10'000, 'b');
  const std::string stored = DeflateOpen(AsBytes(text));
  ASSERT_TRUE(this->store().Put(Sha256(text), Encoding::kDeflateOpen, AsBytes(stored)));
  EXPECT_EQ(this->store().Stat(Sha256(text)).value()->encoding, Encoding::kDeflateOpen);
  EXPECT_EQ(this->store().ReadContent(Sha256(text), text.size()).value(), text);
}

TYPED_TEST_P(BlobStoreConformance, WrongContentIsCorrupt) {
  ASSERT_TRUE(this->store().Put(Sha256("right"), Encoding::kIdentity, AsBytes("wrong")));
  EXPECT_EQ(this->store().ReadContent(Sha256("right"), 5).error().code, ErrorCode::kCorrupt);
}

TYPED_TEST_P(BlobStoreConformance, WrongSizeIsCorrupt) {
  const Digest digest = this->PutText("12345");
  EXPECT_EQ(this->store().ReadContent(digest, 4).error().code, ErrorCode::kCorrupt);
  const std::string text(500, 'c');
  ASSERT_TRUE(
      this->store().Put(Sha256(text), Encoding::kDeflate, AsBytes(DeflateComplete(AsBytes(text)))));
  EXPECT_EQ(this->store().ReadContent(Sha256(text), 499).error().code, ErrorCode::kCorrupt);
}

TYPED_TEST_P(BlobStoreConformance, DamagedDeflateIsCorrupt) {
  ASSERT_TRUE(this->store().Put(Sha256("x"), Encoding::kDeflate, AsBytes("not deflate at all")));
  EXPECT_EQ(this->store().ReadContent(Sha256("x"), 1).error().code, ErrorCode::kCorrupt);
}

TYPED_TEST_P(BlobStoreConformance, SecondPutKeepsTheFirst) {
  const std::string text(10'000, 'd');
  const std::string first = DeflateComplete(AsBytes(text), 1);
  ASSERT_TRUE(this->store().Put(Sha256(text), Encoding::kDeflate, AsBytes(first)));
  const BlobInfo kept{Encoding::kDeflate, first.size()};
  EXPECT_EQ(this->store().Put(Sha256(text), Encoding::kIdentity, AsBytes(text)).value(), kept);
  EXPECT_EQ(this->store().Stat(Sha256(text)).value(), kept);
  EXPECT_EQ(this->All().size(), 1u);
}

TYPED_TEST_P(BlobStoreConformance, SecondWriterLearnsWhatIsKept) {
  auto one = this->store().Begin(Encoding::kIdentity).value();
  auto two = this->store().Begin(Encoding::kDeflateOpen).value();
  const std::string open = DeflateOpen(AsBytes("same"));
  ASSERT_TRUE(one->Write(AsBytes("same")));
  ASSERT_TRUE(two->Write(AsBytes(open)));
  EXPECT_EQ(two->Commit(Sha256("same")).value(), (BlobInfo{Encoding::kDeflateOpen, open.size()}));
  EXPECT_EQ(one->Commit(Sha256("same")).value(), (BlobInfo{Encoding::kDeflateOpen, open.size()}));
  EXPECT_EQ(this->store().ReadContent(Sha256("same"), 4).value(), "same");
}

TYPED_TEST_P(BlobStoreConformance, AbandonedWriterLeavesNothing) {
  {
    auto writer = this->store().Begin(Encoding::kIdentity).value();
    ASSERT_TRUE(writer->Write(AsBytes("abandoned")));
  }
  EXPECT_EQ(this->store().Stat(Sha256("abandoned")).value(), std::nullopt);
  EXPECT_TRUE(this->All().empty());
}

TYPED_TEST_P(BlobStoreConformance, NothingIsSeenBeforeCommit) {
  auto writer = this->store().Begin(Encoding::kIdentity).value();
  ASSERT_TRUE(writer->Write(AsBytes("later")));
  EXPECT_EQ(this->store().Stat(Sha256("later")).value(), std::nullopt);
  ASSERT_TRUE(writer->Commit(Sha256("later")));
  EXPECT_TRUE(this->store().Stat(Sha256("later")).value().has_value());
}

TYPED_TEST_P(BlobStoreConformance, DeleteThenGone) {
  const Digest digest = this->PutText("short life");
  EXPECT_TRUE(this->store().Delete(digest));
  EXPECT_EQ(this->store().Stat(digest).value(), std::nullopt);
  EXPECT_EQ(this->store().Delete(digest).error().code, ErrorCode::kNotFound);
}

TYPED_TEST_P(BlobStoreConformance, PutAfterDelete) {
  const Digest digest = this->PutText("phoenix");
  ASSERT_TRUE(this->store().Delete(digest));
  this->PutText("phoenix");
  EXPECT_EQ(this->store().ReadContent(digest, 7).value(), "phoenix");
}

TYPED_TEST_P(BlobStoreConformance, ListsEveryBlobOnce) {
  std::map<Digest, BlobInfo> expected;
  for (int i = 0; i < 600; ++i) {
    const std::string text = "blob " + std::to_string(i);
    expected[this->PutText(text)] = {Encoding::kIdentity, text.size()};
  }
  EXPECT_EQ(this->All(), expected);
}

TYPED_TEST_P(BlobStoreConformance, ListStopsAtTheFirstError) {
  this->PutText("1");
  this->PutText("2");
  int visits = 0;
  const Status status = this->store().List([&](const Digest&, const BlobInfo&) -> Status {
    ++visits;
    return Fail(ErrorCode::kCancelled, "enough");
  });
  EXPECT_EQ(status.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(visits, 1);
}

TYPED_TEST_P(BlobStoreConformance, SyncKeepsAll) {
  const Digest digest = this->PutText("durable");
  EXPECT_TRUE(this->store().Sync());
  EXPECT_EQ(this->store().ReadContent(digest, 7).value(), "durable");
}

TYPED_TEST_P(BlobStoreConformance, RacingPutsAgree) {
  const std::string text(20'000, 'r');
  const std::string complete = DeflateComplete(AsBytes(text));
  const std::string open = DeflateOpen(AsBytes(text));
  constexpr int kRounds = 40;
  for (int round = 0; round < kRounds; ++round) {
    const Digest digest = Sha256("round " + std::to_string(round));
    std::array<BlobInfo, 3> told;
    std::atomic<int> waiting = 3;
    const auto put = [&](size_t who, Encoding encoding, std::string_view stored) {
      auto writer = this->store().Begin(encoding).value();
      ASSERT_TRUE(writer->Write(AsBytes(stored)));
      for (--waiting; waiting > 0;) std::this_thread::yield();
      told[who] = writer->Commit(digest).value();
    };
    std::thread one(put, 0, Encoding::kIdentity, text);
    std::thread two(put, 1, Encoding::kDeflate, complete);
    put(2, Encoding::kDeflateOpen, open);
    one.join();
    two.join();
    EXPECT_EQ(told[0], told[1]);
    EXPECT_EQ(told[1], told[2]);
    EXPECT_EQ(this->store().Stat(digest).value(), told[0]);
  }
  EXPECT_EQ(this->All().size(), static_cast<size_t>(kRounds));
}

TYPED_TEST_P(BlobStoreConformance, ReadersWhileWriting) {
  const Digest fixed = this->PutText("fixed");
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) this->PutText("other " + std::to_string(i));
  });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(this->store().ReadContent(fixed, 5).value(), "fixed");
  writer.join();
}

TYPED_TEST_P(BlobStoreConformance, SaysWhenItWasPut) {
  const Digest digest = this->PutText("young");
  const auto put = this->store().PutAt(digest).value();
  ASSERT_TRUE(put.has_value());
  EXPECT_TRUE(this->store().Renew(digest));
  EXPECT_GE(this->store().PutAt(digest).value().value(), *put);
  EXPECT_EQ(this->store().PutAt(Sha256("absent")).value(), std::nullopt);
  EXPECT_EQ(this->store().Renew(Sha256("absent")).error().code, ErrorCode::kNotFound);
}

REGISTER_TYPED_TEST_SUITE_P(BlobStoreConformance, EmptyStoreHasNothing, PutThenStatAndRead,
                            EmptyBlob, LongBlobWrittenInPieces, RangesOfStoredBytes,
                            RangePastTheEndIsCorrupt, ReadOfAbsentIsNotFound,
                            CompleteDeflateIsInflated, OpenDeflateIsInflated, WrongContentIsCorrupt,
                            WrongSizeIsCorrupt, DamagedDeflateIsCorrupt, SecondPutKeepsTheFirst,
                            SecondWriterLearnsWhatIsKept, AbandonedWriterLeavesNothing,
                            NothingIsSeenBeforeCommit, DeleteThenGone, PutAfterDelete,
                            ListsEveryBlobOnce, ListStopsAtTheFirstError, SyncKeepsAll,
                            RacingPutsAgree, ReadersWhileWriting, SaysWhenItWasPut);

}  // namespace valise::blob
