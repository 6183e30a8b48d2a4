#include "mail/outbox.h"

#include <fmt/format.h>

#include <array>

#include "mail/address.h"
#include "mail/message.h"

namespace valise::mail {
namespace {

constexpr sql::Migration kMigrations[] = {
    {1,
     "CREATE TABLE mail (id TEXT PRIMARY KEY, about TEXT NOT NULL, recipient TEXT NOT NULL,"
     " subject TEXT NOT NULL, body_text TEXT NOT NULL, body_html TEXT NOT NULL, state TEXT NOT "
     "NULL,"
     " created_ms BIGINT NOT NULL, sent_ms BIGINT, attempts INTEGER NOT NULL,"
     " last_error TEXT NOT NULL);"
     "CREATE INDEX mail_created ON mail (created_ms);"},
};

constexpr std::string_view kColumns =
    "id, about, recipient, subject, state, created_ms, sent_ms, attempts, last_error";
constexpr std::array<std::string_view, 4> kStates = {"queued", "sent", "failed", "not_configured"};

MailState ParseState(std::string_view name) {
  for (size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == name) return static_cast<MailState>(i);
  }
  return MailState::kFailed;
}

MailRow FromRow(const sql::Row& row) {
  MailRow mail{.id = row.Text(0),
               .about = row.Text(1),
               .to = row.Text(2),
               .subject = row.Text(3),
               .state = ParseState(row.Text(4)),
               .created = FromMillis(row.Int(5)),
               .sent = {},
               .attempts = static_cast<int>(row.Int(7)),
               .last_error = row.Text(8)};
  if (!row.IsNull(6)) mail.sent = FromMillis(row.Int(6));
  return mail;
}

}  // namespace

std::string_view StateName(MailState state) { return kStates[static_cast<size_t>(state)]; }

Result<std::unique_ptr<Outbox>> Outbox::Open(const Ports& ports, OutboxOptions options) {
  RETURN_IF_ERROR(ParseAddress(options.from));
  RETURN_IF_ERROR(ports.database.Migrate("mail", kMigrations));
  return std::unique_ptr<Outbox>(new Outbox(ports, std::move(options)));
}

Status Outbox::Put(const NewMail& mail) {
  ASSIGN_OR_RETURN(const std::string to, ParseAddress(mail.to));
  const Timestamp now = ports_.clock.Now();
  const MailState state = configured() ? MailState::kQueued : MailState::kNotConfigured;
  ASSIGN_OR_RETURN(
      const int64_t inserted,
      ports_.database.Execute(
          "INSERT INTO mail (id, about, recipient, subject, body_text, body_html, state, "
          "created_ms,"
          " sent_ms, attempts, last_error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, '')"
          " ON CONFLICT (id) DO NOTHING",
          sql::Args(mail.id, mail.about, to, mail.letter.subject, mail.letter.text,
                    mail.letter.html, StateName(state), ToMillis(now))));
  if (inserted == 0 || !configured()) return {};
  return ports_.queue.Put({.kind = std::string(kJob), .subject = mail.id, .due = now});
}

jobs::Outcome Outbox::Send(const jobs::Job& job) {
  using Next = jobs::Outcome::Next;
  const auto mail = Get(job.subject);
  if (!mail.has_value() && mail.error().code == ErrorCode::kNotFound) return {};
  if (!mail.has_value()) return {.next = Next::kRetry, .due = {}, .error = mail.error().message};
  if (mail->state != MailState::kQueued || !configured()) return {};
  const auto letter = Read(job.subject);
  if (!letter.has_value())
    return {.next = Next::kRetry, .due = {}, .error = letter.error().message};
  const Status sent = ports_.transport->Send({.from = options_.from, .to = mail->to},
                                             Render({.from_name = options_.from_name,
                                                     .from = options_.from,
                                                     .to = mail->to,
                                                     .subject = letter->subject,
                                                     .text = letter->text,
                                                     .html = letter->html,
                                                     .id = mail->id,
                                                     .time = mail->created}));
  MailState state = MailState::kSent;
  if (!sent.has_value()) {
    const bool again = sent.error().code == ErrorCode::kUnavailable &&
                       ports_.clock.Now() - mail->created < options_.give_up_after;
    state = again ? MailState::kQueued : MailState::kFailed;
  }
  const std::string error = sent.has_value() ? std::string() : sent.error().message;
  const Status noted = Note(*mail, state, error);
  if (on_change_) on_change_(mail->about);
  // A sent mail whose note failed is tried again: twice is better than never.
  if (!noted.has_value()) return {.next = Next::kRetry, .due = {}, .error = noted.error().message};
  if (state == MailState::kQueued) return {.next = Next::kRetry, .due = {}, .error = error};
  return {};
}

Status Outbox::Note(const MailRow& mail, MailState state, std::string_view error) {
  sql::Values values = sql::Args(StateName(state), mail.attempts + 1, error, nullptr, mail.id);
  if (state == MailState::kSent) values[3] = ToMillis(ports_.clock.Now());
  RETURN_IF_ERROR(ports_.database.Execute(
      "UPDATE mail SET state = ?, attempts = ?, last_error = ?, sent_ms = ? WHERE id = ?", values));
  return {};
}

Result<std::vector<MailRow>> Outbox::List(size_t limit) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      ports_.database.Query(
          fmt::format("SELECT {} FROM mail ORDER BY created_ms DESC, id LIMIT ?", kColumns),
          sql::Args(limit)));
  std::vector<MailRow> mails;
  for (const sql::Row& row : rows) mails.push_back(FromRow(row));
  return mails;
}

Result<MailRow> Outbox::Get(std::string_view id) const {
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query(fmt::format("SELECT {} FROM mail WHERE id = ?", kColumns),
                                         sql::Args(id)));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, "there is no such mail");
  return FromRow(rows.front());
}

Result<Letter> Outbox::Read(std::string_view id) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      ports_.database.Query("SELECT subject, body_text, body_html FROM mail WHERE id = ?",
                            sql::Args(id)));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, "there is no such mail");
  return Letter{.subject = rows[0].Text(0), .text = rows[0].Text(1), .html = rows[0].Text(2)};
}

Status Outbox::EraseAbout(std::string_view about) {
  RETURN_IF_ERROR(ports_.database.Execute("DELETE FROM mail WHERE about = ?", sql::Args(about)));
  return {};
}

Status Outbox::Sweep(Timestamp time) {
  RETURN_IF_ERROR(
      ports_.database.Execute("DELETE FROM mail WHERE created_ms < ?", sql::Args(ToMillis(time))));
  return {};
}

}  // namespace valise::mail
