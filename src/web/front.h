// Front: takes every request, finds who calls and which route answers, and keeps out what must stay
// out.
//
// Thread safety: Handle() and Receive() from any thread. Lifetime: borrows the site.
#pragma once

#include <span>
#include <variant>

#include "base/embedded.h"
#include "http/message.h"
#include "web/router.h"
#include "web/site.h"

namespace valise::web {

class Front final : public http::Handler {
 public:
  Front(const Site& site, std::span<const EmbeddedFile> files);

  http::Response Handle(const http::Request& request) override;
  http::Reception Receive(const http::Request& head) override;
  void BodyFailed(const Error& error) override;
  const Router& router() const { return router_; }

 private:
  // A call that may be made, and who answers it.
  struct Admitted {
    const Route* route;
    Call call;
  };
  std::variant<Admitted, http::Response> Admit(const http::Request& request) const;
  http::Response Answer(const http::Request& request) const;
  Status FindUser(Call& call) const;
  // Errors: kUnauthenticated, kPermissionDenied.
  Status FindService(Call& call, Access access) const;
  std::optional<http::Response> RefuseCaller(const Route& route, Call& call) const;
  Status CheckOrigin(const Call& call) const;

  const Site& site_;
  std::span<const EmbeddedFile> files_;
  Router router_;
};

}  // namespace valise::web
