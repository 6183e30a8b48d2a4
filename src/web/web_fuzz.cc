// What the web room reads itself: JSON bodies and addresses.
#include <cstdint>

#include "web/json_body.h"
#include "web/router.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace valise::web;
  const std::string text(reinterpret_cast<const char*>(data), size);
  valise::http::Request request;
  request.headers.Add("Content-Type", "application/json");
  request.body = text;
  if (const auto body = JsonBody::Parse(request)) {
    static_cast<void>(body->OptionalString("a"));
    static_cast<void>(body->OptionalStrings("a"));
    static_cast<void>(body->OptionalTime("a"));
  }
  Router router;
  router.Add({"GET", "/a/{id}/b/{name}", Access::kAnyone, nullptr});
  router.Add({"GET", "/a/{id}", Access::kAnyone, nullptr});
  static_cast<void>(router.Find("GET", text));
  return 0;
}
