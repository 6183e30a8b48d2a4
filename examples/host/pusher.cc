#include "pusher.h"

#include <fmt/format.h>

#include <map>

#include "base/log.h"

namespace valise::host {
namespace {

constexpr size_t kLines = 500;
constexpr std::chrono::milliseconds kQuiet{1000};
constexpr std::chrono::milliseconds kFirstWait{100};
constexpr std::chrono::milliseconds kLongestWait{3000};

}  // namespace

void Pusher::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Pusher::Stop() {
  stopping_ = true;
  ports_.outbox.Ring();
  if (thread_.joinable()) thread_.join();
}

void Pusher::Run() {
  std::chrono::milliseconds wait = kFirstWait;
  bool failing = false;
  while (!stopping_) {
    const auto sent = Step();
    if (sent.has_value()) {
      if (std::exchange(failing, false)) log::Info("event=push_goes_on");
      wait = kFirstWait;
      if (!*sent) ports_.outbox.Wait(kQuiet);
      continue;
    }
    // Said once, not with every try.
    if (!std::exchange(failing, true)) {
      log::Warn("event=push_waits error=\"{}\"", sent.error().message);
    }
    knows_place_ = false;
    ports_.outbox.Wait(wait);
    // A ring must not make it try faster than it should.
    for (auto slept = kFirstWait; slept < wait && !stopping_; slept += kFirstWait) {
      std::this_thread::sleep_for(kFirstWait);
    }
    wait = std::min(wait * 2, kLongestWait);
  }
}

Status Pusher::FindPlace() {
  ASSIGN_OR_RETURN(const auto there, ports_.client.Cursor());
  ASSIGN_OR_RETURN(const int64_t last, ports_.outbox.Last());
  ASSIGN_OR_RETURN(const bool sent, ports_.outbox.HasSent());
  const bool it_is_new = !there && sent;
  const bool we_are_new = there && *there > last;
  if (we_are_new) RETURN_IF_ERROR(ports_.outbox.GoOnAfter(*there));
  if (it_is_new || we_are_new) {
    log::Info("event=tell_everything reason={}", it_is_new ? "valise_is_new" : "site_is_new");
    RETURN_IF_ERROR(ports_.tell_all());
  }
  cursor_ = there.value_or(0);
  RETURN_IF_ERROR(ports_.outbox.Forget(cursor_));
  knows_place_ = true;
  return {};
}

Result<bool> Pusher::Step() {
  if (!knows_place_) RETURN_IF_ERROR(FindPlace());
  ASSIGN_OR_RETURN(const auto lines, ports_.outbox.After(cursor_, kLines));
  if (lines.empty()) return false;
  RETURN_IF_ERROR(SendAccounts(lines));
  RETURN_IF_ERROR(SendBlobs(lines.front().cursor, lines.back().cursor));
  std::string body;
  for (const Outbox::Line& line : lines) {
    body += fmt::format("{{\"cursor\":\"{}\",{}\n", line.cursor, line.text);
  }
  ASSIGN_OR_RETURN(const auto streamed, ports_.client.Stream(body));
  for (const IngestClient::Refused& refused : streamed.refused) {
    log::Warn("event=line_refused cursor={} code={}", refused.cursor, refused.code);
    RETURN_IF_ERROR(ports_.outbox.Refuse(refused.cursor, refused.code, refused.message));
  }
  if (!streamed.cursor || *streamed.cursor < lines.back().cursor) {
    return Fail(ErrorCode::kUnavailable, "Valise has not kept all that was sent");
  }
  cursor_ = *streamed.cursor;
  RETURN_IF_ERROR(ports_.outbox.Forget(cursor_));
  return true;
}

// Accounts first: blobs can be put in none that is not there. The lines say the same once more.
Status Pusher::SendAccounts(const std::vector<Outbox::Line>& lines) {
  for (const Outbox::Line& line : lines) {
    const size_t space = line.account.find(' ');
    if (space == std::string::npos) continue;
    RETURN_IF_ERROR(
        ports_.client.PutAccount(line.account.substr(0, space), line.account.substr(space + 1)));
  }
  return {};
}

Status Pusher::SendBlobs(int64_t first, int64_t last) {
  ASSIGN_OR_RETURN(const auto blobs, ports_.outbox.BlobsOf(first, last));
  std::map<std::string, std::vector<std::string>> by_account;
  for (const Outbox::Blob& blob : blobs) by_account[blob.account].push_back(blob.sha256);
  for (const auto& [account, digests] : by_account) {
    ASSIGN_OR_RETURN(const auto missing, ports_.client.Missing(account, digests));
    for (const std::string& digest : missing) {
      const fs::path file = ports_.media.PathOf(digest);
      // A file that is gone here must not hold up everything else: Valise lists it as missing.
      if (!fs::exists(file)) {
        log::Warn("event=medium_gone sha256={}", digest);
        continue;
      }
      RETURN_IF_ERROR(ports_.client.PutBlob(account, digest, file));
    }
  }
  return {};
}

}  // namespace valise::host
