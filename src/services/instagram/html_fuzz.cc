// Reads any bytes as each family of page (the first byte chooses).
//
// Held: nothing crashes, no error but those of the sink, understood ≤ seen, every record can be
// written and read back, and the pieces that the bytes come in change nothing.
#include <array>

#include "account/record_json.h"
#include "services/instagram/memory_archive.h"

namespace {

using namespace valise;
using namespace valise::services::instagram;

constexpr std::array<std::string_view, 8> kPaths = {
    "your_instagram_activity/media/posts_1.html",
    "your_instagram_activity/media/stories.html",
    "your_instagram_activity/messages/inbox/ann_12345/message_1.html",
    "connections/followers_and_following/followers_1.html",
    "your_instagram_activity/likes/liked_posts.html",
    "your_instagram_activity/comments/post_comments_1.html",
    "personal_information/personal_information/personal_information.html",
    "logged_information/recent_searches/profile_searches.html",
};

std::vector<account::Record> Read(const std::string& path, const std::string& text, size_t chunk) {
  const MemoryArchive archive({path, "your_instagram_activity/media/posts_2.json"});
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  CHECK(reading.has_value());
  MemoryFile file(path, text, chunk);
  ListSink sink;
  const auto counts = (*reading)->ReadData(file, sink);
  CHECK(counts.has_value());
  CHECK(counts->understood <= counts->seen);
  return sink.records;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string path(kPaths[data[0] % kPaths.size()]);
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::vector<account::Record> records = Read(path, text, 1 << 20);
  CHECK(Read(path, text, 5) == records);
  account::RecordParser parser;
  for (const account::Record& record : records) {
    const std::string line = account::ToJson(record);
    const auto again = parser.Parse(line);
    CHECK(again.has_value());
    CHECK(account::ToJson(*again) == line);
  }
  return 0;
}
