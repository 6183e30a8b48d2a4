// The export request: what a person asked for and what became of it.
//
//   asked → snapshot (head pinned) → planned → ready → expired
//   any of the first four → cancelled; the first three → failed
//
// Thread safety: plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/time.h"
#include "bundle/bundle_format.h"
#include "bundle/selection.h"
#include "mail/outbox.h"

namespace valise::requests {

enum class State : uint8_t { kAsked, kSnapshot, kPlanned, kReady, kExpired, kCancelled, kFailed };
std::string_view StateName(State state);  // "asked", …
std::optional<State> ParseState(std::string_view name);
inline bool IsWaiting(State state) { return state <= State::kPlanned; }

// What was chosen, in the words of the API: "photos", "videos", "stories", "comments", "messages",
// "profile", "connections", "likes", "saved", "activity", "originals". No kinds: everything.
struct Choice {
  std::optional<std::vector<std::string>> kinds;
  std::optional<Timestamp> from, until;
  std::string format = "portable";  // of bundle::BundleFormat::name()
  bool operator==(const Choice&) const = default;
};
bool IsChoiceKind(std::string_view kind);
bundle::Selection ToSelection(const Choice& choice);

struct ExportRequest {
  std::string id;  // 16 hex digits
  std::string account_id;
  std::string account_name;
  std::string user_id;
  State state = State::kAsked;
  std::string address;
  std::string language;
  Choice choice;
  Timestamp asked{};
  std::optional<Digest> head;  // pinned as long as the request waits or is ready
  std::optional<Timestamp> as_of, ready, ends, downloaded;
  std::optional<uint64_t> size;
  std::string file_name, etag;  // empty before the plan
  std::string contents;         // JSON object of counts
  uint64_t missing = 0;
  uint64_t damaged = 0;  // of the missing: came, and could not be read
  std::string error_code, error_message;
};

// Why a request was cancelled, in `error_code`: something that it held was erased.
inline constexpr std::string_view kErased = "erased";
inline bool IsErased(const ExportRequest& request) {
  return request.state == State::kCancelled && request.error_code == kErased;
}

}  // namespace valise::requests
