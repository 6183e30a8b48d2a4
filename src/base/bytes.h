// Borrowed and owned byte strings.
//
// Bytes borrows, std::string and std::vector own. Thread safety: plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace valise {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Half-open range [offset, offset + length) of a longer byte string.
struct ByteRange {
  uint64_t offset = 0;
  uint64_t length = 0;
  uint64_t end() const { return offset + length; }
  bool operator==(const ByteRange&) const = default;
};

// Lower-case hexadecimal; reading accepts both cases. Errors: kInvalidArgument (odd length, not
// hex).
std::string ToHex(Bytes bytes);
Result<std::string> FromHex(std::string_view hex);

// URL-safe base64 without padding (RFC 4648 §5), and the standard alphabet with padding (§4).
std::string ToBase64Url(Bytes bytes);
Result<std::string> FromBase64Url(std::string_view text);
std::string ToBase64(Bytes bytes);
Result<std::string> FromBase64(std::string_view text);

// Little-endian integers, as ZIP and our plan files use them. The caller has checked the bounds.
template <typename T>
T LoadLe(const void* from) {
  T value{};
  __builtin_memcpy(&value, from, sizeof value);
  return value;
}
template <typename T>
void AppendLe(std::string& to, T value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "plan files are mapped as they are");

}  // namespace valise
