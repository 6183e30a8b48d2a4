// The text of a response's head.
//
// Thread safety: pure functions.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "http/message.h"

namespace valise::http {

struct HeadOptions {
  std::optional<uint64_t> content_length;  // none: chunked
  bool keep_alive = true;
  Timestamp now{};
};

// Status line, Date, Content-Length or Transfer-Encoding, Connection, the response's own fields,
// the empty line. A field with a line break in it (our own mistake) is left out.
std::string FormatHead(const Response& response, const HeadOptions& options);

// "Not Found"; "Unknown" for what RFC 9110 §15 does not name.
std::string_view ReasonPhrase(int status);

}  // namespace valise::http
