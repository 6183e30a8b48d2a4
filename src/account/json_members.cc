#include "account/json_members.h"

#include <fmt/format.h>

namespace valise::account {

bool JsonMembers::Find(std::string_view name) {
  const bool must = std::exchange(must_, false);
  if (error_) return false;
  if (object_.at_key(name).get(value_)) {
    if (must) Wrong(name, "is missing");
    return false;
  }
  ++taken_;
  return true;
}

void JsonMembers::Wrong(std::string_view name, std::string_view what) {
  if (error_) return;
  error_ = name.empty()
               ? Error{ErrorCode::kCorrupt, fmt::format("{} {}", where_, what)}
               : Error{ErrorCode::kCorrupt, fmt::format("{}: \"{}\" {}", where_, name, what)};
}

Status JsonMembers::Finish() {
  if (!error_ && taken_ != object_.size())
    Wrong("", "has members that are not known here, or twice");
  if (error_) return std::unexpected(*std::move(error_));
  return {};
}

}  // namespace valise::account
