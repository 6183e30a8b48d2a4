// RequestReader: reads one request from a connection and has it answered: the head first, then the
// body, into a string or, as it comes, into the handler's BodySink.
//
// Thread safety: runs on the connection's I/O thread; handlers and sinks are called on workers.
// Lifetime: belongs to one request; borrows the connection and its read buffer.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "http/connection.h"

namespace valise::http {

// What is to be sent back, if anything.
struct Reply {
  std::optional<Response> response;  // none: the client went, or was too slow
  bool is_head = false;              // the answer's body is not sent
  bool keep_alive = false;
  bool linger = false;  // the client may still be sending
};

class RequestReader {
 public:
  RequestReader(Shared& shared, Connection& connection, boost::beast::flat_buffer& buffer)
      : shared_(shared), connection_(connection), buffer_(buffer) {}

  // Waits at most `timeout` for the head.
  asio::awaitable<Reply> Run(std::chrono::milliseconds timeout);

 private:
  using HeadParser = boost::beast::http::request_parser<boost::beast::http::empty_body>;
  using PourParser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

  // These return the answer; none when there is nobody to answer.
  asio::awaitable<std::optional<Response>> Ask();
  asio::awaitable<std::optional<Response>> TakeBody(HeadParser& head);
  asio::awaitable<std::optional<Response>> Pour(HeadParser& head);
  // Sets whole_ when the body is in request_; otherwise returns what TakeBody() shall.
  asio::awaitable<std::optional<Response>> ReadString(HeadParser& head);
  // Reads what there is, at most `block`; `filled` says how much.
  asio::awaitable<boost::system::error_code> Fill(PourParser& parser, MutableBytes block,
                                                  size_t& filled);
  asio::awaitable<void> TellToGoOn();
  // Runs `work` on a worker thread; false when a library threw.
  asio::awaitable<bool> OnWorker(std::function<void()> work);
  std::optional<Response> Understand(const HeadParser& head);
  std::optional<Response> RefuseWhenBusy() const;
  std::string Remote() const;

  Shared& shared_;
  Connection& connection_;
  boost::beast::flat_buffer& buffer_;
  Request request_;
  std::unique_ptr<BodySink> sink_;
  bool whole_ = true;  // nothing of this request is left to be read
};

}  // namespace valise::http
