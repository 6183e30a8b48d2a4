// Plain text of a piece of HTML, for services whose captions are HTML.
//
// Not a browser: nothing is run, fetched or styled, and nothing of the result is ever markup.
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace valise::account {

// Tags and comments fall away, `script`, `style`, `template` and `title` with what is in them;
// entities become their characters; `<br>`, ends of blocks and list items are line breaks, ends of
// paragraphs an empty line; other white space is one space. Time and memory grow with the input.
std::string HtmlToText(std::string_view html);

}  // namespace valise::account
