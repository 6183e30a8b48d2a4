// A mail as it goes over the wire: headers and multipart/alternative, all ASCII
// (docs/formats/mail.md).
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace valise::mail {

struct Message {
  std::string from_name;
  std::string from;  // addresses that ParseAddress() accepted
  std::string to;
  std::string subject;
  std::string text;
  std::string html;
  std::string id;  // unique; becomes <id@domain of from>
  Timestamp time{};
};

// RFC 5322 with CRLF: From, To, Subject, Date, Message-ID, MIME-Version, Auto-Submitted (RFC 3834);
// text and HTML as quoted-printable. Line breaks in header values become spaces.
std::string Render(const Message& message);

// RFC 2047 "B" words of at most 75 characters when `text` is not plain ASCII; `text` itself
// otherwise.
std::string EncodeHeader(std::string_view text);
// RFC 2045 §6.7, lines of at most 76 characters, CRLF.
std::string QuotedPrintable(std::string_view text);
// "Sun, 06 Nov 1994 08:49:37 +0000" (RFC 5322 §3.3).
std::string MailDate(Timestamp time);

}  // namespace valise::mail
