#include "auth/hand_off_token.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <sodium.h>

#include <algorithm>
#include <set>

#include "base/bytes.h"

namespace valise::auth {
namespace {

namespace dom = simdjson::dom;

std::unexpected<Error> Wrong(std::string_view what) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("hand-off: {}", what));
}

// The object in `text`. Members that stand twice are refused: readers differ in which they believe.
Result<dom::object> ParseObject(dom::parser& parser, const std::string& text) {
  dom::object object;
  if (parser.parse(text).get(object) != simdjson::SUCCESS) return Wrong("not a JSON object");
  std::set<std::string_view> names;
  for (const auto& [name, value] : object) {
    if (!names.insert(name).second) return Wrong("a member stands twice");
  }
  return object;
}

Status CheckHeader(const dom::object& header) {
  bool algorithm = false;
  for (const auto& [name, value] : header) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return Wrong("its header is not of texts");
    if (name == "alg") {
      if (text != "EdDSA") return Wrong("not signed with EdDSA");
      algorithm = true;
    } else if (name == "typ") {
      if (text != "JWT") return Wrong("of another type");
    } else if (name != "kid") {
      return Wrong("its header says more than it may");
    }
  }
  if (!algorithm) return Wrong("its header names no algorithm");
  return {};
}

Result<std::string> Text(const dom::object& claims, std::string_view name) {
  std::string_view text;
  if (claims.at_key(name).get(text) != simdjson::SUCCESS || text.empty()) {
    return Wrong(fmt::format("\"{}\" is not a text", name));
  }
  return std::string(text);
}

Result<Timestamp> Seconds(const dom::object& claims, std::string_view name) {
  // Up to the year 9999, so that sums cannot overflow.
  constexpr int64_t kLast = 253'402'300'799;
  int64_t seconds = 0;
  if (claims.at_key(name).get(seconds) != simdjson::SUCCESS || seconds < 0 || seconds > kLast) {
    return Wrong(fmt::format("\"{}\" is not a time", name));
  }
  return FromSeconds(seconds);
}

Status ReadClaims(const dom::object& claims, HandOffToken& token) {
  ASSIGN_OR_RETURN(token.issuer, Text(claims, "iss"));
  ASSIGN_OR_RETURN(token.subject, Text(claims, "sub"));
  ASSIGN_OR_RETURN(token.audience, Text(claims, "aud"));
  ASSIGN_OR_RETURN(token.issued, Seconds(claims, "iat"));
  ASSIGN_OR_RETURN(token.expires, Seconds(claims, "exp"));
  ASSIGN_OR_RETURN(token.id, Text(claims, "jti"));
  if (token.id.size() < kMinTokenId || token.id.size() > kMaxTokenId) {
    return Wrong("\"jti\" is too short or too long");
  }
  std::string_view next;
  if (claims.at_key("next").get(next) == simdjson::SUCCESS && IsSafeNext(next)) token.next = next;
  return {};
}

}  // namespace

bool IsSafeNext(std::string_view next) {
  if (!next.starts_with('/') || next.size() > kMaxNext) return false;
  if (next.size() > 1 && (next[1] == '/' || next[1] == '\\')) return false;
  // Browsers drop tabs and line ends inside addresses, so "/\t/elsewhere" would leave this site.
  return std::ranges::all_of(next, [](char c) { return c > 0x20 && c < 0x7F && c != '\\'; });
}

Result<HandOffToken> HandOffToken::Parse(std::string_view text) {
  if (text.size() > kMaxHandOffToken) return Wrong("too long");
  const size_t first = text.find('.');
  const size_t last = text.rfind('.');
  if (first == std::string_view::npos || last == first ||
      text.substr(first + 1, last - first - 1).contains('.')) {
    return Wrong("not three parts");
  }
  HandOffToken token;
  token.signed_part = text.substr(0, last);
  ASSIGN_OR_RETURN(const std::string header, FromBase64Url(text.substr(0, first)));
  ASSIGN_OR_RETURN(const std::string claims,
                   FromBase64Url(text.substr(first + 1, last - first - 1)));
  ASSIGN_OR_RETURN(const std::string signature, FromBase64Url(text.substr(last + 1)));
  if (signature.size() != token.signature.size()) return Wrong("its signature is not 64 bytes");
  std::ranges::copy(signature, token.signature.begin());
  dom::parser parser;
  ASSIGN_OR_RETURN(const dom::object head, ParseObject(parser, header));
  RETURN_IF_ERROR(CheckHeader(head));
  ASSIGN_OR_RETURN(const dom::object body, ParseObject(parser, claims));
  RETURN_IF_ERROR(ReadClaims(body, token));
  return token;
}

bool HandOffToken::Verify(std::string_view public_key) const {
  const auto key = FromBase64(public_key);
  if (!key.has_value() || key->size() != crypto_sign_PUBLICKEYBYTES) return false;
  return crypto_sign_verify_detached(
             signature.data(), reinterpret_cast<const unsigned char*>(signed_part.data()),
             signed_part.size(), reinterpret_cast<const unsigned char*>(key->data())) == 0;
}

Status HandOffToken::CheckTimes(Timestamp now) const {
  if (expires <= issued || expires - issued > kHandOffLife) return Wrong("its life is too long");
  if (now < issued - kHandOffSkew) return Fail(ErrorCode::kGone, "hand-off: not yet");
  if (now >= expires + kHandOffSkew) return Fail(ErrorCode::kGone, "hand-off: over");
  return {};
}

}  // namespace valise::auth
