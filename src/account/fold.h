// Fold: text made comparable, one definition for search and merging, in C++ and in TypeScript
// (ui/src/fold.ts), with shared test vectors (src/account/fold_vectors.json; docs/formats/fold.md).
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace valise::account {

// NFKD, case folded, marks removed, œ→oe ß→ss æ→ae ø→o ł→l ı→i, white space runs → one space.
std::string Fold(std::string_view text);

// The search tokens of a text: folded words; each emoji a word; bigrams for scripts written without
// spaces (Han, Kana, Hangul is spaced, Thai, Lao, Khmer, Myanmar). "#" and "@" are dropped from
// tags and names.
std::vector<std::string> Tokens(std::string_view text);

}  // namespace valise::account
