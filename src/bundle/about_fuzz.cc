// An operator's text with mistakes in it: it is refused with a line, or makes a page that nothing
// of it escapes into.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bundle/portable/about_page.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace valise;
  const auto about = bundle::About::Parse({reinterpret_cast<const char*>(data), size});
  if (!about) {
    CHECK(!about.error().message.empty());
    return 0;
  }
  const bundle::AboutFacts facts{.service = "instagram", .username = "ann"};
  CHECK(bundle::AboutPage(*about, facts).find("<script") == std::string::npos);
  CHECK(!bundle::AboutJson(*about, facts).empty());
  return 0;
}
