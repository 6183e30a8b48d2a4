#include "http/request_reader.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/text.h"

namespace valise::http {
namespace {

namespace beast = boost::beast;
using std::chrono::steady_clock;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view kTooLarge = "The request's body is too large.\n";
constexpr std::string_view kOurMistake = "The server made a mistake.\n";

Response PlainError(int status, std::string_view text) {
  Response response{
      .status = status, .headers = {}, .body = std::string(text), .range = {}, .on_sent = {}};
  response.headers.Add("Content-Type", "text/plain; charset=utf-8");
  return response;
}

std::optional<Response> RefusalFor(const beast::error_code& error) {
  using E = beast::http::error;
  if (error == E::header_limit) return PlainError(431, "The request's header is too large.\n");
  if (error == E::body_limit) return PlainError(413, kTooLarge);
  if (error.category() == beast::http::make_error_code(E::bad_method).category() &&
      error != E::end_of_stream && error != E::partial_message) {
    return PlainError(400, "This is not a well-formed HTTP request.\n");
  }
  return std::nullopt;  // the client went, or was too slow
}

}  // namespace

std::string RequestReader::Remote() const {
  if (shared_.options.trust_forwarded_for) {
    std::string_view list = request_.headers.Get("X-Forwarded-For");
    if (const size_t comma = list.rfind(','); comma != std::string_view::npos)
      list.remove_prefix(comma + 1);
    while (list.starts_with(' ')) list.remove_prefix(1);
    if (!list.empty()) return std::string(list.substr(0, 64));
  }
  beast::error_code error;
  const auto peer = connection_.socket.remote_endpoint(error);
  return error ? std::string() : peer.address().to_string();
}

std::optional<Response> RequestReader::Understand(const HeadParser& head) {
  const auto& message = head.get();
  const std::string_view target(message.target().data(), message.target().size());
  auto parsed = ParseTarget(target);
  if (!parsed.has_value()) {
    return PlainError(HttpStatus(parsed.error().code), parsed.error().message + ".\n");
  }
  request_.method = std::string(message.method_string());
  request_.target = std::string(target);
  request_.path = std::move(parsed->path);
  request_.query = std::move(parsed->query);
  for (const auto& field : message) {
    request_.headers.Add(std::string(field.name_string()), std::string(field.value()));
  }
  request_.remote = Remote();
  return std::nullopt;
}

std::optional<Response> RequestReader::RefuseWhenBusy() const {
  if (shared_.waiting < shared_.options.max_waiting) return std::nullopt;
  return PlainError(503, "The server is busy. Please try again in a moment.\n");
}

asio::awaitable<bool> RequestReader::OnWorker(std::function<void()> work) {
  connection_.deadline = SteadyTime::max();
  ++shared_.waiting;
  const bool calm = co_await asio::co_spawn(
      shared_.workers,
      [&work]() -> asio::awaitable<bool> {
        // The last border before the client: nothing that a library throws may end the server.
        try {
          work();
          co_return true;
        } catch (const std::exception&) {
          co_return false;
        }
      },
      asio::use_awaitable);
  --shared_.waiting;
  co_return calm;
}

asio::awaitable<std::optional<Response>> RequestReader::Ask() {
  if (auto busy = RefuseWhenBusy()) co_return busy;
  std::optional<Response> response;
  if (!co_await OnWorker([&] { response = shared_.handler.Handle(request_); })) {
    response = PlainError(500, kOurMistake);
  }
  co_return response;
}

asio::awaitable<void> RequestReader::TellToGoOn() {
  if (!EqualsIgnoringCase(request_.headers.Get("Expect"), "100-continue")) co_return;
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  connection_.deadline = steady_clock::now() + shared_.options.body_timeout;
  co_await asio::async_write(connection_.socket, asio::buffer(kContinue), kTuple);
}

asio::awaitable<std::optional<Response>> RequestReader::ReadString(HeadParser& head) {
  if (head.content_length() && *head.content_length() > shared_.options.max_body) {
    co_return PlainError(413, kTooLarge);
  }
  beast::http::request_parser<beast::http::string_body> parser(std::move(head));
  parser.body_limit(shared_.options.max_body);
  co_await TellToGoOn();
  connection_.deadline = steady_clock::now() + shared_.options.body_timeout;
  auto [error, size] =
      co_await beast::http::async_read(connection_.socket, buffer_, parser, kTuple);
  if (error) co_return RefusalFor(error);
  request_.body = std::move(parser.get().body());
  whole_ = true;
  co_return std::nullopt;
}

asio::awaitable<boost::system::error_code> RequestReader::Fill(PourParser& parser,
                                                               MutableBytes block, size_t& filled) {
  auto& body = parser.get().body();
  body.data = block.data();
  body.size = block.size();
  beast::error_code error;
  while (!error && !parser.is_done() && body.size > 0) {
    connection_.deadline = steady_clock::now() + shared_.options.body_timeout;
    auto [failed, size] =
        co_await beast::http::async_read_some(connection_.socket, buffer_, parser, kTuple);
    error = failed;
    beast::error_code ignored;
    const bool more = buffer_.size() > 0 || connection_.socket.available(ignored) > 0;
    if (!more && body.size < block.size()) break;  // whoever sends slowly is not made to wait
  }
  filled = block.size() - body.size;
  if (error == beast::http::error::need_buffer) error = {};  // the block is full
  co_return error;
}

asio::awaitable<std::optional<Response>> RequestReader::Pour(HeadParser& head) {
  PourParser parser(std::move(head));
  co_await TellToGoOn();
  // Pages that are not reached are never touched.
  const auto memory = std::make_unique_for_overwrite<std::byte[]>(BodySink::kMaxWrite);
  const MutableBytes block(memory.get(), BodySink::kMaxWrite);
  connection_.phase = Connection::Phase::kReceiving;
  beast::error_code error;
  Status taken;
  while (!error && taken.has_value() && !parser.is_done()) {
    size_t filled = 0;
    error = co_await Fill(parser, block, filled);
    if (filled == 0) continue;
    const bool calm = co_await OnWorker([&] { taken = sink_->Write(block.first(filled)); });
    if (!calm) taken = ::valise::Fail(ErrorCode::kInternal, "the server made a mistake");
    if (shared_.stopping) error = asio::error::operation_aborted;
  }
  connection_.phase = Connection::Phase::kHandling;
  if (error && taken.has_value()) co_return RefusalFor(error);
  whole_ = taken.has_value();
  std::optional<Response> response;
  const bool calm = co_await OnWorker(
      [&] { response = taken.has_value() ? sink_->Finish() : sink_->Fail(taken.error()); });
  if (!calm) response = PlainError(500, kOurMistake);
  co_return response;
}

asio::awaitable<std::optional<Response>> RequestReader::TakeBody(HeadParser& head) {
  whole_ = false;
  if (auto busy = RefuseWhenBusy()) co_return busy;
  Reception reception;
  if (!co_await OnWorker([&] { reception = shared_.handler.Receive(request_); })) {
    co_return PlainError(500, kOurMistake);
  }
  if (reception.refusal) co_return std::move(reception.refusal);
  if (reception.sink == nullptr) {
    auto refusal = co_await ReadString(head);
    if (!whole_) co_return refusal;
    co_return co_await Ask();
  }
  sink_ = std::move(reception.sink);
  auto response = co_await Pour(head);
  // It may have files to close: not on this thread, unless the workers are ending.
  if (!shared_.stopping) co_await OnWorker([this] { sink_.reset(); });
  co_return response;
}

asio::awaitable<Reply> RequestReader::Run(std::chrono::milliseconds timeout) {
  HeadParser head;
  head.header_limit(static_cast<uint32_t>(shared_.options.max_header));
  head.body_limit(boost::none);  // whoever takes the body limits it
  connection_.phase = Connection::Phase::kWaiting;
  connection_.deadline = steady_clock::now() + timeout;
  auto [error, size] =
      co_await beast::http::async_read_header(connection_.socket, buffer_, head, kTuple);
  Reply reply;
  reply.linger = true;
  if (error) {
    reply.response = RefusalFor(error);
    co_return reply;
  }
  connection_.phase = Connection::Phase::kHandling;
  reply.response = Understand(head);
  if (reply.response) co_return reply;
  reply.is_head = request_.method == "HEAD";
  const bool keep_alive = head.get().keep_alive();
  if (head.is_done()) {
    reply.response = co_await Ask();
  } else {
    reply.response = co_await TakeBody(head);
  }
  reply.linger = !whole_;
  reply.keep_alive = keep_alive && whole_;
  co_return reply;
}

}  // namespace valise::http
