// BufferSink: a body of bounded length, whole, to one function; for calls whose bodies are longer
// than the server buffers by itself.
//
// Thread safety: as BodySink. Lifetime: owns what came.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <utility>

#include "http/message.h"
#include "web/respond.h"

namespace valise::web {

class BufferSink final : public http::BodySink {
 public:
  using Answer = std::function<http::Response(const std::string& body)>;
  BufferSink(size_t limit, Answer answer) : limit_(limit), answer_(std::move(answer)) {}

  Status Write(Bytes bytes) override {
    if (bytes.size() > limit_ - body_.size()) {
      return valise::Fail(ErrorCode::kLimitExceeded,
                          fmt::format("the body has at most {} bytes", limit_));
    }
    body_ += AsText(bytes);
    return {};
  }
  http::Response Finish() override { return answer_(body_); }
  http::Response Fail(const Error& error) override { return Refuse(error); }

 private:
  const size_t limit_;
  Answer answer_;
  std::string body_;
};

}  // namespace valise::web
