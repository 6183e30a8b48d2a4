// What the parser takes, the writer writes, and that is read back as the same record.
#include "account/record_json.h"
#include "base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace valise::account;
  RecordParser parser;
  const auto record = parser.Parse({reinterpret_cast<const char*>(data), size});
  if (!record) return 0;
  const std::string line = ToJson(*record);
  const auto again = parser.Parse(line);
  CHECK(again.has_value());
  CHECK(ToJson(*again) == line);
  return 0;
}
