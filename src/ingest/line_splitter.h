// LineSplitter: cuts a body that comes in pieces into lines, in bounded memory.
//
// Thread safety: belongs to one thread. Lifetime: a line given to the visitor is borrowed until it
// returns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace valise::ingest {

inline constexpr size_t kMaxLine = 1u << 20;  // bytes, without the line end

class LineSplitter {
 public:
  struct Line {
    uint64_t number = 0;  // from 1
    std::string_view text;
    bool is_too_long = false;  // over kMaxLine: `text` is empty
  };

  // Calls visit(const Line&) -> Status for every line that ends in `piece`; empty lines (and those
  // of a lone CR) are counted, not visited. Stops at the first error of `visit`.
  template <typename Visit>
  Status Feed(std::string_view piece, Visit&& visit) {
    while (!piece.empty()) {
      const size_t end = piece.find('\n');
      const bool is_whole = end != std::string_view::npos;
      RETURN_IF_ERROR(Take(piece.substr(0, end), is_whole, visit));
      if (!is_whole) break;
      piece.remove_prefix(end + 1);
    }
    return {};
  }
  // The body has ended: what is left is the last line.
  template <typename Visit>
  Status End(Visit&& visit) {
    if (rest_.empty() && !is_too_long_) return {};
    return Take({}, true, visit);
  }

  uint64_t lines() const { return number_; }

 private:
  template <typename Visit>
  Status Take(std::string_view part, bool is_whole, Visit&& visit) {
    if (rest_.size() + part.size() > kMaxLine + 1) is_too_long_ = true;  // + 1: a CR may end it
    if (!is_whole) {
      if (is_too_long_) {
        rest_.clear();
      } else {
        rest_ += part;
      }
      return {};
    }
    ++number_;
    std::string_view text = part;
    if (!rest_.empty()) text = is_too_long_ ? std::string_view() : rest_.append(part);
    if (text.ends_with('\r')) text.remove_suffix(1);
    const bool is_too_long = is_too_long_ || text.size() > kMaxLine;
    is_too_long_ = false;
    Status status;
    if (is_too_long) {
      status = visit(Line{number_, {}, true});
    } else if (!text.empty()) {
      status = visit(Line{number_, text, false});
    }
    rest_.clear();
    return status;
  }

  std::string rest_;
  bool is_too_long_ = false;
  uint64_t number_ = 0;
};

}  // namespace valise::ingest
