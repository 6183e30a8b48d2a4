// For tests: a desk with two services and a folder of accounts, without a server.
//
// Thread safety: belongs to one thread.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "account/record_json.h"
#include "ingest/stream.h"

namespace valise::ingest {

class NoPlanner final : public requests::Planner {
 public:
  Result<Snapshot> Current(std::string_view) override {
    return Fail(ErrorCode::kNotFound, "nothing is planned here");
  }
  Result<std::vector<bool>> Hold(std::string_view, std::span<const Held> held,
                                 const library::Erased&) override {
    return std::vector<bool>(held.size(), false);
  }
  Result<bundle::PlanSummary> Plan(std::string_view, const Digest&, const Wanted&,
                                   const fs::path&) override {
    return Fail(ErrorCode::kNotFound, "nothing is planned here");
  }
};

class IngestTest : public testing::Test {
 protected:
  void SetUp() override {
    const auth::Users::Ports ports{*database_, clock_, random_};
    users_ = *auth::Users::Open(ports, {.operations = 1, .memory = 8192});
    services_ = *auth::Services::Open(ports);
    accounts_ = *library::Accounts::Open(*database_);
    queue_ = *jobs::Queue::Open({*database_, clock_, random_});
    outbox_ = *mail::Outbox::Open({*database_, *queue_, clock_, random_, nullptr},
                                  {.from = "valise@host.test", .from_name = "Valise"});
    requests_ = *requests::Requests::Open(
        {*database_, *queue_, *outbox_, clock_, random_, planner_},
        {.plans = folder_.path() / "plans", .public_url = "", .server_name = ""});
    members_ = std::make_unique<MemberAccounts>(
        MemberAccounts::Ports{*database_, *queue_, *users_, *services_, *accounts_, lives_,
                              *requests_, clock_, folder_.path(), [this](std::string_view id) {
                                libraries_.erase(std::string(id));
                                return Status{};
                              }});
    streams_ =
        std::make_unique<Streams>(Streams::Ports{*database_, *queue_, *services_, *members_, clock_,
                                                 [this](std::string_view id) { return Seal(id); }});
    host_ = *services_->Add("host", "https://host.test", "");
    other_ = *services_->Add("other", "https://other.test", "");
  }

  std::string AddAccount(std::string_view xid, std::string username) {
    const auto made = members_->Put(
        host_, xid, {.username = std::move(username), .name = {}, .language = {}, .address = {}});
    EXPECT_TRUE(made.has_value()) << made.error().message;
    return made->account_id;
  }
  std::shared_ptr<library::Library> Open(std::string_view account_id) {
    auto& place = libraries_[std::string(account_id)];
    if (!place) place = *library::Library::Open(*accounts_, folder_.path(), account_id);
    return place;
  }
  Status Seal(std::string_view account_id) {
    ++seals_;
    ASSIGN_OR_RETURN(const auto live, lives_.Get(account_id));
    RETURN_IF_ERROR(live->Seal(*Open(account_id)));
    return {};
  }
  // Everything in the account, sealed first, as JSON without keys and provenance.
  std::vector<account::Record> Records(std::string_view account_id) {
    const Status sealed = Seal(account_id);
    EXPECT_TRUE(sealed.has_value()) << sealed.error().message;
    std::vector<account::Record> all;
    const auto snapshot = Open(account_id)->Current();
    if (!snapshot.has_value() || !*snapshot) return all;
    for (const library::DocumentRow& row : (*snapshot)->head.documents) {
      const auto records = *Open(account_id)->ReadRecords(row);
      all.insert(all.end(), records.begin(), records.end());
    }
    return all;
  }
  std::vector<std::string> Texts(std::string_view account_id) {
    std::vector<std::string> texts;
    for (const account::Record& record : Records(account_id)) {
      if (const auto* post = std::get_if<account::Post>(&record)) texts.push_back(post->text);
      if (const auto* one = std::get_if<account::Message>(&record)) texts.push_back(one->text);
    }
    std::ranges::sort(texts);
    return texts;
  }

  static std::string PutLine(std::string_view accounts, std::string_view id, std::string_view text,
                             std::string_view cursor) {
    return fmt::format(R"({{"cursor":"{}","op":"put","accounts":[{}],"id":"{}",)"
                       R"("record":{{"kind":"post","time":"2026-11-23T20:00:00Z","text":"{}"}}}})"
                       "\n",
                       cursor, accounts, id, text);
  }
  static std::string DeleteLine(std::string_view account, std::string_view id,
                                std::string_view cursor) {
    return fmt::format(R"({{"cursor":"{}","op":"delete","account":"{}","kind":"post","id":"{}"}})"
                       "\n",
                       cursor, account, id);
  }
  // The whole body as one stream.
  Result<StreamSummary> Send(std::string_view body, std::string_view name = "main") {
    ASSIGN_OR_RETURN(const auto stream, streams_->Begin(host_, name));
    RETURN_IF_ERROR(stream->Write(AsBytes(body)));
    return stream->Finish();
  }
  std::optional<std::string> Cursor() { return services_->StreamPlace(host_.id, "main")->cursor; }

  ManualClock clock_{FromSeconds(1'790'000'000)};
  SystemRandom random_;
  TemporaryFolder folder_;
  NoPlanner planner_;
  std::unique_ptr<sql::Database> database_ = *sql::OpenSqliteInMemory();
  std::unique_ptr<auth::Users> users_;
  std::unique_ptr<auth::Services> services_;
  std::unique_ptr<library::Accounts> accounts_;
  std::unique_ptr<jobs::Queue> queue_;
  std::unique_ptr<mail::Outbox> outbox_;
  std::unique_ptr<requests::Requests> requests_;
  library::Lives lives_{folder_.path(), clock_};
  std::map<std::string, std::shared_ptr<library::Library>> libraries_;
  std::unique_ptr<MemberAccounts> members_;
  std::unique_ptr<Streams> streams_;
  auth::Service host_, other_;
  int seals_ = 0;
};

}  // namespace valise::ingest
