// Reads any bytes as each family of file (the first byte chooses), whole and in slices.
//
// Held: nothing crashes, no error but those of the sink, understood ≤ seen, and every record can be
// written and read back.
#include <array>

#include "account/record_json.h"
#include "services/instagram/memory_archive.h"

namespace {

using namespace valise;
using namespace valise::services::instagram;

constexpr std::array<std::string_view, 26> kPaths = {
    "your_instagram_activity/media/posts_1.json",
    "your_instagram_activity/media/stories.json",
    "your_instagram_activity/media/profile_photos.json",
    "personal_information/personal_information/personal_information.json",
    "your_instagram_activity/messages/inbox/ann_12345/message_1.json",
    "your_instagram_activity/comments/post_comments_1.json",
    "your_instagram_activity/likes/liked_posts.json",
    "your_instagram_activity/saved/saved_posts.json",
    "your_instagram_activity/saved/saved_collections.json",
    "connections/followers_and_following/followers_1.json",
    "security_and_login_information/login_and_profile_creation/signup_details.json",
    "media.json",
    "profile.json",
    "messages.json",
    "comments.json",
    "connections.json",
    "searches.json",
    "settings.json",
    "account_history.json",
    "stories_activities.json",
    "logged_information/recent_searches/profile_searches.json",
    "security_and_login_information/login_and_profile_creation/login_activity.json",
    "your_instagram_activity/story_interactions/polls.json",
    "preferences/settings/consents.json",
    "messages/reported_conversations.json",
    "your_instagram_activity/messages/broadcast/a_12345/replies_1.json",
};

void Check(const ListSink& sink, const services::ArchiveReading& reading) {
  account::RecordParser parser;
  for (const account::Record& record : sink.records) {
    const std::string line = account::ToJson(record);
    const auto again = parser.Parse(line);
    CHECK(again.has_value());
    CHECK(account::ToJson(*again) == line);
    for (const account::MediaItem* item : account::MediaOf(record)) {
      const std::string once = reading.MediaPath(item->path);
      CHECK(once.size() <= item->path.size());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string path(kPaths[data[0] % kPaths.size()]);
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const MemoryArchive archive({path, "your_instagram_activity/media/stories.json"});
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  if (!reading) return 0;
  for (const uint64_t claimed_size : {uint64_t{0}, services::DataFile::kWholeFileLimit + 1}) {
    MemoryFile file(path, text, 7, claimed_size);
    ListSink sink;
    const auto counts = (*reading)->ReadData(file, sink);
    CHECK(counts.has_value());
    CHECK(counts->understood <= counts->seen);
    Check(sink, **reading);
  }
  return 0;
}
