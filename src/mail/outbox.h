// Outbox: every mail we wrote, and what became of it (table mail; docs/formats/desk.md).
//
// A mail is written here first and sent by a job, so that neither a crash nor a mail server that is
// down loses it. Without a transport mails stay here for the operator to read. Thread safety: every
// method from any thread. Durability: the desk's.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jobs/queue.h"
#include "jobs/worker.h"
#include "mail/letters.h"
#include "mail/transport.h"
#include "sql/database.h"

namespace valise::mail {

enum class MailState : uint8_t { kQueued, kSent, kFailed, kNotConfigured };
std::string_view StateName(MailState state);  // "queued", "sent", "failed", "not_configured"

struct MailRow {
  std::string id;
  std::string about;  // the request it belongs to
  std::string to;
  std::string subject;
  MailState state = MailState::kQueued;
  Timestamp created{};
  std::optional<Timestamp> sent;
  int attempts = 0;
  std::string last_error;
};

struct OutboxOptions {
  std::string from;  // an address
  std::string from_name;
  std::chrono::milliseconds give_up_after{std::chrono::hours{96}};
};

class Outbox {
 public:
  static constexpr std::string_view kJob = "mail";
  struct Ports {
    sql::Database& database;
    jobs::Queue& queue;
    const Clock& clock;
    Random& random;
    MailTransport* transport;  // nullptr: no mail server is configured
  };
  // Errors: kInvalidArgument (options.from). The ports must outlive this.
  static Result<std::unique_ptr<Outbox>> Open(const Ports& ports, OutboxOptions options);

  bool configured() const { return ports_.transport != nullptr; }

  // Keeps a mail to be sent. `id` makes it one mail however often it is put; may be called inside a
  // transaction. Errors: kInvalidArgument (the address).
  struct NewMail {
    std::string id;
    std::string about;
    std::string to;
    Letter letter;
  };
  Status Put(const NewMail& mail);

  // The work of a job kJob: one attempt.
  jobs::Outcome Send(const jobs::Job& job);
  // Called, from the thread that sends, when the state of a mail about `about` changed.
  void OnChange(std::function<void(std::string_view about)> call) { on_change_ = std::move(call); }

  // Newest first, at most `limit`.
  Result<std::vector<MailRow>> List(size_t limit) const;
  Result<MailRow> Get(std::string_view id) const;  // Errors: kNotFound
  Result<Letter> Read(std::string_view id) const;
  // Deletes those about `about`, sent or not. May be called inside a transaction.
  Status EraseAbout(std::string_view about);
  // Deletes those made before `time`.
  Status Sweep(Timestamp time);

 private:
  Outbox(const Ports& ports, OutboxOptions options) : ports_(ports), options_(std::move(options)) {}
  Status Note(const MailRow& mail, MailState state, std::string_view error);

  Ports ports_;
  OutboxOptions options_;
  std::function<void(std::string_view)> on_change_;
};

}  // namespace valise::mail
