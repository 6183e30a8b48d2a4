// The checksum algorithms of BagIt manifests (RFC 8493 §2.4), and hashing by several of them in one
// pass.
//
// Thread safety: Algorithm is a constant; a MultiHasher belongs to one thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace valise::bag {

// Its name as it stands in a manifest's name: "sha256".
struct Algorithm {
  std::string_view name;
  size_t hex_size;
};

// nullptr when we do not know it. md5 and sha1 find accidents, not forgery.
const Algorithm* FindAlgorithm(std::string_view name);

// Reusable: Start, Update…, Hex.
class MultiHasher {
 public:
  explicit MultiHasher(std::span<const Algorithm* const> algorithms);
  ~MultiHasher();
  MultiHasher(const MultiHasher&) = delete;
  MultiHasher& operator=(const MultiHasher&) = delete;

  // Which of the algorithms are wanted for the next file (bit i = algorithms[i]).
  void Start(uint32_t wanted);
  void Update(Bytes bytes);
  // Lower-case hex of algorithm i, once after the last Update. REQUIRES: bit i was wanted.
  std::string Hex(size_t i);

 private:
  struct State;
  std::vector<std::unique_ptr<State>> states_;
  uint32_t wanted_ = 0;
};

}  // namespace valise::bag
