#include "web/json_body.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace valise::web {
namespace {

std::unexpected<Error> Wrong(std::string_view name, std::string_view wanted) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" must be {}", name, wanted));
}

}  // namespace

struct JsonBody::State {
  simdjson::dom::parser parser;
  simdjson::dom::object object;

  // The member, or nullopt when it is absent or null.
  std::optional<simdjson::dom::element> Find(std::string_view name) const {
    simdjson::dom::element element;
    if (object.at_key(name).get(element) != simdjson::SUCCESS || element.is_null()) return {};
    return element;
  }
};

JsonBody::JsonBody(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonBody::~JsonBody() = default;
JsonBody::JsonBody(JsonBody&&) noexcept = default;
JsonBody& JsonBody::operator=(JsonBody&&) noexcept = default;

Result<JsonBody> JsonBody::Parse(const http::Request& request) {
  const std::string_view type = request.headers.Get("Content-Type");
  if (!http::EqualsIgnoringCase(type.substr(0, type.find(';')), "application/json")) {
    return Fail(ErrorCode::kUnsupported, "the request must be application/json");
  }
  auto state = std::make_unique<State>();
  const auto parsed =
      state->parser.parse(request.body.data(), request.body.size()).get(state->object);
  if (parsed != simdjson::SUCCESS) {
    return Fail(ErrorCode::kInvalidArgument, "the request is not a JSON object");
  }
  return JsonBody(std::move(state));
}

Result<std::string> JsonBody::String(std::string_view name) const {
  ASSIGN_OR_RETURN(auto value, OptionalString(name));
  if (!value) return Wrong(name, "a string");
  return std::move(*value);
}

Result<std::optional<std::string>> JsonBody::OptionalString(std::string_view name) const {
  const auto element = state_->Find(name);
  if (!element) return std::optional<std::string>{};
  std::string_view text;
  if (element->get(text) != simdjson::SUCCESS) return Wrong(name, "a string");
  return std::optional(std::string(text));
}

Result<std::optional<std::vector<std::string>>> JsonBody::OptionalStrings(
    std::string_view name) const {
  const auto element = state_->Find(name);
  if (!element) return std::optional<std::vector<std::string>>{};
  simdjson::dom::array array;
  if (element->get(array) != simdjson::SUCCESS) return Wrong(name, "a list of strings");
  std::vector<std::string> texts;
  for (const simdjson::dom::element one : array) {
    std::string_view text;
    if (one.get(text) != simdjson::SUCCESS) return Wrong(name, "a list of strings");
    texts.emplace_back(text);
  }
  return std::optional(std::move(texts));
}

Result<bool> JsonBody::OptionalBool(std::string_view name) const {
  const auto element = state_->Find(name);
  bool value = false;
  if (element && element->get(value) != simdjson::SUCCESS) return Wrong(name, "true or false");
  return value;
}

Result<std::optional<Timestamp>> JsonBody::OptionalTime(std::string_view name) const {
  ASSIGN_OR_RETURN(const auto text, OptionalString(name));
  if (!text || text->empty()) return std::optional<Timestamp>{};
  const auto time = ParseTime(*text);
  if (!time.has_value()) return Wrong(name, "a time like 2024-07-07T20:35:31Z");
  return std::optional(*time);
}

}  // namespace valise::web
