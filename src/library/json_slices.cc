#include "library/json_slices.h"

#include <algorithm>
#include <string>

namespace valise::library {
namespace {

constexpr size_t kMaxDepth = 512;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Finds the elements of the root list, or of the lists of the root object, by brackets and quotes
// alone.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  // False: it is not whole.
  bool Run(std::vector<Slice>& to) {
    const int first = Space();
    const bool whole = first == '[' ? List(to) : first == '{' && Object(to);
    return whole && Space() < 0;
  }

 private:
  int Space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
    return at_ < text_.size() ? static_cast<unsigned char>(text_[at_]) : -1;
  }

  bool String() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  bool Value() {
    const int first = Space();
    if (first == '"') return String();
    if (first != '[' && first != '{') {
      const size_t begin = at_;
      at_ = std::min(text_.find_first_of(",]} \n\r\t", at_), text_.size());
      return at_ > begin;
    }
    std::string open;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!String()) return false;
        continue;
      }
      ++at_;
      if (c == '[' || c == '{') {
        if (open.size() == kMaxDepth) return false;
        open += c;
      } else if (c == ']' || c == '}') {
        if (open.empty() || (c == ']') != (open.back() == '[')) return false;
        open.pop_back();
        if (open.empty()) return true;
      }
    }
    return false;
  }

  // Calls one() where each part begins, until `close`.
  template <typename One>
  bool Parts(char close, One one) {
    ++at_;
    if (Space() == close) {
      ++at_;
      return true;
    }
    while (true) {
      if (Space() < 0 || !one()) return false;
      const int next = Space();
      ++at_;
      if (next == close) return true;
      if (next != ',') return false;
    }
  }

  bool List(std::vector<Slice>& to) {
    uint32_t in_list = 0;
    return Parts(']', [&] {
      const int first = Space();
      const size_t begin = at_;
      if (!Value()) return false;
      if (first == '"') return true;
      to.push_back({begin, at_, in_file_++, in_list++, first == '{'});
      return true;
    });
  }

  bool Object(std::vector<Slice>& to) {
    return Parts('}', [&] {
      if (Space() != '"' || !String() || Space() != ':') return false;
      ++at_;
      return Space() == '[' ? List(to) : Value();
    });
  }

  std::string_view text_;
  size_t at_ = 0;
  uint32_t in_file_ = 0;
};

}  // namespace

std::optional<std::vector<Slice>> FindSlices(std::string_view json) {
  std::vector<Slice> slices;
  if (!Scanner(json).Run(slices)) return std::nullopt;
  return slices;
}

}  // namespace valise::library
