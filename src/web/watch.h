// Events as Server-Sent Events (HTML Living Standard, "server-sent events").
//
// Thread safety: pure function.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "web/site.h"

namespace valise::web {

// An answer that goes on: tells at once, and again whenever the watchers of `id` are told, what
// `tell` gives as JSON, as the event `name`. Where it fails nothing is told that time. `tell` is
// called from any thread until the client has gone.
http::Response Watch(const Site& site, std::string_view id, std::string name,
                     std::function<Result<std::string>()> tell);

}  // namespace valise::web
