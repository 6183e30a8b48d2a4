// The ingest API over HTTP: who may call, what is answered. Lines, blobs and accounts themselves
// are tested in ingest/, the whole way in tests/functional/test_serving.py.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/test_site.h"

namespace valise::web {
namespace {

using testing::HasSubstr;

class IngestApiTest : public AppTest {
 protected:
  void SetUp() override {
    AppTest::SetUp();
    services_ = *auth::Services::Open({*database_, clock_, random_});
    host_ = *services_->Add("host", "https://host.test", "");
    token_ = NewToken(host_, "ingest,read");
  }
  std::string NewToken(const auth::Service& service, std::string_view scopes) {
    return services_->NewToken(service.id, *auth::ParseScopes(scopes))->Reveal();
  }
  http::TestAnswer Call(std::string_view method, std::string_view path, std::string_view body = "",
                        std::string_view fields = "") {
    return CallAs(token_, method, path, body, fields);
  }
  http::TestAnswer CallAs(std::string_view token, std::string_view method, std::string_view path,
                          std::string_view body = "", std::string_view fields = "") {
    const std::string all = fmt::format(
        "Authorization: Bearer {}\r\nContent-Type: application/json\r\n{}", token, fields);
    return http::TestClient(app_->port())
        .Ask(method, fmt::format("/api/v1/ingest{}", path), all, body);
  }
  void AddAccount() {
    ASSERT_EQ(Call("PUT", "/accounts/x1", R"({"username":"anna","name":"Anna"})").status, 201);
  }
  static constexpr std::string_view kPost =
      R"({"version":"1","record":{"kind":"post","time":"2026-11-23T20:00:00Z","text":"Hi"}})";

  std::unique_ptr<auth::Services> services_;
  auth::Service host_;
  std::string token_;
};

TEST_F(IngestApiTest, AccountsAreMadeOnceAndErasedOnce) {
  const auto made = Call("PUT", "/accounts/x1", R"({"username":"anna"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_THAT(made.body, HasSubstr(R"("created":true)"));
  EXPECT_EQ(Call("PUT", "/accounts/x1", R"({"username":"anna.b"})").status, 200);
  EXPECT_EQ(Call("PUT", "/accounts/x1", R"({"username":"a b"})").status, 400);
  EXPECT_EQ(Call("PUT", "/accounts/x1", R"({"nickname":"a"})").status, 400);
  EXPECT_EQ(Call("DELETE", "/accounts/x1").status, 204);
  EXPECT_EQ(Call("DELETE", "/accounts/x1").status, 204);
  EXPECT_EQ(Call("GET", "/accounts/x1/reconcile").status, 404);
}

TEST_F(IngestApiTest, RecordsAreReconciled) {
  AddAccount();
  EXPECT_EQ(Call("PUT", "/accounts/x1/records/post/https%3A%2F%2Fhost.test%2Fp%2F1", kPost).status,
            204);
  EXPECT_EQ(Call("PUT", "/accounts/x1/records/post/p2", kPost).status, 204);
  EXPECT_EQ(Call("DELETE", "/accounts/x1/records/post/p2").status, 204);
  const auto sums = Call("GET", "/accounts/x1/reconcile");
  EXPECT_EQ(sums.status, 200);
  EXPECT_THAT(sums.body,
              HasSubstr(fmt::format(
                  R"({{"kind":"post","months":[{{"month":"2026-11","count":1,"digest":"{}"}}]}})",
                  Sha256("https://host.test/p/1 1\n").Hex())));
  EXPECT_EQ(Call("PUT", "/accounts/x1/records/story/p1", kPost).status, 400);
  EXPECT_EQ(Call("PUT", "/accounts/x1/records/tweet/p1", kPost).status, 404);
  EXPECT_EQ(Call("PUT", "/accounts/nobody/records/post/p1", kPost).status, 404);
  EXPECT_EQ(Call("PUT", "/accounts/x1/records/post/p1", std::string(1'100'000, 'x')).status, 413);
}

TEST_F(IngestApiTest, AStreamIsAnsweredWithItsRefusedLines) {
  AddAccount();
  const auto answer = Call("POST", "/stream",
                           R"({"cursor":"1","op":"put","account":"x1","id":"p1","record":)"
                           R"({"kind":"post","text":"one"}})"
                           "\nnonsense\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"({"cursor":"1","lines":2,"applied":1,"refused":)"
                                     R"({"count":1,"lines":[{"line":2,"code":"invalid_argument")"));
  EXPECT_EQ(Call("GET", "/cursor").body, R"({"cursor":"1","refused":[]})");
  EXPECT_EQ(Call("GET", "/cursor?name=other").body, R"({"cursor":null,"refused":[]})");
  EXPECT_THAT(Call("POST", "/stream", "").body, HasSubstr(R"("lines":0)"));
}

TEST_F(IngestApiTest, BlobsAreCheckedAndToldMissing) {
  AddAccount();
  const std::string path = fmt::format("/accounts/x1/blobs/{}", Sha256("hello").Hex());
  EXPECT_EQ(Call("GET", path).headers.Get("Upload-Offset"), "0");
  EXPECT_EQ(Call("PUT", path, "hullo").status, 422);
  const auto part = Call("PUT", path, "hel", "Content-Range: bytes 0-2/5\r\n");
  EXPECT_EQ(part.status, 202);
  EXPECT_EQ(part.headers.Get("Upload-Offset"), "3");
  const auto wrong = Call("PUT", path, "o", "Content-Range: bytes 4-4/5\r\n");
  EXPECT_EQ(wrong.status, 409);
  EXPECT_EQ(wrong.headers.Get("Upload-Offset"), "3");
  EXPECT_EQ(Call("PUT", path, "lo", "Content-Range: bytes 3-4/5\r\n").status, 201);
  EXPECT_EQ(Call("GET", path).body, R"({"size":5,"type":""})");
  EXPECT_EQ(Call("PUT", path, "hello").status, 200);
  const std::string none(64, '0');
  EXPECT_EQ(Call("POST", "/accounts/x1/blobs/missing",
                 fmt::format(R"({{"digests":["{}","{}"]}})", Sha256("hello").Hex(), none))
                .body,
            fmt::format(R"({{"missing":["{}"]}})", none));
  EXPECT_EQ(Call("POST", "/accounts/x1/blobs/missing", R"({"digests":["x"]})").status, 400);
  EXPECT_EQ(Call("PUT", "/accounts/x1/blobs/xyz", "hello").status, 400);
}

TEST_F(IngestApiTest, OnlyTokensOfTheServiceAndScopeAreTaken) {
  AddAccount();
  const auto none = http::TestClient(app_->port()).Ask("GET", "/api/v1/ingest/cursor");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.headers.Get("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(CallAs("vs_wrong", "POST", "/stream", "x").status, 401);
  const std::string reader = NewToken(host_, "read"), writer = NewToken(host_, "ingest");
  EXPECT_EQ(CallAs(reader, "GET", "/cursor").status, 200);
  EXPECT_EQ(CallAs(reader, "POST", "/stream", "x").status, 403);
  EXPECT_EQ(CallAs(writer, "GET", "/accounts/x1/reconcile").status, 403);
  const std::string foreign =
      NewToken(*services_->Add("other", "https://o.test", ""), "ingest,read");
  EXPECT_EQ(CallAs(foreign, "PUT", "/accounts/x1/records/post/p1", kPost).status, 404);
  EXPECT_EQ(CallAs(foreign, "GET", "/accounts/x1/reconcile").status, 404);
  EXPECT_EQ(CallAs(foreign, "DELETE", "/accounts/x1").status, 204);
  EXPECT_EQ(Call("GET", "/accounts/x1/reconcile").status, 200);
}

TEST_F(IngestApiTest, ASessionIsNoToken) {
  Visitor anna = Anna();
  EXPECT_EQ(anna.Call("GET", "/api/v1/ingest/cursor").status, 401);
  EXPECT_EQ(anna.Call("DELETE", "/api/v1/ingest/accounts/x1").status, 401);
}

TEST_F(IngestApiTest, APostIsShownWithItsCommentsAndCounts) {
  AddAccount();
  ASSERT_EQ(
      Call("PUT", "/accounts/x1/records/post/p1",
           R"({"record":{"kind":"post","time":"2026-11-23T20:00:00Z","text":"Hi","like_count":2}})")
          .status,
      204);
  for (const std::string_view comment :
       {R"("time":"2026-11-23T22:00:00Z","text":"later","author":"bea","on":"p1")",
        R"("time":"2026-11-23T21:00:00Z","text":"mine","on":"p1")",
        R"("time":"2026-11-23T21:00:00Z","text":"elsewhere","author":"bea","on":"p2")"}) {
    const auto id = Sha256(comment).Hex();
    ASSERT_EQ(Call("PUT", "/accounts/x1/records/comment/" + id,
                   fmt::format(R"({{"record":{{"kind":"comment","list":"posts",{}}}}})", comment))
                  .status,
              204);
  }
  ASSERT_EQ(Call("GET", "/accounts/x1/reconcile").status, 200);
  const std::string id = (*services_->FindAccount(host_.id, "x1"))->account_id;
  const auto anna = (*auth::Users::Open({*database_, clock_, random_}))->FindByName("anna");
  ASSERT_TRUE(accounts_->SetOwner(id, anna->id).has_value());
  Visitor visitor = Anna();
  const auto posts = visitor.Call("GET", "/api/v1/accounts/" + id + "/posts");
  EXPECT_THAT(posts.body, HasSubstr(R"("like_count":2,"comment_count":null)"));
  const auto post = visitor.Call(
      "GET", "/api/v1/accounts/" + id + "/posts/" + Visitor::Member(posts.body, "key"));
  EXPECT_THAT(post.body,
              HasSubstr(R"("author":"","text":"mine","like_count":null,"absent_since":null},)"));
  EXPECT_THAT(post.body,
              HasSubstr(R"("author":"bea","text":"later","like_count":null,"absent_since":null}],)"
                        R"("comments_here":2)"));
}

}  // namespace
}  // namespace valise::web
