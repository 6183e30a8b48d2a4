// What has no place in an Instagram-shaped archive: counted, and told in its README.txt and as
// issues of the request. Nothing is dropped in silence.
//
// Thread safety: none.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace valise::services::instagram {

enum class Reason : uint8_t {
  kMissingMedia,
  kLinkedMedia,
  kEmptyPosts,
  kStoriesWithoutMedium,
  kPostForms,
  kMessageForms,
  kComments,
  kReceivedComments,
  kLikes,
  kConnections,
  kPlaces,
  kDescriptions,
  kSubtitles,
  kCounts,
  kActivities,
  kOriginals,
};
inline constexpr size_t kReasonCount = 16;

class LeftOut {
 public:
  static constexpr size_t kMaxNamed = 1'000;

  void Add(Reason reason, uint64_t count = 1) { counts_[static_cast<size_t>(reason)] += count; }
  void AddMissing(std::string_view path) {
    Add(Reason::kMissingMedia);
    if (missing_.size() < kMaxNamed) missing_.emplace_back(path);
  }
  uint64_t count(Reason reason) const { return counts_[static_cast<size_t>(reason)]; }
  uint64_t total() const;
  // The first kMaxNamed missing media.
  const std::vector<std::string>& missing() const { return missing_; }

  // The file, in English and French. `day`: as of when.
  std::string ReadMe(std::string_view username, std::string_view day) const;

 private:
  std::array<uint64_t, kReasonCount> counts_{};
  std::vector<std::string> missing_;
};

}  // namespace valise::services::instagram
