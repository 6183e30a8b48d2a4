// Reads the members of a JSON object into values; remembers the first thing that is wrong.
//
// For rooms that link simdjson themselves. Thread safety: belongs to one thread. Lifetime: not
// longer than the simdjson parser.
#pragma once

#include <simdjson.h>

#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/result.h"
#include "base/time.h"

namespace valise::account {

class JsonMembers {
 public:
  // `where` is put in front of error messages: "head: documents".
  JsonMembers(simdjson::dom::element element, std::string_view where) : where_(where) {
    if (element.get_object().get(object_)) Wrong("", "is not an object");
  }

  // Each takes one member. When it is absent the value is left as it is; `Must` before it makes
  // that an error.
  JsonMembers& Must() {
    must_ = true;
    return *this;
  }
  void Take(std::string_view name, std::string& to) {
    std::string_view text;
    if (!Find(name)) return;
    if (value_.get_string().get(text)) return Wrong(name, "is not a string");
    to.assign(text);
  }
  void Take(std::string_view name, bool& to) {
    if (Find(name) && value_.get_bool().get(to)) Wrong(name, "is neither true nor false");
  }
  template <std::unsigned_integral T>
  void Take(std::string_view name, T& to) {
    uint64_t wide = 0;
    if (!Find(name)) return;
    if (value_.get_uint64().get(wide) || wide > std::numeric_limits<T>::max()) {
      return Wrong(name, "is not a whole number of that size");
    }
    to = static_cast<T>(wide);
  }
  void Take(std::string_view name, Timestamp& to) { Parsed(name, to, ParseTime, "is not a time"); }
  void Take(std::string_view name, Digest& to) {
    Parsed(name, to, Digest::Parse, "is not a digest");
  }
  void Take(std::string_view name, Key& to) { Parsed(name, to, Key::Parse, "is not a key"); }
  template <typename T>
  void Take(std::string_view name, std::optional<T>& to) {
    if (!Has(name)) return;
    Take(name, to.emplace());
  }
  // Calls read(element) -> Status for each element of an array.
  template <typename Read>
  void Each(std::string_view name, Read read) {
    simdjson::dom::array array;
    if (!Find(name)) return;
    if (value_.get_array().get(array)) return Wrong(name, "is not an array");
    for (const simdjson::dom::element element : array) {
      if (error_) return;
      Check(read(element));
    }
  }
  // The member itself, when it is there.
  std::optional<simdjson::dom::element> Element(std::string_view name) {
    if (!Find(name)) return std::nullopt;
    return value_;
  }
  void Check(Status status) {
    if (!status && !error_) error_ = std::move(status).error();
  }
  void Wrong(std::string_view name, std::string_view what);

  // The first error; also when the object has members that nobody took.
  Status Finish();

 private:
  bool Has(std::string_view name) const {
    simdjson::dom::element ignored;
    return !error_ && !object_.at_key(name).get(ignored);
  }
  bool Find(std::string_view name);
  template <typename T, typename Parse>
  void Parsed(std::string_view name, T& to, Parse parse, std::string_view wrong) {
    std::string_view text;
    if (!Find(name)) return;
    if (value_.get_string().get(text)) return Wrong(name, wrong);
    const Result<T> value = parse(text);
    if (!value) return Wrong(name, wrong);
    to = *value;
  }

  std::string_view where_;
  simdjson::dom::object object_;
  simdjson::dom::element value_;
  size_t taken_ = 0;
  bool must_ = false;
  std::optional<Error> error_;
};

}  // namespace valise::account
