// Links to Instagram and the user names in them.
//
// Thread safety: pure functions.
#pragma once

#include <string_view>

namespace valise::services::instagram {

inline bool IsUrl(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

// "ann" of "https://www.instagram.com/ann", ".../_u/ann/", ".../ann?hl=en": the last part of the
// path. Empty: there is none.
inline std::string_view UserNameOf(std::string_view url) {
  if (!IsUrl(url)) return {};
  url = url.substr(0, url.find_first_of("?#"));
  url.remove_prefix(url.find("//") + 2);
  while (url.ends_with('/')) url.remove_suffix(1);
  const size_t slash = url.rfind('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view name = url.substr(slash + 1);
  return name == "_u" ? std::string_view{} : name;
}

// "CxAbc" of "https://www.instagram.com/p/CxAbc/?x=1", also of /reel/, /reels/ and /tv/: the
// service's own id of a post. Empty: there is none.
inline std::string_view PostCodeOf(std::string_view url) {
  if (!IsUrl(url)) return {};
  for (const std::string_view kind : {"/p/", "/reel/", "/reels/", "/tv/"}) {
    const size_t at = url.find(kind);
    if (at == std::string_view::npos) continue;
    url.remove_prefix(at + kind.size());
    return url.substr(0, url.find_first_of("/?#"));
  }
  return {};
}

}  // namespace valise::services::instagram
