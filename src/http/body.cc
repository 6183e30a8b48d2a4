#include "http/body.h"

namespace valise::http {

Status FileBody::ForEachPiece(ByteRange range, const Visit& visit) {
  if (range.length == 0) return {};
  return visit({.bytes = {}, .fd = file_.fd(), .offset = range.offset, .length = range.length});
}

Status StaticBody::ForEachPiece(ByteRange range, const Visit& visit) {
  if (range.length == 0) return {};
  return visit({.bytes = bytes_.substr(range.offset, range.length),
                .fd = -1,
                .offset = 0,
                .length = range.length});
}

}  // namespace valise::http
