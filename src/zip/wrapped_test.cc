// ZIPs over 4 GiB without ZIP64, as sparse files.
#include "zip/wrapped.h"

#include <gtest/gtest.h>

#include "zip/archive.h"
#include "zip/test_zip.h"

namespace valise::zip {
namespace {

constexpr uint64_t kLargeSize = (1ull << 32) + 5'000;

// Writes as macOS does: 32 bits of everything.
class WrappedZip {
 public:
  explicit WrappedZip(const fs::path& path) : path_(path), file_(*File::Create(path)) {}

  // `hole` bytes of zeros in front of `body` are stored, too.
  void Add(const std::string& name, const std::string& body, uint32_t crc, uint64_t size,
           uint16_t method, uint64_t hole = 0, bool is_named = true) {
    const uint64_t stored = hole + body.size();
    std::string local = "PK\x03\x04";
    AppendLe(local, uint16_t{20});
    AppendLe(local, uint16_t{8});
    AppendLe(local, method);
    AppendLe(local, uint32_t{0x4EEE645C});
    for (int i = 0; i < 3; ++i) AppendLe(local, uint32_t{0});
    AppendLe(local, static_cast<uint16_t>(name.size()));
    AppendLe(local, uint16_t{4});
    local += (is_named ? name : std::string(name.size(), '?')) + std::string(4, '\0');
    std::string header = "PK\x01\x02";
    AppendLe(header, uint16_t{0x0315});
    AppendLe(header, uint16_t{20});
    AppendLe(header, uint16_t{8});
    AppendLe(header, method);
    AppendLe(header, uint32_t{0x4EEE645C});
    AppendLe(header, crc);
    AppendLe(header, static_cast<uint32_t>(stored));
    AppendLe(header, static_cast<uint32_t>(size));
    AppendLe(header, static_cast<uint16_t>(name.size()));
    for (int i = 0; i < 4; ++i) AppendLe(header, uint16_t{0});
    AppendLe(header, 0100644u << 16);
    AppendLe(header, static_cast<uint32_t>(at_));
    central_ += header + name;
    Write(local);
    at_ += hole;
    Write(body);
    std::string descriptor = "PK\x07\x08";
    AppendLe(descriptor, crc);
    AppendLe(descriptor, static_cast<uint32_t>(stored));
    AppendLe(descriptor, static_cast<uint32_t>(size));
    Write(descriptor);
    ++count_;
  }

  void AddStored(const std::string& name, const std::string& body) {
    Add(name, body, Crc32(AsBytes(body)), body.size(), 0);
  }
  void AddDeflated(const std::string& name, const std::string& content) {
    Add(name, DeflateComplete(AsBytes(content)), Crc32(AsBytes(content)), content.size(), 8);
  }

  std::unique_ptr<Archive> Open() {
    auto opened = TryOpen();
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    return opened ? *std::move(opened) : nullptr;
  }
  Result<std::unique_ptr<Archive>> TryOpen() {
    const uint64_t directory = at_;
    Write(central_);
    std::string end = "PK\x05\x06";
    AppendLe(end, uint32_t{0});
    AppendLe(end, count_);
    AppendLe(end, count_);
    AppendLe(end, static_cast<uint32_t>(central_.size()));
    AppendLe(end, static_cast<uint32_t>(directory));
    AppendLe(end, uint16_t{0});
    Write(end);
    return OpenArchive({&path_, 1});
  }

 private:
  void Write(std::string_view bytes) {
    EXPECT_TRUE(file_.WriteAt(at_, AsBytes(bytes)).has_value());
    at_ += bytes.size();
  }

  const fs::path path_;
  const File file_;
  uint64_t at_ = 0;
  uint16_t count_ = 0;
  std::string central_;
};

class WrappedTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  WrappedZip zip_{folder_.path() / "a.zip"};
  const std::string text_ = std::string(3'000, 'x') + "text";
};

TEST_F(WrappedTest, OffsetsAndSizesAreToldAgain) {
  zip_.AddDeflated("first.json", text_);
  zip_.Add("large.mp4", "end", 1, kLargeSize, 0, kLargeSize - 3);
  zip_.AddDeflated("after.json", text_);
  zip_.Add("larger.mp4", "end", 1, 2 * kLargeSize, 0, 2 * kLargeSize - 3);
  zip_.AddStored("last.jpg", "a photo");
  const auto archive = zip_.Open();
  ASSERT_EQ(archive->entries().size(), 5u);
  EXPECT_EQ(archive->entries()[1].size, kLargeSize);
  EXPECT_EQ(archive->entries()[3].stored_size, 2 * kLargeSize);
  EXPECT_EQ(*ReadEntry(*archive, 0, 1 << 20), text_);
  EXPECT_EQ(*ReadEntry(*archive, 2, 1 << 20), text_);
  EXPECT_EQ(*ReadEntry(*archive, 4, 1 << 20), "a photo");
  EXPECT_TRUE(archive->Open(1).has_value());
}

TEST_F(WrappedTest, WhatDeflateCouldNotMakeSmaller) {
  // The stored stream is larger than what it holds, and both are over 4 GiB.
  const uint64_t size = kLargeSize - kLargeSize / 4'000;
  zip_.Add("video.mp4", "end", 1, size, 8, kLargeSize - 3);
  zip_.AddStored("last.jpg", "a photo");
  const auto archive = zip_.Open();
  EXPECT_EQ(archive->entries()[0].stored_size, kLargeSize);
  EXPECT_EQ(archive->entries()[0].size, size);
  EXPECT_EQ(*ReadEntry(*archive, 1, 1 << 20), "a photo");
}

TEST_F(WrappedTest, AnEntryWithoutItsHeaderRefusesTheWhole) {
  zip_.Add("large.mp4", "end", 1, kLargeSize, 0, kLargeSize - 3);
  zip_.Add("hidden.jpg", "a photo", 1, 7, 0, 0, false);
  const auto opened = zip_.TryOpen();
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(opened.error().message.find("give the folder"), std::string::npos);
}

TEST_F(WrappedTest, BytesThatAreNoneOfItAreDamage) {
  zip_.Add("large.mp4", "end", 1, kLargeSize, 0, kLargeSize - 3);
  zip_.Add("bad.jpg", "a photo", 1, 7, 0);
  zip_.AddStored("good.jpg", "another");
  const auto archive = zip_.Open();
  EXPECT_EQ(ReadEntry(*archive, 1, 1 << 20).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(*ReadEntry(*archive, 2, 1 << 20), "another");
}

}  // namespace
}  // namespace valise::zip
