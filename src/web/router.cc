#include "web/router.h"

namespace valise::web {
namespace {

std::string_view TakeSegment(std::string_view& path) {
  const size_t slash = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(std::min(slash + 1, path.size()));
  return segment;
}

bool Matches(std::string_view pattern, std::string_view path,
             std::map<std::string, std::string, std::less<>>& found) {
  found.clear();
  while (!pattern.empty() && !path.empty()) {
    const bool is_last = pattern.find('/') == std::string_view::npos;
    if (is_last && pattern.starts_with('{') && pattern.ends_with("*}")) {
      found.emplace(pattern.substr(1, pattern.size() - 3), path);
      return true;
    }
    const bool more_pattern = pattern.find('/') != std::string_view::npos;
    const bool more_path = path.find('/') != std::string_view::npos;
    const std::string_view want = TakeSegment(pattern), have = TakeSegment(path);
    if (want.starts_with('{') && want.ends_with('}')) {
      if (have.empty()) return false;
      found.emplace(want.substr(1, want.size() - 2), have);
    } else if (want != have) {
      return false;
    }
    if (more_pattern != more_path) return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace

Router::Found Router::Find(std::string_view method, std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  Found found;
  std::map<std::string, std::string, std::less<>> parameters;
  for (const Route& route : routes_) {
    if (!Matches(route.pattern, path, parameters)) continue;
    if (route.method == wanted) {
      found.route = &route;
      found.path = std::move(parameters);
      return found;
    }
    found.allow += (found.allow.empty() ? "" : ", ") + route.method;
  }
  return found;
}

}  // namespace valise::web
