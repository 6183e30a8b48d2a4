// Seals what waits in live journals into a new head (docs/formats/live-journal.md, "Sealing").
//
// Internal to the room. Thread safety: belongs to one thread; the library's lock is held. Memory:
// about 100 bytes a frame, beside what an import needs.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "library/live.h"

namespace valise::library {

class LiveSealer {
 public:
  // `segments` in order. All must outlive this.
  LiveSealer(Library& library, const Clock& clock, std::span<const fs::path> segments);
  ~LiveSealer();

  struct Outcome {
    Live::Sealed sealed;
    size_t segments = 0;  // so many of those given are in the head; at least one
  };
  // Reads as many segments as one head takes, and commits it. Errors: those of Live::Seal().
  Result<Outcome> Run(const std::function<Status(const Erased&)>& on_erase);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace valise::library
