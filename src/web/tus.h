// The words of tus 1.0.0 (docs/formats/uploads.md): its header fields, read and written.
//
// Thread safety: pure functions; a Checksum belongs to one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bag/algorithm.h"
#include "base/result.h"
#include "bring/uploads.h"
#include "http/message.h"

namespace valise::web {

inline constexpr std::string_view kTusVersion = "1.0.0";

// A whole number of bytes, as Upload-Length and Upload-Offset have it. Errors: kInvalidArgument
// (absent, not a number; names the field).
Result<uint64_t> ByteCount(const http::Headers& headers, std::string_view field);

// `name` of Upload-Metadata ("filename d29ybGQ=,type …"), decoded; empty when it is not there.
// Errors: kInvalidArgument (not base64).
Result<std::string> Metadata(std::string_view field, std::string_view name);

// Upload-Checksum: what the bytes of one request must hash to.
class Checksum {
 public:
  // Errors: kInvalidArgument (an algorithm that is not served, or not base64).
  static Result<std::unique_ptr<Checksum>> Parse(std::string_view field);
  void Update(Bytes bytes) { hasher_.Update(bytes); }
  // Once, after all bytes.
  bool Matches() { return hasher_.Hex(0) == expected_; }

 private:
  Checksum(const bag::Algorithm& algorithm, std::string expected);
  const bag::Algorithm* algorithm_[1];
  bag::MultiHasher hasher_;
  std::string expected_;  // lower-case hex
};

// Adds what tells of `upload`: Tus-Resumable, Upload-Offset, Upload-Expires.
void AddTusHeaders(http::Response& response, const bring::Upload& upload);

}  // namespace valise::web
