// Events as Server-Sent Events (HTML Living Standard, "server-sent events").
//
// Thread safety: pure function.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"
#include "requests/watchers.h"

namespace valise::web {

// An answer that goes on: tells at once, and again whenever the watchers of `id` are told, what
// `tell` gives as JSON, as the event `name`, in the order in which it was read. Where it says
// kNotFound nothing is told that time; other errors end the answer, so that the browser comes
// again. `tell` is called from any thread, one at a time, until the client has gone. `watchers`
// outlives the answer.
http::Response Watch(requests::Watchers& watchers, std::string_view id, std::string name,
                     std::function<Result<std::string>()> tell);

}  // namespace valise::web
