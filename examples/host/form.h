// What a form brings, urlencoded or with files.
//
// Thread safety: plain values; a FormSink is used as a BodySink is.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "media_store.h"
#include "multipart.h"

namespace valise::host {

struct Form {
  std::multimap<std::string, std::string, std::less<>> fields;
  std::vector<Medium> media;  // in the order they were chosen

  // The first value of a field; line ends are "\n". "" when it is absent.
  std::string Get(std::string_view name) const;
  // A number, or 0.
  int64_t Number(std::string_view name) const;
  std::vector<int64_t> Numbers(std::string_view name) const;
};

// "application/x-www-form-urlencoded". Errors: kInvalidArgument.
Result<Form> ParseForm(std::string_view body);

// Receives a multipart form: files go to the store as they come.
class FormSink final : public http::BodySink, private PartTaker {
 public:
  static constexpr size_t kMaxField = 16 * 1024;
  using Done = std::function<http::Response(Result<Form>)>;
  // `done` makes the answer, of the form or of what went wrong. The store outlives this.
  FormSink(std::string_view boundary, const MediaStore& store, Done done)
      : store_(store), parser_(boundary, *this), done_(std::move(done)) {}

  Status Write(Bytes bytes) override { return parser_.Write(AsText(bytes)); }
  http::Response Finish() override;
  http::Response Fail(const Error& error) override { return done_(std::unexpected(error)); }

 private:
  Status Begin(const PartHead& head) override;
  Status Data(std::string_view bytes) override;
  Status End() override;

  const MediaStore& store_;
  Multipart parser_;
  Done done_;
  Form form_;
  PartHead head_;
  std::string field_;
  std::unique_ptr<MediaStore::Incoming> file_;
};

}  // namespace valise::host
