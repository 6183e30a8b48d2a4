// For tests of live records: a library, its journal, and what a service says in a line.
//
// Thread safety: tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "library/live.h"
#include "library/testing.h"

namespace valise::library {

using account::Kind;

inline Change Put(std::string id, account::Record record, std::string version = "") {
  return {.what = Change::What::kPut,
          .kind = account::KindOf(record),
          .id = std::move(id),
          .record = std::move(record),
          .version = std::move(version)};
}

inline Change Delete(Kind kind, std::string id) {
  return {.what = Change::What::kDelete,
          .kind = kind,
          .id = std::move(id),
          .record = {},
          .version = {}};
}

inline account::Post LivePost(std::string_view time, std::string text) {
  return TestPost("", time, std::move(text));
}

inline account::MediaItem ItemOf(std::string_view bytes, std::string path = "") {
  account::MediaItem item = TestItem(std::move(path));
  item.digest = Sha256(bytes);
  return item;
}

inline constexpr std::string_view kJpeg("\xFF\xD8\xFF\xE0 a photo", 12);

class LiveTest : public testing::Test {
 protected:
  LiveTest() { Open(); }

  void Open() {
    auto opened = Live::Open(library_->folder(), library_.clock());
    ASSERT_TRUE(opened) << opened.error().message;
    live_ = *std::move(opened);
  }
  void Append(const std::vector<Change>& changes) {
    const Status appended = live_->Append(changes);
    ASSERT_TRUE(appended) << appended.error().message;
  }
  Live::Sealed Seal() {
    const auto sealed = live_->Seal(*library_);
    EXPECT_TRUE(sealed) << sealed.error().message;
    EXPECT_TRUE(live_->IsEmpty());
    return sealed.value_or(Live::Sealed{});
  }
  void PutBlob(std::string_view bytes) {
    ASSERT_TRUE(library_->blobs().Put(Sha256(bytes), blob::Encoding::kIdentity, AsBytes(bytes)));
  }
  std::vector<MediumRow> Media() { return *library_->ReadMedia(library_.CurrentHead()); }
  fs::path Folder() { return library_->folder() / "live"; }

  TestLibrary library_;
  std::unique_ptr<Live> live_;
};

}  // namespace valise::library
