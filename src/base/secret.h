// Secret<T>: a password, token or key that cannot be printed by accident.
//
// Thread safety: a plain value.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace valise {

template <typename T>
class Secret {
 public:
  Secret() = default;
  explicit Secret(T value) : value_(std::move(value)) {}
  // The one way in: easy to find in a review.
  const T& Reveal() const { return value_; }

 private:
  T value_{};
};

}  // namespace valise

template <typename T>
struct fmt::formatter<valise::Secret<T>> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const valise::Secret<T>&, Context& context) const {
    return fmt::formatter<std::string_view>::format("[redacted]", context);
  }
};
