// Text in pages that are written here.
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace valise::bundle {

// Everything that is not ours and stands in a page goes through here.
std::string EscapeHtml(std::string_view text);

// The same, with "https://…" as links.
std::string EscapeHtmlWithLinks(std::string_view text);

}  // namespace valise::bundle
