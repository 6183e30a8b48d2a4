// Text in pages that are written here: everything that is not ours goes through EscapeHtml()
// (base/html.h) or through this.
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace valise::bundle {

// EscapeHtml(), with "https://…" as links.
std::string EscapeHtmlWithLinks(std::string_view text);

}  // namespace valise::bundle
