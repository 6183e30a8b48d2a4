#include "http/server.h"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "http/connection.h"

namespace valise::http {
namespace {

using asio::ip::tcp;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
// Unsent bytes above this do not wait in the kernel: memory of a slow client, and what is lost by a
// Stop().
constexpr int kUnsentLowWater = 128 * 1024;
constexpr std::chrono::milliseconds kPauseWhenFull{50};

void Tune(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.native_non_blocking(true, ignored);
  const int one = 1;
  setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsentLowWater,
             sizeof kUnsentLowWater);
}

// A waiting download holds a socket: allow as many descriptors as the system lets us have.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

struct Server::State {
  Shared shared;
  std::vector<std::unique_ptr<IoThread>> io;
  std::optional<tcp::acceptor> acceptor;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> work;
  std::vector<std::thread> threads;
  uint16_t port = 0;

  State(const ServerOptions& options, Handler& handler, const Clock& clock)
      : shared(options, handler, clock) {
    for (unsigned i = 0; i < std::max(1u, options.io_threads); ++i)
      io.push_back(std::make_unique<IoThread>());
  }

  Status Listen();
  asio::awaitable<void> Accept();
  void Run();
  void Stop();
  bool Drained(std::chrono::milliseconds within) const;
};

Status Server::State::Listen() {
  const ServerOptions& options = shared.options;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("\"{}\" is not an IP address to listen on", options.address));
  }
  const tcp::endpoint endpoint(address, options.port);
  acceptor.emplace(io.front()->loop);
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Fail(
        ErrorCode::kUnavailable,
        fmt::format("cannot listen on {} port {}: {}. Choose another port, or stop what uses it.",
                    options.address, options.port, error.message()));
  }
  port = acceptor->local_endpoint(error).port();
  return {};
}

asio::awaitable<void> Server::State::Accept() {
  asio::steady_timer pause(io.front()->loop);
  for (size_t next = 0; !shared.stopping; next = (next + 1) % io.size()) {
    const asio::any_io_executor owner(io[next]->loop.get_executor());
    auto [error, socket] = co_await acceptor->async_accept(owner, kTuple);
    if (error == asio::error::operation_aborted || !acceptor->is_open()) co_return;
    if (error) {  // out of descriptors or memory: others will end
      pause.expires_after(kPauseWhenFull);
      co_await pause.async_wait(kTuple);
      continue;
    }
    if (shared.connections >= shared.options.max_connections) continue;  // closes it
    Tune(socket);
    asio::co_spawn(io[next]->loop, Serve(shared, *io[next], std::move(socket)), asio::detached);
  }
}

void Server::State::Run() {
  asio::co_spawn(io.front()->loop, Accept(), asio::detached);
  for (const auto& one : io) {
    work.push_back(asio::make_work_guard(one->loop));
    asio::co_spawn(one->loop, Tick(shared, *one), asio::detached);
    threads.emplace_back([&loop = one->loop] { loop.run(); });
  }
}

bool Server::State::Drained(std::chrono::milliseconds within) const {
  constexpr std::chrono::milliseconds kLook{5};
  for (auto waited = std::chrono::milliseconds{0}; waited < within; waited += kLook) {
    if (shared.connections == 0) return true;
    std::this_thread::sleep_for(kLook);
  }
  return shared.connections == 0;
}

void Server::State::Stop() {
  if (shared.stopping.exchange(true)) return;
  asio::post(io.front()->loop, [this] {
    boost::system::error_code ignored;
    acceptor->close(ignored);
  });
  const auto cut = [this](auto&& which) {
    for (const auto& one : io) {
      asio::post(one->loop, [which, &list = one->connections] {
        for (Connection* c : list) {
          if (which(*c)) c->Cut();
        }
      });
    }
  };
  cut([](const Connection& c) {
    return c.phase == Connection::Phase::kWaiting || c.phase == Connection::Phase::kStreaming ||
           c.phase == Connection::Phase::kReceiving;
  });
  if (!Drained(shared.options.stop_grace)) {
    cut([](const Connection&) { return true; });
    Drained(std::chrono::milliseconds{500});
  }
  shared.workers.join();
  for (const auto& one : io) one->loop.stop();
  for (std::thread& thread : threads) thread.join();
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Server>> Server::Start(const ServerOptions& options, Handler& handler,
                                              const Clock& clock) {
  RaiseDescriptorLimit();
  auto state = std::make_unique<State>(options, handler, clock);
  RETURN_IF_ERROR(state->Listen());
  state->Run();
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::~Server() { state_->Stop(); }

uint16_t Server::port() const { return state_->port; }
void Server::Stop() { state_->Stop(); }
size_t Server::connections() const { return state_->shared.connections; }

}  // namespace valise::http
