// Cuts a JSON file of any size into the elements of its lists, holding no more than one slice in
// memory.
//
// The root is an array ([*]) or an object, whose array members are split (name[*]) and whose other
// members are given whole. The splitter only balances brackets and quotes: a slice is checked by
// whoever parses it, so that one damaged element does not take the others with it. Thread safety:
// belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace valise::services::instagram {

class JsonSplitter {
 public:
  // Gives the next bytes in order, 0 at the end; as DataFile::Read.
  using Reader = std::function<Result<size_t>(MutableBytes)>;

  enum class Kind : uint8_t {
    kElement,   // an element of the root array (member empty) or of an array member
    kMember,    // a member of the root object that is not an array
    kEntryEnd,  // behind the last member of an element that was read member by member
    kTooLarge,  // an element or member longer than the limit; left out
    kBroken,    // the text cannot be followed from `offset` on; nothing comes after
    kEnd,
  };
  struct Slice {
    Kind kind = Kind::kEnd;
    std::string_view member;  // raw, as between the quotes
    std::string_view json;    // kPadding readable bytes follow
    uint64_t offset = 0;      // of the slice in the file
  };

  static constexpr size_t kSliceLimit = 16u << 20;
  static constexpr size_t kChunk = 256u << 10;
  static constexpr size_t kPadding = 64;

  // `deep`: objects in the root array are not given whole but as a root object is, member by member
  // ([*].name[*]).
  explicit JsonSplitter(Reader reader, bool deep = false, size_t slice_limit = kSliceLimit,
                        size_t chunk = kChunk);

  // The next slice; valid until the following call. Errors: those of the reader.
  Result<Slice> Next();

 private:
  enum class State : uint8_t { kStart, kArray, kObject, kEnd };

  bool Fill();
  int Peek();
  int SkipSpace();
  void SkipByteOrderMark();
  bool ScanValue();
  bool ScanKey();
  Slice Take(Kind kind);
  Slice Broken();
  Slice EndOfObject();
  Slice Step();

  Reader reader_;
  const bool deep_;
  const size_t slice_limit_;
  const size_t chunk_;
  State state_ = State::kStart;
  bool in_entry_ = false;   // the object being split is an element of the root array
  bool in_member_ = false;  // the array being split is a member of the object
  std::string member_;

  std::string buffer_;  // kPadding bytes longer than end_
  size_t begin_ = 0;    // what stands before it is not needed any more
  size_t at_ = 0;
  size_t end_ = 0;
  uint64_t dropped_ = 0;  // bytes of the file before buffer_[0]
  bool too_large_ = false;
  Status failed_;
};

}  // namespace valise::services::instagram
