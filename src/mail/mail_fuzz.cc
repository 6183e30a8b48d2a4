// Addresses come from a form, and stand in headers and SMTP commands.
#include <cstdint>

#include "mail/address.h"
#include "mail/message.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace valise::mail;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto address = ParseAddress(text)) {
    CHECK(address->find_first_of("\r\n <>\"") == std::string::npos);
  }
  const std::string mail = Render({.from_name = std::string(text),
                                   .from = "a@b.test",
                                   .to = "c@d.test",
                                   .subject = std::string(text),
                                   .text = std::string(text),
                                   .html = std::string(text),
                                   .id = "1",
                                   .time = {}});
  for (size_t i = 0, line = 0; i < mail.size(); ++i) {
    line = mail[i] == '\n' ? 0 : line + 1;
    CHECK(mail[i] != '\n' || (i > 0 && mail[i - 1] == '\r'));
    CHECK(static_cast<unsigned char>(mail[i]) < 0x80);
    CHECK(line <= 998 || size > 500);
  }
  return 0;
}
