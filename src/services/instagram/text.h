// Repairing Instagram's texts: mangled UTF-8, HTML entities in captions, reactions in hex.
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace valise::services::instagram {

// Instagram writes each UTF-8 byte as a code point of its own ("Ã©" for "é"). Sets `to` to the text
// meant: when all code points are ≤ U+00FF, one is ≥ U+0080, and the bytes are valid UTF-8; else to
// `text` as it is. REQUIRES: valid UTF-8.
void AssignRepaired(std::string& to, std::string_view text);
std::string Repaired(std::string_view text);

// Some captions went through HTML escaping ("it&#039;s"). Undone once, and only where the whole
// caption shows it: it has an entity (amp, lt, gt, quot, apos or a number) and no raw & < > " '
// that such escaping would have replaced.
std::string UnescapedCaption(std::string text);

// All entities that are known here undone (also &nbsp;, as a space); others stay.
std::string UnescapedHtml(std::string_view text);

// A reaction may be hex of its UTF-8 bytes ("e29da4efb88f"); also repairs mangling.
std::string Reaction(std::string_view text);

}  // namespace valise::services::instagram
