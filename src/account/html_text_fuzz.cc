// Plain text of any bytes is no longer than three times them, and ends.
#include "account/html_text.h"
#include "base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view html(reinterpret_cast<const char*>(data), size);
  CHECK(valise::account::HtmlToText(html).size() <= 3 * html.size());
  return 0;
}
