// Site: takes every request, finds who calls and which page answers, keeps out what must stay out.
//
// Thread safety: Handle() and Receive() from any thread once all routes are added. Lifetime: what
// SiteParts names outlives it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actions.h"
#include "form.h"
#include "hand_off_key.h"
#include "http/message.h"
#include "sessions.h"
#include "view.h"

namespace valise::host {

struct SiteParts {
  const Store& store;
  Actions& actions;
  const MediaStore& media;
  Sessions& sessions;
  const HandOffKey& key;
  Random& random;
  std::string public_url;    // of this site, without a slash at the end
  std::string valise_url;    // as members reach it
  std::string service_name;  // of this site, as registered at Valise
};

// One request on its way.
struct Visit {
  const http::Request& request;
  View view;
  std::string token;              // of the session
  std::vector<std::string> args;  // what stood for {} in the pattern

  int64_t me() const { return view.me->id; }
  // The argument as a number; 0 when it is none: no thing has that id.
  int64_t Id(size_t arg = 0) const;
};

struct Route {
  std::string_view method;   // "GET" (answers HEAD too) or "POST"
  std::string_view pattern;  // "/posts/{}/like"
  bool open = false;         // to those who have not signed in
  std::function<Result<http::Response>(const Visit&, const Form&)> answer;
};

class Site final : public http::Handler {
 public:
  explicit Site(SiteParts parts);

  http::Response Handle(const http::Request& request) override;
  http::Reception Receive(const http::Request& head) override;
  void BodyFailed(const Error& error) override;

 private:
  struct Found {
    const Route* route = nullptr;
    std::vector<std::string> args;
  };
  Found Find(const http::Request& request) const;
  Result<Visit> Meet(const http::Request& request, std::vector<std::string> args) const;
  http::Response Answer(const http::Request& request, const Result<Form>& form) const;
  http::Response Explain(const Visit& visit, const Error& error) const;
  static Status CheckForm(const Visit& visit, const Route& route, const Form& form);

  SiteParts parts_;
  std::vector<Route> routes_;
};

using Routes = std::vector<Route>;
// The pages, one file a subject.
void AddSessionPages(Routes& routes, const SiteParts& parts);
void AddFeedPages(Routes& routes, const SiteParts& parts);
void AddSharePages(Routes& routes, const SiteParts& parts);
void AddProfilePages(Routes& routes, const SiteParts& parts);
void AddMessagePages(Routes& routes, const SiteParts& parts);

// After a form: to where it came from, a path of this site, or else `otherwise`.
std::string BackOf(const Form& form, std::string_view otherwise);

}  // namespace valise::host
