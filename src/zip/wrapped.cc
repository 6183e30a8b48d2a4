#include "zip/wrapped.h"

#include <algorithm>

#include "zip/format.h"

namespace valise::zip {
namespace {

// Deflate makes what cannot be made smaller a little larger: 5 bytes for each stored block, of 16
// kB at least (RFC 1951 §3.2.4), and a few.
constexpr uint64_t kDeflateBlock = 16u << 10;
constexpr uint64_t kDeflateExtra = 5;
constexpr uint64_t kDeflateEnd = 64;

// The smallest number that is `low` modulo 2^32 and not below `least`.
uint64_t AtLeast(uint64_t low, uint64_t least) {
  if (low >= least) return low;
  return low + (least - low + kWrap - 1) / kWrap * kWrap;
}

// The largest number that is `low` modulo 2^32 and not above `most`; `low` itself if there is none.
uint64_t AtMost(uint64_t low, uint64_t most) {
  return low > most ? low : low + (most - low) / kWrap * kWrap;
}

std::unexpected<Error> CannotTell() {
  return Fail(ErrorCode::kUnsupported,
              "this ZIP is over 4 GiB but was written without ZIP64 (macOS does so), and where its "
              "files lie cannot be told: unpack it and give the folder");
}

}  // namespace

Status Unwrapper::Take(const CentralHeader& header) {
  const uint64_t from =
      waiting_ ? std::min(place_.begin, waiting_->data + waiting_->header.stored_size) : 0;
  ASSIGN_OR_RETURN(Waiting found, Find(header, from));
  if (waiting_) RETURN_IF_ERROR(VisitUpTo(found.header.offset));
  waiting_ = std::move(found);
  return {};
}

Status Unwrapper::Finish() { return waiting_ ? VisitUpTo(place_.begin) : Status{}; }

// The first place from `from` on that has the header's offset modulo 2^32 and a local header of
// that name.
Result<Unwrapper::Waiting> Unwrapper::Find(const CentralHeader& header, uint64_t from) const {
  const size_t length = kLocalSize + header.name.size();
  std::string local(length, '\0');
  for (uint64_t at = AtLeast(header.offset % kWrap, from); at + length <= place_.begin;
       at += kWrap) {
    RETURN_IF_ERROR(file_.ReadAt(at, std::as_writable_bytes(std::span(local))));
    if (LoadLe<uint32_t>(local.data()) != kLocalSignature ||
        LoadLe<uint16_t>(local.data() + 26) != header.name.size() ||
        std::string_view(local).substr(kLocalSize) != header.name) {
      continue;
    }
    Waiting found{.header = header,
                  .name = std::string(header.name),
                  .extra = std::string(AsText(header.extra)),
                  .data = at + length + LoadLe<uint16_t>(local.data() + 28)};
    found.header.offset = at;
    return found;
  }
  return CannotTell();
}

// Its data reach as far as their size modulo 2^32 allows; what is left over is less than that: a
// data descriptor.
Status Unwrapper::VisitUpTo(uint64_t end) {
  CentralHeader& header = waiting_->header;
  header.name = waiting_->name;
  header.extra = AsBytes(waiting_->extra);
  const uint64_t gap = end > waiting_->data ? end - waiting_->data : 0;
  header.stored_size = AtMost(header.stored_size, gap);
  if (header.method == 0) {
    header.size = header.stored_size;
  } else {
    const uint64_t larger = header.stored_size / kDeflateBlock * kDeflateExtra + kDeflateEnd;
    header.size = AtLeast(header.size, header.stored_size - std::min(header.stored_size, larger));
  }
  return visit_(header);
}

}  // namespace valise::zip
