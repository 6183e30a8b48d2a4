// Text in HTML.
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace valise {

// What `text` is in an element or in a quoted attribute: & < > " ' become references.
std::string EscapeHtml(std::string_view text);

}  // namespace valise
