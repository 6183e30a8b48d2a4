#include "mail/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/utf8.h"

namespace valise::mail {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr size_t kLine = 76;
// "=?UTF-8?B?" + base64 + "?=" stays within 75: 45 bytes make 60 characters.
constexpr size_t kEncodedWordBytes = 45;

std::string OneLine(std::string_view text) {
  std::string out = ToValidUtf8(text);
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return out;
}

std::string Part(std::string_view type, std::string_view boundary, std::string_view body) {
  return fmt::format(
      "--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
      "\r\n{}\r\n",
      boundary, type, QuotedPrintable(body));
}

// `"A. Name" <a@b>` with the name encoded where it must be.
std::string Mailbox(std::string_view name, std::string_view address) {
  if (name.empty()) return std::string(address);
  std::string clean = OneLine(name);
  std::erase_if(clean, [](char c) { return c == '"' || c == '\\'; });
  const std::string encoded = EncodeHeader(clean);
  return encoded == clean ? fmt::format("\"{}\" <{}>", clean, address)
                          : fmt::format("{} <{}>", encoded, address);
}

}  // namespace

std::string MailDate(Timestamp time) {
  const CivilTime c = ToCivil(time);
  const int64_t seconds = ToSeconds(time);
  const int64_t days = (seconds - (seconds % 86400 + 86400) % 86400) / 86400;
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                     kDays[static_cast<size_t>((days % 7 + 7) % 7)], c.day,
                     kMonths[static_cast<size_t>(c.month - 1)], c.year, c.hour, c.minute, c.second);
}

std::string EncodeHeader(std::string_view text) {
  std::string line = OneLine(text);
  const bool plain =
      std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (plain && line.find("=?") == std::string::npos) return line;
  std::string out;
  for (std::string_view rest = line; !rest.empty();) {
    const std::string_view word = Utf8Prefix(rest, kEncodedWordBytes);
    rest.remove_prefix(word.size());
    out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ", ToBase64(AsBytes(word)));
  }
  return out;
}

std::string QuotedPrintable(std::string_view text) {
  std::string out;
  size_t column = 0;
  const auto put = [&](std::string_view token, bool last_of_line) {
    // Room for the "=" of a soft break, unless the line ends here anyway.
    if (column + token.size() > kLine - (last_of_line ? 0 : 1)) {
      out += "=\r\n";
      column = 0;
    }
    out += token;
    column += token.size();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (c == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool line_ends = i + 1 == text.size() || text[i + 1] == '\n';
    const bool space = c == ' ' || c == '\t';
    const bool plain = (c > 0x20 && c < 0x7F && c != '=') || (space && !line_ends);
    // A dot that begins a line would need stuffing (RFC 5321 §4.5.2); some servers forget it.
    if (plain && !(c == '.' && column == 0)) {
      put(std::string_view(&c, 1), line_ends);
    } else {
      put(fmt::format("={:02X}", static_cast<unsigned char>(c)), line_ends);
    }
  }
  return out;
}

std::string Render(const Message& message) {
  const std::string boundary = "valise-" + Sha256(message.id + message.text).Hex().substr(0, 32);
  const std::string domain = message.from.substr(message.from.rfind('@') + 1);
  std::string out = fmt::format(
      "From: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}@{}>\r\nMIME-Version: "
      "1.0\r\n"
      "Auto-Submitted: auto-generated\r\n"
      "Content-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n",
      Mailbox(message.from_name, message.from), OneLine(message.to), EncodeHeader(message.subject),
      MailDate(message.time), OneLine(message.id), OneLine(domain), boundary);
  out += Part("text/plain", boundary, message.text);
  out += Part("text/html", boundary, message.html);
  out += fmt::format("--{}--\r\n", boundary);
  return out;
}

}  // namespace valise::mail
