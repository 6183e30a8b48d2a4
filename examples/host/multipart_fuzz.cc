// Forms come from anybody: any bytes, cut anywhere.
#include <cstdint>

#include "multipart.h"

namespace {

class Nobody final : public valise::host::PartTaker {
 public:
  valise::Status Begin(const valise::host::PartHead&) override {
    CHECK(!open_);
    open_ = true;
    return {};
  }
  valise::Status Data(std::string_view bytes) override {
    CHECK(open_ && !bytes.empty());
    return {};
  }
  valise::Status End() override {
    CHECK(open_);
    open_ = false;
    return {};
  }

 private:
  bool open_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(valise::host::Multipart::BoundaryOf(text));
  // The first byte says how long the pieces are in which the rest comes.
  const size_t step = 1u + static_cast<uint8_t>(text[0]);
  text.remove_prefix(1);
  Nobody nobody;
  valise::host::Multipart parser("b", nobody);
  while (!text.empty()) {
    if (!parser.Write(text.substr(0, step)).has_value()) return 0;
    text.remove_prefix(std::min(step, text.size()));
  }
  static_cast<void>(parser.Finish());
  return 0;
}
