#include "web/watch.h"

#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <utility>

namespace valise::web {

http::Response Watch(requests::Watchers& watchers, std::string_view id, std::string name,
                     std::function<Result<std::string>()> tell) {
  auto stream = std::make_shared<http::EventStream>();
  // What was read first is pushed first: otherwise a page could be left with what was true before.
  auto in_order = std::make_shared<std::mutex>();
  const auto push = [stream, in_order, name = std::move(name), tell = std::move(tell)] {
    const std::lock_guard lock(*in_order);
    const auto json = tell();
    if (json.has_value()) {
      stream->Push(fmt::format("event: {}\ndata: {}\n\n", name, *json));
    } else if (json.error().code != ErrorCode::kNotFound) {
      stream->Close();  // the browser comes again, and is told then
    }
  };
  // Heard first, then told: nothing can happen unseen in between.
  const uint64_t watcher = watchers.Add(id, push);
  stream->OnEnd([&watchers, watcher] { watchers.Remove(watcher); });
  push();
  http::Response response;
  response.headers.Add("Content-Type", "text/event-stream");
  response.headers.Add("Cache-Control", "no-store");
  response.headers.Add("X-Accel-Buffering", "no");
  response.body = std::move(stream);
  return response;
}

}  // namespace valise::web
