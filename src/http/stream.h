// EventStream: a body without an end (server-sent events): texts pushed by any thread until someone
// ends it.
//
// Thread safety: every method from any thread. Lifetime: shared by the handler's side, which
// pushes, and the connection, which sends. Memory is bounded: a client that does not read is
// dropped.
#pragma once

#include <functional>
#include <mutex>
#include <string>

namespace valise::http {

class EventStream {
 public:
  // What may wait for a client that reads slowly, in bytes.
  static constexpr size_t kMaxWaiting = 256 * 1024;

  // Queues `text` for the client. False when the stream has ended (then the pusher may forget it).
  bool Push(std::string_view text);
  // No more will come; what was pushed is still sent.
  void Close();
  bool ended() const;
  // Called once, from any thread, when the client is gone or the stream is closed.
  void OnEnd(std::function<void()> call);

  // The connection's side: `wake` is called, from any thread, when there is something new. It must
  // only post: it runs under this stream's lock. Once Attach(nullptr) returned it is not called
  // again.
  void Attach(std::function<void()> wake);
  // Takes all that waits; sets `ended` when nothing more will come.
  std::string Take(bool& ended);

 private:
  void End(std::unique_lock<std::mutex> lock);

  mutable std::mutex mutex_;
  std::string waiting_;
  bool ended_ = false;
  std::function<void()> wake_;
  std::function<void()> on_end_;
};

}  // namespace valise::http
