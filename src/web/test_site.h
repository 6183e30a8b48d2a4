// A whole server on a random port, with two users and a sample account, and a browser-like client.
//
// Thread safety: test code.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "bundle/plan_writer.h"
#include "bundle/portable/sample_account.h"
#include "http/test_client.h"
#include "web/app.h"
#include "web/pages.h"

namespace valise::web {

// Every document and medium of the head as it is stored: enough of a bundle for tests of the way.
class PlainFormat final : public bundle::BundleFormat {
 public:
  std::string_view name() const override { return "plain"; }
  Result<bundle::PlanSummary> Plan(const bundle::Account& account, const bundle::Selection&,
                                   bundle::PlanWriter& writer,
                                   const bag::SigningKey*) const override {
    for (const library::DocumentRow& row : account.head.documents) {
      ASSIGN_OR_RETURN(const std::string text, account.blobs.ReadContent(row.digest, row.size));
      RETURN_IF_ERROR(
          writer.AddStored({.name = row.name, .time_s = ToSeconds(account.head.time)}, text));
    }
    for (const library::ListRow& list : account.head.media) {
      ASSIGN_OR_RETURN(const std::string text, account.blobs.ReadContent(list.digest, list.size));
      ASSIGN_OR_RETURN(const auto rows, library::ParseMediumRows(text));
      for (const library::MediumRow& row : rows) {
        RETURN_IF_ERROR(writer.AddBlob(
            {.name = row.name, .time_s = ToSeconds(account.head.time)},
            {.blob = row.digest, .blob_size = row.stored_size, .size = row.size, .crc = row.crc}));
      }
    }
    RETURN_IF_ERROR(writer.Finish("ann.example-2024-07-07.zip"));
    return bundle::PlanSummary{
        .file_name = "ann.example-2024-07-07.zip", .photos = 4, .missing = 3, .damaged = 2};
  }
};

struct Visitor {
  explicit Visitor(uint16_t port) : client(port) {}

  http::TestAnswer Call(std::string_view method, std::string_view path, std::string_view body = "",
                        std::string_view fields = "") {
    std::string sent(fields);
    if (!cookie.empty()) sent += "Cookie: " + cookie + "\r\n";
    if (!csrf.empty()) sent += "X-CSRF-Token: " + csrf + "\r\n";
    if (!body.empty()) sent += "Content-Type: application/json\r\n";
    http::TestAnswer answer = client.Ask(method, path, sent, body);
    if (const auto set = answer.headers.Find("Set-Cookie")) cookie = set->substr(0, set->find(';'));
    if (path == "/api/v1/session" && answer.status == 200) csrf = Member(answer.body, "csrf");
    return answer;
  }
  http::TestAnswer SignIn(std::string_view name, std::string_view password = "correct horse") {
    Call("GET", "/api/v1/session");
    return Call("POST", "/api/v1/session",
                fmt::format(R"({{"name":"{}","password":"{}"}})", name, password));
  }
  // The first string member of that name.
  static std::string Member(std::string_view json, std::string_view name) {
    const std::string key = fmt::format("\"{}\":\"", name);
    const size_t at = json.find(key);
    if (at == std::string_view::npos) return {};
    return std::string(
        json.substr(at + key.size(), json.find('"', at + key.size()) - at - key.size()));
  }

  http::TestClient client;
  std::string cookie, csrf;
};

class AppTest : public testing::Test {
 protected:
  void SetUp() override {
    accounts_ = *library::Accounts::Open(*database_);
    auto users = *auth::Users::Open({*database_, clock_, random_}, kCheap);
    const auto anna = *users->Add({.name = "anna",
                                   .password = Secret(std::string("correct horse")),
                                   .is_operator = true,
                                   .language = "en",
                                   .address = "anna@example.test"});
    static_cast<void>(
        *users->Add({.name = "ben", .password = Secret(std::string("correct horse"))}));
    account_ = accounts_
                   ->Create({.id = "00000000000000aa",
                             .service = "instagram",
                             .username = "ann.example",
                             .owner = anna.id,
                             .created = clock_.Now()})
                   ->id;
    const auto library = *library::Library::Open(*accounts_, folder_.path(), account_);
    bundle::SampleAccount sample(library->blobs());
    bundle::FillSample(sample);
    big_ = sample.AddMedium(std::string(30'000'000, 'b'), "video/mp4", FromSeconds(1'700'000'000),
                            {account::Kind::kPost});
    sample.Finish();
    ASSERT_TRUE(
        accounts_->SwapHead(account_, std::nullopt, sample.account().head_digest).has_value());
    Start();
  }
  void Start() {
    app_.reset();
    http::ServerOptions server;
    server.port = 0;
    server.tick = std::chrono::milliseconds{20};
    server.stall_timeout = std::chrono::milliseconds{300};
    auto app = App::Start({.data = folder_.path(),
                           .server = server,
                           .public_url = public_url_,
                           .password_cost = kCheap,
                           .uploads = uploads_},
                          {.database = *database_,
                           .accounts = *accounts_,
                           .formats = formats_,
                           .clock = clock_,
                           .random = random_,
                           .sources = sources_,
                           .transport = transport_});
    ASSERT_TRUE(app.has_value()) << app.error().message;
    app_ = std::move(*app);
  }
  Visitor Anna() {
    Visitor visitor(app_->port());
    EXPECT_EQ(visitor.SignIn("anna").status, 200);
    return visitor;
  }
  std::string Path(std::string_view rest) const {
    return "/api/v1/accounts/" + account_ + std::string(rest);
  }
  http::TestAnswer AskDownload(Visitor& visitor, std::string_view password = "correct horse",
                               std::string_view address = "someone@example.test") {
    return visitor.Call(
        "POST", Path("/requests"),
        fmt::format(R"({{"password":"{}","address":"{}","language":"fr"}})", password, address));
  }
  // Asks and waits; returns the request's id.
  std::string Ready(Visitor& visitor) {
    const http::TestAnswer asked = AskDownload(visitor);
    EXPECT_EQ(asked.status, 201) << asked.body;
    const std::string id = Visitor::Member(asked.body, "id");
    AwaitReady(visitor, id);
    return id;
  }
  static void AwaitReady(Visitor& visitor, const std::string& id) {
    for (int i = 0; i < 500; ++i) {
      const auto now = visitor.Call("GET", "/api/v1/requests/" + id);
      if (Visitor::Member(now.body, "state") == "ready") return;
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    ADD_FAILURE() << "not ready";
  }
  std::string Link(Visitor& visitor, const std::string& id) {
    const auto made = visitor.Call("POST", "/api/v1/requests/" + id + "/links");
    EXPECT_EQ(made.status, 201) << made.body;
    return Visitor::Member(made.body, "url");
  }

  static constexpr auth::PasswordCost kCheap{.operations = 1, .memory = 8192};
  ManualClock clock_{FromSeconds(1'720'000'000)};
  SystemRandom random_;
  TemporaryFolder folder_;
  PlainFormat format_;
  const std::array<const bundle::BundleFormat*, 1> formats_{&format_};
  std::string public_url_ = "http://valise.test";
  mail::MailTransport* transport_ = nullptr;
  std::span<const services::Source* const> sources_;
  bring::UploadOptions uploads_;
  std::unique_ptr<sql::Database> database_ = *sql::OpenSqliteInMemory();
  std::unique_ptr<library::Accounts> accounts_;
  std::string account_;
  Digest big_;
  std::unique_ptr<App> app_;
};

}  // namespace valise::web
