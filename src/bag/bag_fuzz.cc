// Any bytes as the tag files of a bag; the first byte says which one they are.

#include <string>

#include "bag/signature.h"
#include "bag/tag_files.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace valise::bag;
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0: {
      const ManifestOptions options{
          .hex_size = 4,
          .payload = true,
          .exists = [](std::string_view path) { return path.size() % 2 == 0; },
          .problem = [](uint64_t, const std::string&) {},
          .warning = [](uint64_t, const std::string&) {}};
      const auto lines = ParseManifest(text, options);
      CHECK(lines.has_value());
      for (const ManifestLine& line : *lines) {
        CHECK(line.hex.size() == 4 && line.path.starts_with("data/"));
        CHECK(("/" + std::string(line.path) + "/").find("/../") == std::string::npos);
      }
      break;
    }
    case 1:
      (void)ParseDeclaration(text);
      break;
    case 2:
      (void)ParseOxum(text);
      break;
    case 3:
      (void)ParseFetch(text);
      break;
    case 4: {
      (void)PublicKey::Parse(text);
      if (const auto signature = Signature::Parse(text))
        CHECK(!CheckSignature(*signature, {}, PublicKey{}));
      break;
    }
  }
  return 0;
}
