#include "http/connection.h"

#include <fmt/format.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "http/head.h"
#include "http/request_reader.h"

namespace valise::http {
namespace {

namespace beast = boost::beast;
using std::chrono::steady_clock;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

// How long a buffer is kept for a client that does not read.
constexpr std::chrono::seconds kHoldBuffer{1};
constexpr std::chrono::seconds kLinger{2};

// On the list of its I/O thread, and counted, as long as it lives.
class Registered {
 public:
  Registered(Shared& shared, IoThread& io, Connection& connection)
      : shared_(shared), io_(io), at_(io.connections.insert(io.connections.end(), &connection)) {
    ++shared_.connections;
  }
  ~Registered() {
    io_.connections.erase(at_);
    --shared_.connections;
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;

 private:
  Shared& shared_;
  IoThread& io_;
  std::list<Connection*>::iterator at_;
};

asio::awaitable<bool> SendBody(Shared& shared, IoThread& io, Connection& c, std::string head,
                               BodySource* body, ByteRange range) {
  BodySender sender(c.socket.native_handle(), std::move(head), body, range, io.buffers);
  c.phase = Connection::Phase::kSending;
  c.deadline = steady_clock::now() + shared.options.stall_timeout;
  uint64_t sent = 0;
  while (true) {
    const BodySender::Outcome outcome = sender.Run();
    if (outcome == BodySender::Outcome::kDone) co_return true;
    if (outcome == BodySender::Outcome::kFailed) {
      if (sender.error().code != ErrorCode::kUnavailable) shared.handler.BodyFailed(sender.error());
      co_return false;
    }
    if (sender.sent() != sent) c.deadline = steady_clock::now() + shared.options.stall_timeout;
    sent = sender.sent();
    if (outcome == BodySender::Outcome::kYield) {
      co_await asio::post(c.socket.get_executor(), asio::use_awaitable);
      continue;
    }
    c.blocked = &sender;
    c.blocked_since = steady_clock::now();
    auto [error] = co_await c.socket.async_wait(asio::ip::tcp::socket::wait_write, kTuple);
    c.blocked = nullptr;
    if (error) co_return false;
  }
}

std::string Chunk(std::string_view text) {
  return fmt::format("{:x}\r\n{}\r\n", text.size(), text);
}

asio::awaitable<bool> SendStream(Shared& shared, Connection& c, std::string head,
                                 std::shared_ptr<EventStream> stream) {
  auto timer = std::make_shared<asio::steady_timer>(c.socket.get_executor());
  stream->Attach([weak = std::weak_ptr(timer), executor = c.socket.get_executor()] {
    asio::post(executor, [weak] {
      if (const auto alive = weak.lock()) alive->cancel();
    });
  });
  c.phase = Connection::Phase::kStreaming;
  c.timer = timer.get();
  std::string out = std::move(head);
  bool ended = false, alive = true;
  while (alive) {
    if (std::string text = stream->Take(ended); !text.empty()) out += Chunk(text);
    if (ended) out += "0\r\n\r\n";
    c.deadline = steady_clock::now() + shared.options.body_timeout;
    auto [error, size] = co_await asio::async_write(c.socket, asio::buffer(out), kTuple);
    alive = !error && !shared.stopping;
    if (!alive || ended) break;
    out.clear();
    c.deadline = SteadyTime::max();
    timer->expires_after(shared.options.ping);
    auto [woken] = co_await timer->async_wait(kTuple);
    if (!woken) out = Chunk(": ping\n\n");
  }
  c.timer = nullptr;
  stream->Attach(nullptr);
  stream->Close();
  co_return alive;
}

// Sends an answer; false when the connection cannot be used again.
asio::awaitable<bool> Answer(Shared& shared, IoThread& io, Connection& c, bool is_head,
                             Response response, bool keep_alive) {
  HeadOptions head{.content_length = 0, .keep_alive = keep_alive, .now = shared.clock.Now()};
  if (auto* stream = std::get_if<std::shared_ptr<EventStream>>(&response.body)) {
    head.content_length = std::nullopt;
    if (!is_head) co_return co_await SendStream(shared, c, FormatHead(response, head), *stream);
    (*stream)->Close();
  }
  if (auto* text = std::get_if<std::string>(&response.body)) {
    head.content_length = text->size();
    std::string all = FormatHead(response, head);
    if (!is_head) all += *text;
    co_return co_await SendBody(shared, io, c, std::move(all), nullptr, {});
  }
  BodySource* body = nullptr;
  ByteRange range;
  if (auto* source = std::get_if<std::shared_ptr<BodySource>>(&response.body)) {
    body = source->get();
    range = response.range.value_or(ByteRange{0, body->size()});
    head.content_length = range.length;
  }
  const bool sent =
      co_await SendBody(shared, io, c, FormatHead(response, head), is_head ? nullptr : body, range);
  if (sent && !is_head && response.on_sent) asio::post(shared.workers, std::move(response.on_sent));
  co_return sent;
}

// Lets the client read our last words although it may still be sending (RFC 9112 §9.6).
asio::awaitable<void> Linger(Connection& c) {
  beast::error_code ignored;
  c.socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  c.phase = Connection::Phase::kWaiting;
  c.deadline = steady_clock::now() + kLinger;
  std::array<char, 4096> discarded;
  while (true) {
    auto [error, size] = co_await c.socket.async_read_some(asio::buffer(discarded), kTuple);
    if (error) co_return;
  }
}

// What the request took is gone before its answer is sent, which may take hours.
asio::awaitable<Reply> ReadOne(Shared& shared, Connection& c, beast::flat_buffer& buffer,
                               std::chrono::milliseconds timeout) {
  RequestReader reader(shared, c, buffer);
  co_return co_await reader.Run(timeout);
}

// One request and its answer; false ends the connection.
asio::awaitable<bool> ServeOne(Shared& shared, IoThread& io, Connection& c,
                               beast::flat_buffer& buffer, std::chrono::milliseconds timeout) {
  Reply reply = co_await ReadOne(shared, c, buffer, timeout);
  if (!reply.response) co_return false;
  const bool keep = reply.keep_alive && !shared.stopping;
  // A long download needs no read buffer.
  if (buffer.size() == 0) buffer = beast::flat_buffer();
  const bool sent = co_await Answer(shared, io, c, reply.is_head, std::move(*reply.response), keep);
  if (sent && reply.linger) co_await Linger(c);
  co_return sent&& keep;
}

}  // namespace

void Connection::Cut() {
  beast::error_code ignored;
  socket.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket.cancel(ignored);
  if (timer != nullptr) timer->cancel();
}

asio::awaitable<void> Serve(Shared& shared, IoThread& io, asio::ip::tcp::socket socket) {
  Connection connection{.socket = std::move(socket)};
  const Registered registered(shared, io, connection);
  beast::flat_buffer buffer;
  auto timeout = shared.options.header_timeout;
  while (co_await ServeOne(shared, io, connection, buffer, timeout)) {
    if (shared.stopping) break;
    timeout = shared.options.idle_timeout;
  }
}

asio::awaitable<void> Tick(Shared& shared, IoThread& io) {
  asio::steady_timer timer(io.loop);
  while (!shared.stopping) {
    timer.expires_after(shared.options.tick);
    co_await timer.async_wait(kTuple);
    const SteadyTime now = steady_clock::now();
    for (Connection* c : io.connections) {
      if (now > c->deadline) c->Cut();
      if (c->blocked != nullptr && now - c->blocked_since > kHoldBuffer)
        c->blocked->ReleaseBuffer();
    }
  }
}

}  // namespace valise::http
