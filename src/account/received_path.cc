#include "account/received_path.h"

#include <fmt/format.h>

namespace valise::account {
namespace {

constexpr std::string_view kBegin = " (variant ";

}  // namespace

std::string VariantPath(std::string_view path, size_t number) {
  return fmt::format("{}{}{})", path, kBegin, number);
}

std::string_view PathAsReceived(std::string_view path) {
  if (!path.ends_with(')')) return path;
  const size_t begin = path.rfind(kBegin);
  if (begin == std::string_view::npos) return path;
  const std::string_view number = path.substr(begin + kBegin.size());
  const bool is_number =
      number.size() > 1 && number.find_first_not_of("0123456789") == number.size() - 1;
  return is_number ? path.substr(0, begin) : path;
}

}  // namespace valise::account
