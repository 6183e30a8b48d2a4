// One connection: the coroutine that reads requests, has them answered and sends the answers.
//
// Thread safety: all of it runs on the I/O thread that the connection belongs to, handlers apart.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <list>

#include "http/body_sender.h"
#include "http/buffer_pool.h"
#include "http/server.h"

namespace valise::http {

namespace asio = boost::asio;
using SteadyTime = std::chrono::steady_clock::time_point;

struct Connection {
  asio::ip::tcp::socket socket;
  // When the ticker cuts it. max(): not now.
  SteadyTime deadline = SteadyTime::max();
  enum class Phase : uint8_t {
    kWaiting,
    kHandling,
    kReceiving,
    kSending,
    kStreaming
  } phase = Phase::kWaiting;
  // While it waits for a client that does not read.
  BodySender* blocked = nullptr;
  SteadyTime blocked_since{};
  // What an event stream waits on.
  asio::steady_timer* timer = nullptr;

  // Makes every pending wait and every later send fail. Not close(): the number of a closed
  // descriptor may be somebody else's when the coroutine goes on.
  void Cut();
};

// One event loop and what lives on it.
struct IoThread {
  std::list<Connection*> connections;
  BufferPool buffers;
  asio::io_context loop{1};
};

// What all connections share.
struct Shared {
  ServerOptions options;
  Handler& handler;
  const Clock& clock;
  asio::thread_pool workers;
  std::atomic<size_t> waiting = 0;      // requests at the workers
  std::atomic<size_t> connections = 0;  // open
  std::atomic<bool> stopping = false;

  Shared(const ServerOptions& given, Handler& to, const Clock& by)
      : options(given), handler(to), clock(by), workers(given.workers) {}
};

asio::awaitable<void> Serve(Shared& shared, IoThread& io, asio::ip::tcp::socket socket);

// Cuts what is overdue and lets go of buffers that wait; returns when the server stops.
asio::awaitable<void> Tick(Shared& shared, IoThread& io);

}  // namespace valise::http
