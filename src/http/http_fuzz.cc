// Everything of HTTP that we read ourselves: targets, ranges, conditions, cookies, dates.
#include <cstdint>

#include "http/range.h"
#include "http/text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace valise::http;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(ParseTarget(text));
  static_cast<void>(ParseHttpDate(text));
  static_cast<void>(FindCookie(text, "a"));
  static_cast<void>(AttachmentDisposition(text.substr(0, 300)));
  for (const uint64_t length : {uint64_t{0}, uint64_t{1}, uint64_t{1000}, ~uint64_t{0}}) {
    const SelectedRange range = SelectRange(text, length);
    if (range.answer == SelectedRange::Answer::kPart) {
      CHECK(range.range.length > 0);
      CHECK(range.range.offset < length && range.range.length <= length - range.range.offset);
    }
  }
  const size_t cut = text.find('\n');
  if (cut == std::string_view::npos) return 0;
  Headers headers;
  headers.Add("If-Range", std::string(text.substr(0, cut)));
  headers.Add("If-None-Match", std::string(text.substr(cut + 1)));
  headers.Add("Range", std::string(text.substr(cut + 1)));
  static_cast<void>(Decide("GET", headers, {"\"a\"", valise::FromSeconds(1)}, 1000));
  return 0;
}
