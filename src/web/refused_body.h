// RefusedBody: what Route::receive returns when it has an answer of its own already, of a status or
// with headers that no Error has. The body is not read.
//
// Thread safety: as every sink.
#pragma once

#include <memory>
#include <utility>

#include "http/message.h"

namespace valise::web {

class RefusedBody final : public http::BodySink {
 public:
  explicit RefusedBody(http::Response response) : response_(std::move(response)) {}
  Status Write(Bytes) override { return ::valise::Fail(ErrorCode::kCancelled, {}); }
  http::Response Finish() override { return std::move(response_); }
  http::Response Fail(const Error&) override { return std::move(response_); }

 private:
  http::Response response_;
};

inline std::unique_ptr<http::BodySink> RefuseBody(http::Response response) {
  return std::make_unique<RefusedBody>(std::move(response));
}

}  // namespace valise::web
