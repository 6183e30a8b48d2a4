// Signatures that the program `minisign` makes and checks (docs/formats/signature.md): Ed25519 over
// BLAKE2b-512.
//
// Whoever has the public key can tell that a bundle came from the holder of the secret one and that
// not a byte of what it lists has changed. Thread safety: plain values and pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/file.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace valise::bag {

// 8 bytes that name a key pair.
struct KeyId {
  std::array<std::byte, 8> bytes{};
  // As minisign prints it: 16 upper-case hex digits, most significant first.
  std::string Text() const;
  bool operator==(const KeyId&) const = default;
};

struct PublicKey {
  KeyId id;
  std::array<std::byte, 32> key{};

  // The file minisign.pub: a comment line and a base64 line. Parse also takes the base64 line
  // alone. Errors: kInvalidArgument.
  std::string FileText() const;
  static Result<PublicKey> Parse(std::string_view text);
  // The base64 line, as `minisign -P` takes it.
  std::string Line() const;

  bool operator==(const PublicKey&) const = default;
};

// The secret half. It never leaves but into its file.
class SigningKey {
 public:
  static SigningKey Generate(Random& random);
  // The text of a secret key file without a password (`minisign -G -W`). Errors: kInvalidArgument;
  // kUnsupported (the key has a password).
  static Result<SigningKey> Parse(const Secret<std::string>& text);
  // Errors: kNotFound; kPermissionDenied (others can read the file); those of Parse.
  static Result<SigningKey> Load(const fs::path& path);
  // Mode 0600; after a crash there is the whole file or none. Errors: kAlreadyExists (a key is
  // never written over); kUnavailable.
  Status Save(const fs::path& path) const;
  Secret<std::string> FileText() const;

  const PublicKey& public_key() const { return public_key_; }

  // The text of the .minisig file for `message`. `trusted_comment` is signed too; it must be one
  // line. The same message, comment and key give the same text. Errors: kInvalidArgument (line
  // break in the comment).
  Result<std::string> Sign(Bytes message, std::string_view trusted_comment) const;

 private:
  Secret<std::array<std::byte, 64>> secret_;
  PublicKey public_key_;
};

// A .minisig file, taken apart but not believed yet.
struct Signature {
  KeyId key_id;
  bool prehashed = true;  // "ED"; false: the old "Ed", over the message itself
  std::array<std::byte, 64> signature{};
  std::string trusted_comment;
  std::array<std::byte, 64> comment_signature{};

  // Errors: kInvalidArgument.
  static Result<Signature> Parse(std::string_view text);
};

// Errors: kPermissionDenied (made by another key); kCorrupt (the message or the trusted comment is
// not what was signed).
Status CheckSignature(const Signature& signature, Bytes message, const PublicKey& key);

}  // namespace valise::bag
