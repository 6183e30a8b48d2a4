#include "web/tus.h"

#include <charconv>

#include "http/text.h"

namespace valise::web {

Result<uint64_t> ByteCount(const http::Headers& headers, std::string_view field) {
  const std::string_view text = headers.Get(field);
  uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  // Sums of a few of them stay far from the end of 64 bits, and the desk's numbers have a sign.
  constexpr uint64_t kMost = 1ull << 60;
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || count > kMost) {
    return Fail(ErrorCode::kInvalidArgument,
                std::string(field) + " must be a whole number of bytes");
  }
  return count;
}

Result<std::string> Metadata(std::string_view field, std::string_view name) {
  while (!field.empty()) {
    const size_t comma = std::min(field.find(','), field.size());
    std::string_view pair = field.substr(0, comma);
    field.remove_prefix(std::min(comma + 1, field.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    const size_t space = std::min(pair.find(' '), pair.size());
    if (pair.substr(0, space) != name) continue;
    if (space == pair.size()) return std::string();
    return FromBase64(pair.substr(space + 1));
  }
  return std::string();
}

Checksum::Checksum(const bag::Algorithm& algorithm, std::string expected)
    : algorithm_{&algorithm}, hasher_(algorithm_), expected_(std::move(expected)) {
  hasher_.Start(1);
}

Result<std::unique_ptr<Checksum>> Checksum::Parse(std::string_view field) {
  const size_t space = std::min(field.find(' '), field.size());
  const std::string_view name = field.substr(0, space);
  const bag::Algorithm* algorithm =
      name == "sha1" || name == "sha256" ? bag::FindAlgorithm(name) : nullptr;
  if (algorithm == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "Upload-Checksum must be sha1 or sha256");
  }
  ASSIGN_OR_RETURN(const std::string raw,
                   FromBase64(field.substr(std::min(space + 1, field.size()))));
  std::string hex = ToHex(AsBytes(raw));
  if (hex.size() != algorithm->hex_size) {
    return Fail(ErrorCode::kInvalidArgument, "Upload-Checksum does not have its algorithm's size");
  }
  return std::unique_ptr<Checksum>(new Checksum(*algorithm, std::move(hex)));
}

void AddTusHeaders(http::Response& response, const bring::Upload& upload) {
  response.headers.Set("Tus-Resumable", std::string(kTusVersion));
  response.headers.Set("Cache-Control", "no-store");
  response.headers.Set("Upload-Offset", std::to_string(upload.offset));
  response.headers.Set("Upload-Expires", http::HttpDate(upload.expires));
}

}  // namespace valise::web
