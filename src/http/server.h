// The HTTP/1.1 server: coroutines on I/O threads, handlers on worker threads; it knows no account.
//
// Each I/O thread has its own event loop; a connection stays on the one it was given to. A slow
// client costs a socket, a coroutine frame and an offset. Every wait has an end: see the limits
// below. Thread safety: Stop() and port() from any thread. Lifetime: the handler and the clock
// outlive the server.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "http/message.h"

namespace valise::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 8460;  // 0: any free one
  unsigned io_threads = 2;
  unsigned workers = 8;      // how many handlers run at a time
  size_t max_waiting = 512;  // requests that wait for a worker; more are answered 503
  size_t max_connections = 8192;
  size_t max_header = 16 * 1024;  // bytes of a request's head
  size_t max_body = 64 * 1024;    // bytes of a request's body, those that a BodySink takes apart
  // Resolution of all of them: `tick`.
  std::chrono::milliseconds header_timeout{
      15'000};  // from the connection to the end of the first head
  std::chrono::milliseconds idle_timeout{75'000};  // between requests
  // For the body of a request; for one that a BodySink takes: without a byte of it.
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds stall_timeout{600'000};  // a client that takes not one byte
  std::chrono::milliseconds tick{500};
  std::chrono::milliseconds ping{15'000};       // a comment on a quiet event stream
  std::chrono::milliseconds stop_grace{3'000};  // what runs when Stop() is called
  bool trust_forwarded_for =
      false;  // behind a proxy: the last address of X-Forwarded-For is the peer's
};

class Server {
 public:
  // Listens and serves until Stop(). Errors: kUnavailable (address in use: says which),
  // kInvalidArgument.
  static Result<std::unique_ptr<Server>> Start(const ServerOptions& options, Handler& handler,
                                               const Clock& clock);
  // Stops if that was not done.
  ~Server();

  uint16_t port() const;
  // Takes no new connection, ends idle ones and streams, gives the rest `stop_grace`, then closes
  // all and joins the threads.
  void Stop();
  // Connections open now.
  size_t connections() const;

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace valise::http
