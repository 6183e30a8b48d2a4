// What a person can do about an issue, by its code.
//
// Thread safety: pure functions.
#pragma once

#include <string_view>

namespace valise::imports {

// A sentence or two. A code that is not known here (of a newer Valise, in a bundle) has one too.
std::string_view WhatToDo(std::string_view issue_code);

// Whether this version has words of its own for the code.
bool IsKnownIssue(std::string_view issue_code);

}  // namespace valise::imports
