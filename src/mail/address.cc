#include "mail/address.h"

#include <algorithm>

namespace valise::mail {
namespace {

constexpr size_t kMaxAddress = 254;
constexpr size_t kMaxLocal = 64;
constexpr size_t kMaxLabel = 63;

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// atext of RFC 5322 §3.2.3.
bool IsAtomText(char c) {
  return IsLetterOrDigit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").contains(c);
}

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' &&
         label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return IsLetterOrDigit(c) || c == '-'; });
}

bool IsAtom(std::string_view atom) {
  return !atom.empty() && std::ranges::all_of(atom, IsAtomText);
}

// Every part between dots is good.
template <typename Good>
bool EachPart(std::string_view text, Good good) {
  while (true) {
    const size_t dot = text.find('.');
    if (!good(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

Result<std::string> ParseAddress(std::string_view text) {
  const size_t at = text.rfind('@');
  const bool good = at != std::string_view::npos && text.size() <= kMaxAddress && at <= kMaxLocal &&
                    EachPart(text.substr(0, at), IsAtom) && EachPart(text.substr(at + 1), IsLabel);
  if (!good) {
    return Fail(ErrorCode::kInvalidArgument,
                "this is not a mail address that we can send to (like name@example.org)");
  }
  return std::string(text);
}

}  // namespace valise::mail
