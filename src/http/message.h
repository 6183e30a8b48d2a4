// What a handler gets and gives: requests and responses as plain values, free of any socket.
//
// Thread safety: plain values; a Response is moved from the worker that made it to the I/O thread
// that sends it. Lifetime: a response owns its body.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "http/body.h"
#include "http/stream.h"

namespace valise::http {

// Header fields in their order; names compare without case (RFC 9110 §5.1).
class Headers {
 public:
  // The first value of `name`, or nullopt.
  std::optional<std::string_view> Find(std::string_view name) const;
  // Find() or "".
  std::string_view Get(std::string_view name) const { return Find(name).value_or(""); }
  void Add(std::string name, std::string value);
  // Replaces all values of `name`.
  void Set(std::string_view name, std::string value);
  const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// `a` equals `b` but for ASCII case.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

struct Request {
  std::string method;  // "GET"
  std::string target;  // as it came: "/d/x%20y?a=1"
  std::string path;    // percent-decoded, begins with '/', no NUL, no "." or ".." segment
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  Headers headers;
  std::string body;    // at most ServerOptions::max_body; empty when a BodySink takes it
  std::string remote;  // the peer's address, "127.0.0.1"

  // The first value of `name` in the query, or nullopt.
  std::optional<std::string_view> Query(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers;
  // A text, a body whose length is known and which may be sent in part, or a stream without an end.
  std::variant<std::string, std::shared_ptr<BodySource>, std::shared_ptr<EventStream>> body;
  // Which part of a BodySource is sent (206); all of it when empty.
  std::optional<ByteRange> range;
  // Called on a worker thread once the last byte of the range was handed to the kernel, never when
  // the client went before.
  std::function<void()> on_sent;
};

// Takes the body of one request as it comes, instead of Request::body. Called on worker threads,
// one call at a time, in order. Destroyed without Finish() or Fail(): the client went, was too slow
// or sent what is not HTTP; what is durable by then is kept.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // At most kMaxWrite bytes. It may block: nothing more is read meanwhile, and the client waits. An
  // error ends the reading.
  static constexpr size_t kMaxWrite = 256 * 1024;
  virtual Status Write(Bytes bytes) = 0;
  // The body is whole. The answer.
  virtual Response Finish() = 0;
  // The answer to what Write() returned; the connection is closed after it.
  virtual Response Fail(const Error& error) = 0;
};

// How the body of a request is taken in: by `sink`; not at all when `refusal` answers at once (the
// connection is closed after it); into Request::body, for Handle(), when both are empty.
struct Reception {
  std::unique_ptr<BodySink> sink;
  std::optional<Response> refusal;
};

// Answers requests. Called on worker threads, many at a time: it may block.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Response Handle(const Request& request) = 0;
  // A request that brings a body, before the first byte of it is read (and before the client is
  // told to go on, if it asked: RFC 9110 §10.1.1). `head` has no body yet and is not kept.
  virtual Reception Receive(const Request& /*head*/) { return {}; }
  // A body could not be read while it was being sent, and the connection was cut. Called on an I/O
  // thread.
  virtual void BodyFailed(const Error& error) = 0;
};

}  // namespace valise::http
