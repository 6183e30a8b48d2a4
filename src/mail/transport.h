// Port: a MailTransport hands one rendered mail to a mail server.
//
// Thread safety: every method from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace valise::mail {

struct Envelope {
  std::string from;
  std::string to;
};

class MailTransport {
 public:
  virtual ~MailTransport() = default;
  // Once this returns success the mail server answers for the mail. Errors: kUnavailable (not
  // reached, busy, 4xx: try again), kInvalidArgument (refused for good, 5xx). The message holds the
  // server's answer, without addresses.
  virtual Status Send(const Envelope& envelope, std::string_view rendered) = 0;
};

struct SmtpOptions {
  std::string url;   // smtp://host:port or smtps://host:port
  std::string user;  // empty: no authentication
  Secret<std::string> password;
  bool require_tls = false;  // smtp:// with STARTTLS or not at all
  long timeout_s = 60;
};

// SMTP by libcurl; STARTTLS is used where the server offers it. Errors: kInvalidArgument (the URL).
Result<std::unique_ptr<MailTransport>> OpenSmtp(const SmtpOptions& options);

// Keeps what it is given. For tests; fails as it is told to.
class MemoryTransport final : public MailTransport {
 public:
  struct Sent {
    Envelope envelope;
    std::string rendered;
  };
  Status Send(const Envelope& envelope, std::string_view rendered) override;
  std::vector<Sent> sent() const;
  // Every following Send() returns this.
  void Answer(Status status);

 private:
  mutable std::mutex mutex_;
  Status answer_;
  std::vector<Sent> sent_;
};

}  // namespace valise::mail
