#include "bag/signature.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace valise::bag {
namespace {

constexpr std::string_view kUntrusted = "untrusted comment: ";
constexpr std::string_view kTrusted = "trusted comment: ";
constexpr std::string_view kEd25519 = "Ed";
constexpr std::string_view kPrehashed = "ED";
constexpr std::string_view kNoPassword{"\0\0", 2};
constexpr std::string_view kBlake2b = "B2";
constexpr size_t kSaltAndLimits = 32 + 8 + 8;
constexpr size_t kChecksum = 32;
constexpr size_t kMaxComment = 8192;  // minisign's own limit
constexpr uint64_t kMaxFile = 64 * 1024;

// Bytes of the decoded lines.
constexpr size_t kPublicSize = 2 + 8 + 32;
constexpr size_t kSecretSize = 2 + 2 + 2 + kSaltAndLimits + 8 + 64 + kChecksum;
constexpr size_t kSignatureSize = 2 + 8 + 64;

const unsigned char* Raw(const void* bytes) { return static_cast<const unsigned char*>(bytes); }
unsigned char* Raw(void* bytes) { return static_cast<unsigned char*>(bytes); }

template <size_t N>
std::string_view View(const std::array<std::byte, N>& bytes) {
  return AsText(bytes);
}

template <size_t N>
void Copy(std::array<std::byte, N>& to, std::string_view from) {
  CHECK(from.size() == N);
  std::ranges::copy(AsBytes(from), to.begin());
}

// The next line without its line break; `text` moves past it.
std::string_view TakeLine(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Result<std::string> Decode(std::string_view line, size_t size, std::string_view what) {
  auto raw = FromBase64(line);
  if (!raw || raw->size() != size) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("this is not a minisign {}", what));
  }
  return raw;
}

// An Ed25519 secret key of libsodium is the seed, then the public key that follows from it.
bool HoldsTogether(std::string_view secret) {
  std::array<std::byte, 32> derived;
  std::array<std::byte, 64> again;
  CHECK(crypto_sign_seed_keypair(Raw(derived.data()), Raw(again.data()), Raw(secret.data())) == 0);
  sodium_memzero(again.data(), again.size());
  return View(derived) == secret.substr(crypto_sign_SEEDBYTES);
}

std::array<std::byte, 64> Blake2b512(Bytes message) {
  std::array<std::byte, 64> hash;
  crypto_generichash(Raw(hash.data()), hash.size(), Raw(message.data()), message.size(), nullptr,
                     0);
  return hash;
}

bool Verifies(const std::array<std::byte, 64>& signature, std::string_view message,
              const PublicKey& key) {
  return crypto_sign_verify_detached(Raw(signature.data()), Raw(message.data()), message.size(),
                                     Raw(key.key.data())) == 0;
}

}  // namespace

std::string KeyId::Text() const { return fmt::format("{:016X}", LoadLe<uint64_t>(bytes.data())); }

std::string PublicKey::Line() const {
  return ToBase64(AsBytes(fmt::format("{}{}{}", kEd25519, View(id.bytes), View(key))));
}

std::string PublicKey::FileText() const {
  return fmt::format("{}minisign public key {}\n{}\n", kUntrusted, id.Text(), Line());
}

Result<PublicKey> PublicKey::Parse(std::string_view text) {
  if (text.starts_with(kUntrusted)) TakeLine(text);
  ASSIGN_OR_RETURN(const std::string raw, Decode(TakeLine(text), kPublicSize, "public key"));
  if (!raw.starts_with(kEd25519)) {
    return Fail(ErrorCode::kInvalidArgument, "this is not a minisign public key");
  }
  PublicKey key;
  Copy(key.id.bytes, std::string_view(raw).substr(2, 8));
  Copy(key.key, std::string_view(raw).substr(10));
  return key;
}

SigningKey SigningKey::Generate(Random& random) {
  CHECK(sodium_init() >= 0);
  SigningKey made;
  random.Fill(made.public_key_.id.bytes);
  std::array<std::byte, crypto_sign_SEEDBYTES> seed;
  random.Fill(seed);
  std::array<std::byte, 64> secret;
  CHECK(crypto_sign_seed_keypair(Raw(made.public_key_.key.data()), Raw(secret.data()),
                                 Raw(seed.data())) == 0);
  made.secret_ = Secret(secret);
  sodium_memzero(seed.data(), seed.size());
  sodium_memzero(secret.data(), secret.size());
  return made;
}

Secret<std::string> SigningKey::FileText() const {
  const std::string id_and_key =
      fmt::format("{}{}", View(public_key_.id.bytes), View(secret_.Reveal()));
  std::string raw = fmt::format("{}{}{}", kEd25519, kNoPassword, kBlake2b);
  raw.append(kSaltAndLimits, '\0');
  raw += id_and_key;
  raw.append(kChecksum, '\0');  // minisign leaves it empty when there is no password
  CHECK(raw.size() == kSecretSize);
  return Secret(fmt::format("{}minisign secret key {}\n{}\n", kUntrusted, public_key_.id.Text(),
                            ToBase64(AsBytes(raw))));
}

Result<SigningKey> SigningKey::Parse(const Secret<std::string>& text) {
  CHECK(sodium_init() >= 0);
  std::string_view rest = text.Reveal();
  if (rest.starts_with(kUntrusted)) TakeLine(rest);
  ASSIGN_OR_RETURN(const std::string raw, Decode(TakeLine(rest), kSecretSize, "secret key"));
  const std::string_view view = raw;
  if (!view.starts_with(kEd25519) || view.substr(4, 2) != kBlake2b) {
    return Fail(ErrorCode::kInvalidArgument, "this is not a minisign secret key");
  }
  if (view.substr(2, 2) != kNoPassword) {
    return Fail(ErrorCode::kUnsupported,
                "the secret key has a password: a server needs one without (minisign -G -W)");
  }
  const std::string_view id_and_key = view.substr(6 + kSaltAndLimits, 8 + 64);
  if (!HoldsTogether(id_and_key.substr(8))) {
    return Fail(ErrorCode::kInvalidArgument, "the secret key is damaged");
  }
  SigningKey key;
  std::array<std::byte, 64> secret;
  Copy(secret, id_and_key.substr(8));
  Copy(key.public_key_.id.bytes, id_and_key.substr(0, 8));
  CHECK(crypto_sign_ed25519_sk_to_pk(Raw(key.public_key_.key.data()), Raw(secret.data())) == 0);
  key.secret_ = Secret(secret);
  return key;
}

Result<SigningKey> SigningKey::Load(const fs::path& path) {
  ASSIGN_OR_RETURN(const File file, File::OpenRead(path));
  struct stat info{};
  if (::fstat(file.fd(), &info) != 0) return std::unexpected(ErrnoError("look at the secret key"));
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Fail(
        ErrorCode::kPermissionDenied,
        "other users can read the secret key: make it private (chmod 600) or make a new one");
  }
  ASSIGN_OR_RETURN(std::string text, ReadFile(path, kMaxFile));
  return Parse(Secret(std::move(text)));
}

Status SigningKey::Save(const fs::path& path) const {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(path, ignored))) {
    return Fail(ErrorCode::kAlreadyExists, "there is a secret key already, it is not written over");
  }
  return WriteFileAtomically(path, FileText().Reveal());
}

Result<std::string> SigningKey::Sign(Bytes message, std::string_view trusted_comment) const {
  if (trusted_comment.find_first_of("\r\n") != trusted_comment.npos ||
      trusted_comment.size() > kMaxComment) {
    return Fail(
        ErrorCode::kInvalidArgument,
        fmt::format("a signature's comment must be one line of at most {} bytes", kMaxComment));
  }
  const std::array<std::byte, 64> hash = Blake2b512(message);
  const unsigned char* secret = Raw(secret_.Reveal().data());
  std::array<std::byte, 64> signature;
  std::array<std::byte, 64> comment_signature;
  crypto_sign_detached(Raw(signature.data()), nullptr, Raw(hash.data()), hash.size(), secret);
  const std::string signed_too = fmt::format("{}{}", View(signature), trusted_comment);
  crypto_sign_detached(Raw(comment_signature.data()), nullptr, Raw(signed_too.data()),
                       signed_too.size(), secret);
  const std::string line =
      fmt::format("{}{}{}", kPrehashed, View(public_key_.id.bytes), View(signature));
  return fmt::format("{}signature by Valise, key {}\n{}\n{}{}\n{}\n", kUntrusted,
                     public_key_.id.Text(), ToBase64(AsBytes(line)), kTrusted, trusted_comment,
                     ToBase64(comment_signature));
}

Result<Signature> Signature::Parse(std::string_view text) {
  const auto refuse = [] {
    return Fail(ErrorCode::kInvalidArgument, "this is not a minisign signature");
  };
  if (!TakeLine(text).starts_with(kUntrusted)) return refuse();
  ASSIGN_OR_RETURN(const std::string raw, Decode(TakeLine(text), kSignatureSize, "signature"));
  const std::string_view comment = TakeLine(text);
  if (!comment.starts_with(kTrusted) || comment.size() > kTrusted.size() + kMaxComment)
    return refuse();
  ASSIGN_OR_RETURN(const std::string global, Decode(TakeLine(text), 64, "signature"));
  if (!raw.starts_with(kPrehashed) && !raw.starts_with(kEd25519)) return refuse();
  Signature signature;
  signature.prehashed = raw.starts_with(kPrehashed);
  signature.trusted_comment = comment.substr(kTrusted.size());
  Copy(signature.key_id.bytes, std::string_view(raw).substr(2, 8));
  Copy(signature.signature, std::string_view(raw).substr(10));
  Copy(signature.comment_signature, global);
  return signature;
}

Status CheckSignature(const Signature& signature, Bytes message, const PublicKey& key) {
  CHECK(sodium_init() >= 0);
  if (signature.key_id != key.id) {
    return Fail(ErrorCode::kPermissionDenied,
                fmt::format("signed by key {}, not by {}", signature.key_id.Text(), key.id.Text()));
  }
  const std::array<std::byte, 64> hash = Blake2b512(message);
  if (!Verifies(signature.signature, signature.prehashed ? View(hash) : AsText(message), key)) {
    return Fail(ErrorCode::kCorrupt,
                "the signature does not fit: what was signed has been changed");
  }
  const std::string signed_too =
      fmt::format("{}{}", View(signature.signature), signature.trusted_comment);
  if (!Verifies(signature.comment_signature, signed_too, key)) {
    return Fail(ErrorCode::kCorrupt, "the signature's comment has been changed");
  }
  return {};
}

}  // namespace valise::bag
