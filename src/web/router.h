// Router: which function answers which address.
//
// Thread safety: routes are added before it serves; Handle() from any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/services.h"
#include "auth/users.h"
#include "base/result.h"
#include "http/message.h"

namespace valise::web {

// A request on its way through us.
struct Call {
  const http::Request& request;
  std::map<std::string, std::string, std::less<>> path;  // what stood for {id} …
  std::optional<auth::User> user;                        // who is signed in
  std::string token;                                     // of the session, or empty
  std::optional<auth::Service> service = {};             // whose token was brought

  const std::string& At(std::string_view name) const { return path.find(name)->second; }
};

// kIngest, kIngestOrRead, kRead: a service by its bearer token, with (one of) those scopes. No
// cookie is looked at, so no other page can borrow one.
enum class Access : uint8_t { kAnyone, kUser, kOperator, kIngest, kIngestOrRead, kRead };
constexpr bool IsOfService(Access access) { return access >= Access::kIngest; }

struct Route {
  std::string method;   // "GET" answers HEAD too
  std::string pattern;  // "/api/v1/accounts/{id}/posts"; a last {name*} takes slashes too
  Access access = Access::kUser;
  std::function<Result<http::Response>(Call&)> answer;
  // Instead of `answer`, where the body is taken as it comes. Everything that can be refused is
  // checked here, before the first byte of it is read. The call ends with this function: a sink
  // keeps copies. A request without a body is answered by the sink's Finish().
  std::function<Result<std::unique_ptr<http::BodySink>>(Call&)> receive = nullptr;
};

class Router {
 public:
  void Add(Route route) { routes_.push_back(std::move(route)); }
  const std::vector<Route>& routes() const { return routes_; }

  struct Found {
    const Route* route = nullptr;  // nullptr: none
    std::map<std::string, std::string, std::less<>> path;
    std::string allow;  // methods of that address, when only the method was wrong
  };
  Found Find(std::string_view method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace valise::web
