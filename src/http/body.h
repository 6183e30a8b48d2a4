// Port: bytes of known length that are sent piece by piece, from memory or straight from files.
//
// Thread safety: a BodySource is used by one thread at a time. Lifetime: what a visit is given is
// valid during that visit only, so that a waiting download holds nothing but its offset.
#pragma once

#include <functional>
#include <string_view>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"

namespace valise::http {

// Bytes in memory (fd < 0), or `length` bytes at `offset` of an open file.
struct BodyPiece {
  std::string_view bytes;
  int fd = -1;
  uint64_t offset = 0;
  uint64_t length = 0;
};

class BodySource {
 public:
  virtual ~BodySource() = default;
  virtual uint64_t size() const = 0;
  using Visit = std::function<Status(const BodyPiece&)>;
  // Calls `visit` for each piece of `range`, in order, until it returns an error, which is
  // returned. REQUIRES: range within size(). Errors: those of `visit`; kNotFound, kCorrupt,
  // kUnavailable when a piece cannot be had.
  virtual Status ForEachPiece(ByteRange range, const Visit& visit) = 0;
};

// A whole file.
class FileBody final : public BodySource {
 public:
  FileBody(File file, uint64_t size) : file_(std::move(file)), size_(size) {}
  uint64_t size() const override { return size_; }
  Status ForEachPiece(ByteRange range, const Visit& visit) override;

 private:
  File file_;
  uint64_t size_;
};

// Bytes that live as long as the program (embedded files).
class StaticBody final : public BodySource {
 public:
  explicit StaticBody(std::string_view bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  Status ForEachPiece(ByteRange range, const Visit& visit) override;

 private:
  std::string_view bytes_;
};

}  // namespace valise::http
