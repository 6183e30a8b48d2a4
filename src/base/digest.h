// Digest: the SHA-256 of some bytes (FIPS 180-4), the name of every blob. Key: 128 bits that name a
// record.
//
// Thread safety: Digest and Key are plain values; a Hasher belongs to one thread.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace valise {

struct Digest {
  static constexpr size_t kSize = 32;
  std::array<std::byte, kSize> bytes{};

  // 64 lower-case hex digits. Parse accepts both cases. Errors: kInvalidArgument.
  std::string Hex() const { return ToHex(bytes); }
  static Result<Digest> Parse(std::string_view hex);

  auto operator<=>(const Digest&) const = default;
};

// A record's key: BLAKE2b-128 of what the record is (docs/formats/records.md).
struct Key {
  static constexpr size_t kSize = 16;
  std::array<std::byte, kSize> bytes{};

  std::string Hex() const { return ToHex(bytes); }
  static Result<Key> Parse(std::string_view hex);
  // BLAKE2b-128 (RFC 7693) of `evidence`.
  static Key Of(std::string_view evidence);

  auto operator<=>(const Key&) const = default;
};

// SHA-256 in pieces. Reusable after Finish().
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void Update(Bytes bytes);
  Digest Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest Sha256(Bytes bytes);
inline Digest Sha256(std::string_view text) { return Sha256(AsBytes(text)); }

// First 8 bytes of BLAKE2b of `text`: a fingerprint for tables in memory, not for identity.
uint64_t Fingerprint(std::string_view text);

// HMAC-SHA-256 (RFC 2104).
Digest HmacSha256(std::string_view key, std::string_view message);

// Compares without leaking where the difference is, for tokens and MACs.
bool ConstantTimeEqual(std::string_view a, std::string_view b);

}  // namespace valise

template <>
struct std::hash<valise::Digest> {
  size_t operator()(const valise::Digest& d) const noexcept {
    return valise::LoadLe<size_t>(d.bytes.data());
  }
};
template <>
struct std::hash<valise::Key> {
  size_t operator()(const valise::Key& k) const noexcept {
    return valise::LoadLe<size_t>(k.bytes.data());
  }
};
