// The pages: one HTML file for every address of the app, and its assets, all linked into the
// binary.
//
// Thread safety: pure functions.
#pragma once

#include <span>

#include "base/embedded.h"
#include "http/message.h"

namespace valise::web {

// What ui/ builds (embed_ui).
std::span<const EmbeddedFile> AppFiles();

// Answers a GET or HEAD that is no API call: /assets/… from `files`, anything else with index.html.
http::Response ServePage(const http::Request& request, std::span<const EmbeddedFile> files);

}  // namespace valise::web
