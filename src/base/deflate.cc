#include "base/deflate.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

namespace valise {
namespace {

constexpr int kRawWindow = -15;
constexpr int kMemLevel = 9;
constexpr size_t kZlibMax = std::numeric_limits<uInt>::max();

std::string Deflate(Bytes bytes, int level, int flush) {
  CHECK(bytes.size() <= kZlibMax);
  z_stream stream{};
  CHECK(deflateInit2(&stream, level, Z_DEFLATED, kRawWindow, kMemLevel, Z_DEFAULT_STRATEGY) ==
        Z_OK);
  // A sync flush may need a few bytes more than deflateBound foresees.
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, flush);
  CHECK(code == (flush == Z_FINISH ? Z_STREAM_END : Z_OK));
  CHECK(stream.avail_in == 0 && stream.avail_out > 0);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

std::string DeflateOpen(Bytes bytes, int level) { return Deflate(bytes, level, Z_SYNC_FLUSH); }
std::string DeflateComplete(Bytes bytes, int level) { return Deflate(bytes, level, Z_FINISH); }

std::string StoredBlock(std::string_view text, bool final) {
  CHECK(text.size() <= 0xFFFF);
  std::string block(1, final ? '\x01' : '\x00');
  AppendLe(block, static_cast<uint16_t>(text.size()));
  AppendLe(block, static_cast<uint16_t>(~text.size()));
  block += text;
  return block;
}

Result<std::string> InflateExact(Bytes deflated, uint64_t size) {
  struct Free {
    void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
  };
  thread_local std::unique_ptr<libdeflate_decompressor, Free> decompressor{
      libdeflate_alloc_decompressor()};
  std::string out(size, '\0');
  size_t consumed = 0;
  size_t produced = 0;
  const libdeflate_result code =
      libdeflate_deflate_decompress_ex(decompressor.get(), deflated.data(), deflated.size(),
                                       out.data(), out.size(), &consumed, &produced);
  if (code != LIBDEFLATE_SUCCESS || produced != size || consumed != deflated.size()) {
    return Fail(ErrorCode::kCorrupt, "the compressed data does not inflate to its declared size");
  }
  return out;
}

Result<std::string> InflateOpenExact(Bytes deflated, uint64_t size) {
  std::string closed;
  closed.reserve(deflated.size() + kDeflateEnd.size());
  closed += AsText(deflated);
  closed += kDeflateEnd;
  return InflateExact(AsBytes(closed), size);
}

struct Inflater::State {
  z_stream stream{};
  State() { CHECK(inflateInit2(&stream, kRawWindow) == Z_OK); }
  ~State() { inflateEnd(&stream); }
};

Inflater::Inflater() : state_(std::make_unique<State>()) {}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

void Inflater::Reset() { inflateReset(&state_->stream); }

Result<Inflater::Step> Inflater::Run(Bytes in, MutableBytes out) {
  z_stream& stream = state_->stream;
  const size_t in_size = std::min(in.size(), kZlibMax);
  const size_t out_size = std::min(out.size(), kZlibMax);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
  stream.avail_in = static_cast<uInt>(in_size);
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out_size);
  const int code = inflate(&stream, Z_NO_FLUSH);
  if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
    return Fail(ErrorCode::kCorrupt, "the compressed data is damaged");
  }
  return Step{.consumed = in_size - stream.avail_in,
              .produced = out_size - stream.avail_out,
              .ended = code == Z_STREAM_END};
}

}  // namespace valise
