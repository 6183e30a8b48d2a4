// What a server has, as far as commands need it that change an account: no worker runs here.
//
// Thread safety: belongs to the main thread. Lifetime: borrows the context and the desk.
#pragma once

#include <memory>
#include <string>

#include "context.h"
#include "requests/eraser.h"

namespace valise::app {

// For mails about downloads that a change cancels.
struct MailWords {
  std::string public_url = "http://127.0.0.1:8460";
  std::string server_name = "Valise";
  std::string from = "valise@localhost";
};

class ServerRooms {
 public:
  static Result<std::unique_ptr<ServerRooms>> Open(Context& context, const Desk& desk,
                                                   const MailWords& words);

  requests::Requests& requests() { return *requests_; }
  requests::Eraser& eraser() { return *eraser_; }

  // Seals what a service has handed over and waits. REQUIRES: no server runs on this data folder.
  // Errors: as library::Live::Seal().
  Status Seal(std::string_view account_id);

 private:
  ServerRooms(Context& context, const Desk& desk) : context_(context), desk_(desk) {}

  Context& context_;
  const Desk& desk_;
  SystemClock blob_clock_;
  std::unique_ptr<jobs::Queue> queue_;
  std::unique_ptr<mail::Outbox> outbox_;
  std::unique_ptr<requests::Planner> planner_;
  std::unique_ptr<requests::Requests> requests_;
  std::unique_ptr<requests::Eraser> eraser_;
};

// Before an account is read: what waits to be sealed is, by this process or by the server that
// runs, if that does so in a few seconds.
Status SealWaiting(Context& context, const Desk& desk, std::string_view account_id);

}  // namespace valise::app
