// Raw deflate streams (RFC 1951): the two forms that Valise stores.
//
// A *complete* stream ends with a final block, as a ZIP entry holds it. An *open* stream ends on a
// byte border without a final block, so that more blocks can follow: sealed documents are kept like
// this, because document + kDeflateEnd is one ZIP entry, and stored block + document + stored block
// is another (the viewer's .js twin) from the same stored bytes. Thread safety: pure functions; an
// Inflater belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace valise {

// An empty final stored block: closes an open stream.
inline constexpr std::string_view kDeflateEnd{"\x01\x00\x00\xff\xff", 5};

// `bytes` as an open stream (zlib, sync flush). `level` 1–9.
std::string DeflateOpen(Bytes bytes, int level = 1);
// `bytes` as a complete stream.
std::string DeflateComplete(Bytes bytes, int level = 6);
// `text` (at most 65,535 bytes) as one stored block; `final` closes the stream.
std::string StoredBlock(std::string_view text, bool final);

// Inflates a complete stream of which the exact inflated size is known and small enough to hold.
// Errors: kCorrupt (not deflate, another size, bytes left over).
Result<std::string> InflateExact(Bytes deflated, uint64_t size);
// The same for an open stream.
Result<std::string> InflateOpenExact(Bytes deflated, uint64_t size);

// Inflates in pieces, with a bound on what comes out.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  struct Step {
    size_t consumed = 0;  // bytes of `in` that were used
    size_t produced = 0;  // bytes of `out` that were filled
    bool ended = false;   // the final block has been read
  };
  // Reads from `in`, writes to `out`. Both may be used up only in part. Errors: kCorrupt.
  Result<Step> Run(Bytes in, MutableBytes out);
  void Reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace valise
