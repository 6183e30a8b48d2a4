#include "ingest_client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include <charconv>
#include <cstring>

#include "base/json_writer.h"
#include "http/message.h"

namespace valise::host {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kRoot = "/api/v1/ingest";
constexpr long kConnectSeconds = 5;
// A transfer that moves less than a byte a second for so long is given up.
constexpr long kStallSeconds = 30;
constexpr size_t kMaxAnswer = 8 << 20;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Answer {
  long status = 0;
  std::string body;
  std::optional<int64_t> upload_offset;
};

size_t TakeBody(char* from, size_t size, size_t count, void* to) {
  auto& body = static_cast<Answer*>(to)->body;
  if (body.size() + size * count > kMaxAnswer) return 0;
  body.append(from, size * count);
  return size * count;
}

std::optional<int64_t> ToNumber(std::string_view text) {
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

size_t TakeHeader(char* from, size_t size, size_t count, void* to) {
  constexpr std::string_view kName = "upload-offset:";
  std::string_view line(from, size * count);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (http::EqualsIgnoringCase(line.substr(0, kName.size()), kName)) {
    line.remove_prefix(std::min(line.find_first_not_of(' ', kName.size()), line.size()));
    static_cast<Answer*>(to)->upload_offset = ToNumber(line);
  }
  return size * count;
}

size_t ReadText(char* to, size_t size, size_t count, void* from) {
  auto& rest = *static_cast<std::string_view*>(from);
  const size_t n = std::min(size * count, rest.size());
  std::memcpy(to, rest.data(), n);
  rest.remove_prefix(n);
  return n;
}

struct FileRest {
  const File& file;
  uint64_t offset;
};
size_t ReadFileRest(char* to, size_t size, size_t count, void* from) {
  auto& rest = *static_cast<FileRest*>(from);
  const auto got =
      rest.file.ReadSome(rest.offset, std::as_writable_bytes(std::span(to, size * count)));
  if (!got.has_value()) return CURL_READFUNC_ABORT;
  rest.offset += *got;
  return *got;
}

// The member's text, or "".
std::string_view TextOf(const dom::element& object, std::string_view name) {
  std::string_view text;
  return object.at_key(name).get(text) == simdjson::SUCCESS ? text : std::string_view();
}

ErrorCode CodeOf(long status) {
  switch (status) {
    case 401:
      return ErrorCode::kUnauthenticated;
    case 403:
      return ErrorCode::kPermissionDenied;
    case 404:
      return ErrorCode::kNotFound;
    case 409:
      return ErrorCode::kConflict;
    case 413:
      return ErrorCode::kLimitExceeded;
    case 422:
      return ErrorCode::kCorrupt;
    default:
      return status >= 500 || status == 429 ? ErrorCode::kUnavailable : ErrorCode::kInvalidArgument;
  }
}

}  // namespace

struct IngestClient::State {
  std::string url;
  Secret<std::string> token;
  CURL* easy = nullptr;
  dom::parser parser;

  ~State() { curl_easy_cleanup(easy); }

  struct Call {
    const char* method;
    std::string path;
    std::string_view body = {};
    const char* type = "application/json";
    FileRest* file = nullptr;
    int64_t file_size = 0;   // what is sent of it
    std::string extra = {};  // one more header
  };
  Result<Answer> Perform(const Call& call);
  // As Perform, but anything other than 2xx is an error.
  Result<dom::object> Ask(const Call& call);
};

Result<Answer> IngestClient::State::Perform(const Call& call) {
  curl_easy_reset(easy);
  Answer answer;
  std::string_view rest = call.body;
  std::unique_ptr<curl_slist, FreeList> headers(
      curl_slist_append(nullptr, ("Authorization: Bearer " + token.Reveal()).c_str()));
  const auto add = [&](const std::string& line) { curl_slist_append(headers.get(), line.c_str()); };
  add(fmt::format("Content-Type: {}", call.type));
  // Small bodies go at once; for files the server may say that it has them already.
  if (call.file == nullptr) add("Expect:");
  if (!call.extra.empty()) add(call.extra);
  const std::string address = fmt::format("{}{}{}", url, kRoot, call.path);
  curl_easy_setopt(easy, CURLOPT_URL, address.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call.method);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, kStallSeconds);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, TakeHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &answer);
  if (std::string_view(call.method) == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (call.file != nullptr || !call.body.empty()) {
    const int64_t size =
        call.file != nullptr ? call.file_size : static_cast<int64_t>(call.body.size());
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, call.file != nullptr ? ReadFileRest : ReadText);
    curl_easy_setopt(easy, CURLOPT_READDATA,
                     call.file != nullptr ? static_cast<void*>(call.file) : &rest);
  }
  const CURLcode code = curl_easy_perform(easy);
  if (code != CURLE_OK) {
    return Fail(ErrorCode::kUnavailable, fmt::format("Valise: {}", curl_easy_strerror(code)));
  }
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

Result<dom::object> IngestClient::State::Ask(const Call& call) {
  ASSIGN_OR_RETURN(const Answer answer, Perform(call));
  if (answer.status < 200 || answer.status > 299) {
    return Fail(CodeOf(answer.status), fmt::format("Valise answered {}", answer.status));
  }
  dom::object object;
  const std::string_view text = answer.body.empty() ? "{}" : std::string_view(answer.body);
  if (parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) {
    return Fail(ErrorCode::kUnavailable, "Valise's answer cannot be read");
  }
  return object;
}

IngestClient::IngestClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
IngestClient::~IngestClient() = default;

Result<std::unique_ptr<IngestClient>> IngestClient::Open(std::string url,
                                                         Secret<std::string> token) {
  auto state = std::make_unique<State>();
  state->url = std::move(url);
  state->token = std::move(token);
  state->easy = curl_easy_init();
  if (state->easy == nullptr) return Fail(ErrorCode::kUnavailable, "libcurl: no memory");
  return std::unique_ptr<IngestClient>(new IngestClient(std::move(state)));
}

Result<std::optional<int64_t>> IngestClient::Cursor() {
  ASSIGN_OR_RETURN(const dom::object answer,
                   state_->Ask({.method = "GET", .path = "/cursor?name=main"}));
  std::string_view cursor;
  if (answer.at_key("cursor").get(cursor) != simdjson::SUCCESS) return std::nullopt;
  return ToNumber(cursor);
}

Status IngestClient::PutAccount(std::string_view account, std::string_view json) {
  RETURN_IF_ERROR(
      state_->Ask({.method = "PUT", .path = fmt::format("/accounts/{}", account), .body = json}));
  return {};
}

Result<std::vector<std::string>> IngestClient::Missing(std::string_view account,
                                                       const std::vector<std::string>& digests) {
  JsonWriter json;
  json.BeginObject().Name("digests").BeginArray();
  for (const std::string& digest : digests) json.String(digest);
  json.EndArray().EndObject();
  ASSIGN_OR_RETURN(const dom::object answer,
                   state_->Ask({.method = "POST",
                                .path = fmt::format("/accounts/{}/blobs/missing", account),
                                .body = json.text()}));
  std::vector<std::string> missing;
  dom::array list;
  if (answer.at_key("missing").get(list) != simdjson::SUCCESS) {
    return Fail(ErrorCode::kUnavailable, "Valise's answer cannot be read");
  }
  for (const dom::element one : list) {
    std::string_view digest;
    if (one.get(digest) == simdjson::SUCCESS) missing.emplace_back(digest);
  }
  return missing;
}

Status IngestClient::PutBlob(std::string_view account, std::string_view sha256,
                             const fs::path& path) {
  ASSIGN_OR_RETURN(const File file, File::OpenRead(path));
  ASSIGN_OR_RETURN(const uint64_t size, file.Size());
  const std::string address = fmt::format("/accounts/{}/blobs/{}", account, sha256);
  ASSIGN_OR_RETURN(const Answer known, state_->Perform({.method = "HEAD", .path = address}));
  if (known.status == 200) return {};
  const auto had = static_cast<uint64_t>(std::max<int64_t>(0, known.upload_offset.value_or(0)));
  FileRest rest{file, had < size ? had : 0};
  State::Call call{.method = "PUT",
                   .path = address,
                   .type = "application/octet-stream",
                   .file = &rest,
                   .file_size = static_cast<int64_t>(size - rest.offset)};
  if (rest.offset > 0) {
    call.extra = fmt::format("Content-Range: bytes {}-{}/{}", rest.offset, size - 1, size);
  }
  RETURN_IF_ERROR(state_->Ask(call));
  return {};
}

Result<IngestClient::Streamed> IngestClient::Stream(std::string_view lines) {
  ASSIGN_OR_RETURN(const dom::object answer, state_->Ask({.method = "POST",
                                                          .path = "/stream?name=main",
                                                          .body = lines,
                                                          .type = "application/x-ndjson"}));
  Streamed streamed;
  std::string_view cursor;
  if (answer.at_key("cursor").get(cursor) == simdjson::SUCCESS) streamed.cursor = ToNumber(cursor);
  dom::array refused;
  if (answer.at_pointer("/refused/lines").get(refused) != simdjson::SUCCESS) return streamed;
  for (const dom::element one : refused) {
    streamed.refused.push_back({.cursor = ToNumber(TextOf(one, "cursor")).value_or(0),
                                .code = std::string(TextOf(one, "code")),
                                .message = std::string(TextOf(one, "message"))});
  }
  return streamed;
}

Result<std::vector<std::string>> IngestClient::Reconcile(std::string_view account) {
  ASSIGN_OR_RETURN(
      const dom::object answer,
      state_->Ask({.method = "GET", .path = fmt::format("/accounts/{}/reconcile", account)}));
  std::vector<std::string> lines;
  dom::array kinds;
  if (answer.at_key("kinds").get(kinds) != simdjson::SUCCESS) {
    return Fail(ErrorCode::kUnavailable, "Valise's answer cannot be read");
  }
  for (const dom::element kind : kinds) {
    std::string_view name;
    dom::array months;
    if (kind.at_key("kind").get(name) != simdjson::SUCCESS ||
        kind.at_key("months").get(months) != simdjson::SUCCESS) {
      return Fail(ErrorCode::kUnavailable, "Valise's answer cannot be read");
    }
    for (const dom::element month : months) {
      int64_t count = 0;
      if (month.at_key("count").get(count) != simdjson::SUCCESS) count = -1;
      lines.push_back(
          fmt::format("{} {} {} {}", name, TextOf(month, "month"), count, TextOf(month, "digest")));
    }
  }
  return lines;
}

}  // namespace valise::host
