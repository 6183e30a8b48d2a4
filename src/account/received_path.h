// What received files are called of which several came under one path: variants.
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace valise::account {

// The name of the `number`th file (from 2) of a path: "posts_1.json (variant 2)".
std::string VariantPath(std::string_view path, size_t number);
// `path` without what VariantPath() adds: as the archive names the file.
std::string_view PathAsReceived(std::string_view path);

}  // namespace valise::account
