// Where the elements of a received JSON file stand.
//
// Found by brackets and quotes alone: the text is hostile, and may be larger than what a parser
// takes. Thread safety: pure function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace valise::library {

struct Slice {
  size_t begin = 0, end = 0;
  uint32_t in_file = 0;  // how many came before it in the file, notices (strings) not counted …
  uint32_t in_list = 0;  // … and in its own list
  bool is_object = false;
};

// The elements of the root list, or of the lists of the root object, in their order. nullopt: the
// text is not whole.
std::optional<std::vector<Slice>> FindSlices(std::string_view json);

}  // namespace valise::library
