// What our mails say, in English and French.
//
// Thread safety: pure functions. Voice: short sentences, everyday words; French uses vous,
// typographic apostrophes and narrow no-break spaces.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace valise::mail {

struct Letter {
  std::string subject;
  std::string text;
  std::string html;
};

// "Your download is ready", to the address that was asked for.
struct ReadyFacts {
  std::string language;  // "en", "fr"
  std::string account;   // the account's user name
  std::string server;    // the server's name
  std::string page_url;  // asks for sign-in, then gives the download
  Timestamp as_of{};
  Timestamp ends{};
  uint64_t size = 0;
};
Letter ReadyLetter(const ReadyFacts& facts);

// "Someone asked for a copy of your account", to the user's own address when the download goes
// elsewhere.
struct NoticeFacts {
  std::string language;
  std::string account;
  std::string server;
  std::string address;
  std::string cancel_url;
};
Letter NoticeLetter(const NoticeFacts& facts);

// "Your download could not be made".
struct FailedFacts {
  std::string language;
  std::string account;
  std::string server;
  std::string page_url;
};
Letter FailedLetter(const FailedFacts& facts);

// "Your download was cancelled": something that it held was erased.
struct ErasedFacts {
  std::string language;
  std::string account;
  std::string server;
  std::string page_url;  // where one click asks again
};
Letter ErasedLetter(const ErasedFacts& facts);

// "24 April 2018, 14:05 UTC", "24 avril 2018 à 14:05 UTC"; "28 April", "28 avril".
std::string LongTime(std::string_view language, Timestamp time);
std::string ShortDate(std::string_view language, Timestamp time);
// "11.4 GB", "11,4 Go".
std::string SizeWords(std::string_view language, uint64_t bytes);

}  // namespace valise::mail
