#include "services/instagram/json_splitter.h"

#include <cstring>

namespace valise::services::instagram {

JsonSplitter::JsonSplitter(Reader reader, bool deep, size_t slice_limit, size_t chunk)
    : reader_(std::move(reader)), deep_(deep), slice_limit_(slice_limit), chunk_(chunk) {}

// Reads more behind end_; the bytes before begin_ make room. Once a value is longer than the limit
// its start is dropped as well.
bool JsonSplitter::Fill() {
  if (!failed_) return false;
  if (at_ - begin_ > slice_limit_) {
    too_large_ = true;
    begin_ = at_;
  }
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    dropped_ += begin_;
    at_ -= begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + chunk_ + kPadding) buffer_.resize(2 * end_ + chunk_ + kPadding);
  const Result<size_t> got = reader_({reinterpret_cast<std::byte*>(buffer_.data()) + end_, chunk_});
  if (!got) {
    failed_ = std::unexpected(got.error());
    return false;
  }
  end_ += *got;
  return *got > 0;
}

int JsonSplitter::Peek() {
  if (at_ == end_ && !Fill()) return -1;
  return static_cast<unsigned char>(buffer_[at_]);
}

int JsonSplitter::SkipSpace() {
  while (true) {
    const int c = Peek();
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return c;
    begin_ = ++at_;
  }
}

void JsonSplitter::SkipByteOrderMark() {
  static constexpr unsigned char kMark[] = {0xEF, 0xBB, 0xBF};
  for (const unsigned char byte : kMark) {
    if (Peek() != byte) {
      at_ = begin_;
      return;
    }
    ++at_;
  }
  begin_ = at_;
}

// Moves past the value at at_. False when the file ends inside.
bool JsonSplitter::ScanValue() {
  size_t depth = 0;
  bool in_string = false;
  bool escaped = false;
  while (at_ < end_ || Fill()) {
    const char c = buffer_[at_];
    if (in_string) {
      ++at_;
      const bool closes = c == '"' && !escaped;
      escaped = c == '\\' && !escaped;
      if (!closes) continue;
      in_string = false;
      if (depth == 0) return true;
      continue;
    }
    const bool ends_scalar =
        c == ',' || c == ']' || c == '}' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (depth == 0 && ends_scalar) return true;
    ++at_;
    if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return true;
    }
  }
  return false;
}

// Reads the name of a member and its colon into member_. REQUIRES: at_ is at its quote.
bool JsonSplitter::ScanKey() {
  too_large_ = false;
  if (!ScanValue() || too_large_ || at_ - begin_ > slice_limit_) return false;
  member_ = buffer_.substr(begin_ + 1, at_ - begin_ - 2);
  begin_ = at_;
  if (SkipSpace() != ':') return false;
  begin_ = ++at_;
  return SkipSpace() != -1;
}

JsonSplitter::Slice JsonSplitter::Broken() {
  state_ = State::kEnd;
  return {.kind = Kind::kBroken, .member = member_, .offset = dropped_ + begin_};
}

JsonSplitter::Slice JsonSplitter::Take(Kind kind) {
  too_large_ = false;
  const uint64_t offset = dropped_ + at_;
  begin_ = at_;
  Slice slice{.kind = kind, .member = member_, .offset = offset};
  if (!ScanValue()) {
    state_ = State::kEnd;
    slice.kind = Kind::kBroken;
    return slice;
  }
  if (too_large_ || at_ - begin_ > slice_limit_) {
    slice.kind = Kind::kTooLarge;
  } else {
    slice.json = {buffer_.data() + begin_, at_ - begin_};
  }
  too_large_ = false;
  begin_ = at_;
  return slice;
}

JsonSplitter::Slice JsonSplitter::EndOfObject() {
  begin_ = ++at_;
  state_ = in_entry_ ? State::kArray : State::kEnd;
  if (!in_entry_) return {};
  in_entry_ = false;
  member_.clear();
  return {.kind = Kind::kEntryEnd, .offset = dropped_ + at_};
}

// One slice, or kEnd with state_ changed when there is none yet.
JsonSplitter::Slice JsonSplitter::Step() {
  const int c = SkipSpace();
  if (state_ == State::kStart) {
    if (c == -1) {
      state_ = State::kEnd;
      return {};
    }
    if (c != '[' && c != '{') return Broken();
    state_ = c == '[' ? State::kArray : State::kObject;
    begin_ = ++at_;
    return {};
  }
  if (c == ',') {
    begin_ = ++at_;
    return {};
  }
  if (state_ == State::kArray) {
    if (c == -1 || c == '}' || c == ':') return Broken();
    if (c == '{' && deep_ && !in_member_) {
      begin_ = ++at_;
      in_entry_ = true;
      state_ = State::kObject;
      return {};
    }
    if (c != ']') return Take(Kind::kElement);
    begin_ = ++at_;
    state_ = in_member_ ? State::kObject : State::kEnd;
    in_member_ = false;
    member_.clear();
    return {};
  }
  if (c == '}') return EndOfObject();
  if (c != '"' || !ScanKey()) return Broken();
  if (Peek() != '[') return Take(Kind::kMember);
  begin_ = ++at_;
  state_ = State::kArray;
  in_member_ = true;
  return {};
}

Result<JsonSplitter::Slice> JsonSplitter::Next() {
  if (state_ == State::kStart) SkipByteOrderMark();
  while (state_ != State::kEnd) {
    const Slice slice = Step();
    if (!failed_) return std::unexpected(failed_.error());
    if (slice.kind != Kind::kEnd) return slice;
  }
  return Slice{};
}

}  // namespace valise::services::instagram
