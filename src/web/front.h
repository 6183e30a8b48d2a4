// Front: takes every request, finds who calls and which route answers, and keeps out what must stay
// out.
//
// Thread safety: Handle() from any thread. Lifetime: borrows the site.
#pragma once

#include <span>

#include "base/embedded.h"
#include "http/message.h"
#include "web/router.h"
#include "web/site.h"

namespace valise::web {

class Front final : public http::Handler {
 public:
  Front(const Site& site, std::span<const EmbeddedFile> files);

  http::Response Handle(const http::Request& request) override;
  void BodyFailed(const Error& error) override;
  const Router& router() const { return router_; }

 private:
  http::Response Answer(const http::Request& request);
  Status FindUser(Call& call) const;
  Status CheckOrigin(const Call& call) const;

  const Site& site_;
  std::span<const EmbeddedFile> files_;
  Router router_;
};

}  // namespace valise::web
