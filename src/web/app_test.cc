#include "web/app.h"

#include <gtest/gtest.h>

#include <thread>

#include "web/test_site.h"

namespace valise::web {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST_F(AppTest, SessionFromStrangerToSignedOut) {
  Visitor visitor(app_->port());
  EXPECT_TRUE(visitor.Call("GET", "/api/v1/session").body.contains("\"user\":null"));
  const auto entered = visitor.SignIn("Anna");
  EXPECT_EQ(entered.status, 200);
  EXPECT_TRUE(entered.body.contains("\"name\":\"anna\""));
  EXPECT_TRUE(entered.body.contains("\"username\":\"ann.example\""));
  EXPECT_TRUE(entered.headers.Get("Set-Cookie").contains("HttpOnly; SameSite=Lax"));
  EXPECT_TRUE(visitor.Call("PATCH", "/api/v1/session", R"({"language":"fr"})")
                  .body.contains("\"language\":\"fr\""));
  EXPECT_EQ(visitor.Call("DELETE", "/api/v1/session").status, 204);
  EXPECT_EQ(visitor.Call("GET", Path("/profile")).status, 401);
}

TEST_F(AppTest, WrongPasswordsAndTooManyOfThem) {
  Visitor visitor(app_->port());
  const auto wrong = visitor.SignIn("anna", "wrong");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(Visitor::Member(wrong.body, "reason"), "wrong_password");
  for (int i = 0; i < 4; ++i) visitor.SignIn("anna", "wrong");
  const auto limited = visitor.SignIn("anna");
  EXPECT_EQ(limited.status, 429);
  EXPECT_TRUE(limited.body.contains("\"retry_after_s\":10"));
  EXPECT_EQ(limited.headers.Get("Retry-After"), "10");
}

TEST_F(AppTest, ChangesNeedTheTokenAndOurOwnOrigin) {
  Visitor anna = Anna();
  const std::string token = std::exchange(anna.csrf, "forged");
  const auto forged = AskDownload(anna);
  EXPECT_EQ(forged.status, 403);
  EXPECT_EQ(Visitor::Member(forged.body, "reason"), "forged_request");
  anna.csrf = token;
  const std::string path = "/api/v1/session", body = R"({"language":"en"})";
  EXPECT_EQ(anna.Call("PATCH", path, body, "Origin: http://evil.test\r\n").status, 403);
  EXPECT_EQ(anna.Call("PATCH", path, body, "Sec-Fetch-Site: cross-site\r\n").status, 403);
  EXPECT_EQ(anna.Call("PATCH", path, body, "Origin: http://valise.test\r\n").status, 200);
  EXPECT_EQ(
      anna.Call("PATCH", path, body, "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n")
          .status,
      200);
  Visitor nobody(app_->port());
  EXPECT_EQ(nobody.Call("POST", path, R"({"name":"anna","password":"correct horse"})").status, 403);
}

TEST_F(AppTest, ProfileAndContents) {
  Visitor anna = Anna();
  const auto profile = anna.Call("GET", Path("/profile"));
  EXPECT_TRUE(profile.body.contains(R"("name":"Ann <3 & co")")) << profile.body;
  EXPECT_TRUE(profile.body.contains(R"("posts":3)"));
  EXPECT_TRUE(profile.body.contains(R"("followers":2)"));
  const auto contents = anna.Call("GET", Path("/contents"));
  EXPECT_TRUE(contents.body.contains(R"({"kind":"stories","count":1,)")) << contents.body;
}

TEST_F(AppTest, EditedFieldsAreChecked) {
  Visitor anna = Anna();
  const auto wrong =
      anna.Call("PATCH", Path("/profile"),
                fmt::format(R"({{"bio":"{}","username":"a b"}})", std::string(1001, 'x')));
  EXPECT_EQ(wrong.status, 400);
  EXPECT_TRUE(wrong.body.contains(R"("fields":{"bio":"too_long","username":"invalid"})"))
      << wrong.body;
}

TEST_F(AppTest, PostsNewestFirstInPages) {
  Visitor anna = Anna();
  const auto first = anna.Call("GET", Path("/posts?limit=2"));
  EXPECT_LT(first.body.find("lost"), first.body.find("says"));
  EXPECT_TRUE(first.body.contains(R"("missing":true)"));
  const std::string next = Visitor::Member(first.body, "next");
  const auto second = anna.Call("GET", Path("/posts?limit=2&before=" + next));
  EXPECT_TRUE(second.body.contains("\"text\":\"old")) << second.body;
  EXPECT_TRUE(second.body.contains("\"next\":null"));
  EXPECT_EQ(anna.Call("GET", Path("/posts?before=x")).status, 400);
}

TEST_F(AppTest, OnePostByItsKey) {
  Visitor anna = Anna();
  const auto first = anna.Call("GET", Path("/posts?limit=1"));
  const auto post = anna.Call("GET", Path("/posts/" + Visitor::Member(first.body, "key")));
  EXPECT_EQ(post.status, 200);
  // What the list says of it, and its comments besides.
  const size_t more = post.body.find(R"(,"comments":[],"comments_here":0})");
  ASSERT_NE(more, std::string::npos) << post.body;
  EXPECT_TRUE(first.body.contains(post.body.substr(0, more))) << post.body;
  EXPECT_EQ(anna.Call("GET", Path("/posts/00000000000000000000000000000000")).status, 404);
}

TEST_F(AppTest, MediaForTheirOwnerWithStrictHeaders) {
  Visitor anna = Anna();
  const auto medium = anna.Call("GET", Path("/media/" + big_.Hex()), "", "Range: bytes=5-9\r\n");
  EXPECT_EQ(medium.status, 206);
  EXPECT_EQ(medium.body, "bbbbb");
  EXPECT_EQ(medium.headers.Get("X-Content-Type-Options"), "nosniff");
  EXPECT_TRUE(medium.headers.Get("Content-Security-Policy").contains("sandbox"));
  EXPECT_EQ(medium.headers.Get("Content-Type"), "application/octet-stream");
  EXPECT_EQ(anna.Call("GET", Path("/media/" + Sha256("x").Hex())).status, 404);
  EXPECT_EQ(anna.Call("GET", Path("/media/nonsense")).status, 404);
}

TEST_F(AppTest, FromTheRequestToTheLastByte) {
  Visitor anna = Anna();
  const std::string id = Ready(anna);
  const std::string url = Link(anna, id);
  EXPECT_TRUE(url.ends_with("/ann.example-2024-07-07.zip")) << url;
  Visitor anyone(app_->port());
  const auto whole = anyone.Call("GET", url);
  EXPECT_EQ(whole.status, 200);
  EXPECT_TRUE(whole.complete);
  const std::string etag(whole.headers.Get("ETag"));
  EXPECT_TRUE(whole.headers.Get("Content-Disposition").starts_with("attachment"));
  const auto rest =
      anyone.Call("GET", url, "", "Range: bytes=1000000-\r\nIf-Range: " + etag + "\r\n");
  EXPECT_EQ(rest.status, 206);
  EXPECT_TRUE(rest.body == whole.body.substr(1'000'000));
  const auto head = anyone.Call("HEAD", url);
  EXPECT_EQ(head.headers.Get("Content-Length"), std::to_string(whole.body.size()));
  for (int i = 0; i < 200; ++i) {
    if (!anna.Call("GET", "/api/v1/requests/" + id).body.contains(R"("downloaded_at":null)")) break;
    std::this_thread::sleep_for(milliseconds{5});
  }
  const auto request = anna.Call("GET", "/api/v1/requests/" + id);
  EXPECT_FALSE(request.body.contains(R"("downloaded_at":null)")) << request.body;
  EXPECT_TRUE(request.body.contains(R"("reason":"not_in_archive","count":1)"));
  EXPECT_TRUE(request.body.contains(R"("reason":"damaged","count":2)"));
  EXPECT_TRUE(anna.Call("GET", Path("/requests")).body.contains(id));
}

TEST_F(AppTest, ALinkOutlivesTheServer) {
  Visitor anna = Anna();
  const std::string url = Link(anna, Ready(anna));
  const std::string whole = Visitor(app_->port()).Call("GET", url).body;
  Start();
  const auto rest = Visitor(app_->port()).Call("GET", url, "", "Range: bytes=500-\r\n");
  EXPECT_TRUE(rest.body == whole.substr(500));
}

TEST_F(AppTest, WhatIsNotYoursIsNotThere) {
  Visitor anna = Anna();
  const std::string id = Ready(anna);
  Visitor ben(app_->port());
  EXPECT_EQ(ben.SignIn("ben").status, 200);
  for (const char* rest : {"/profile", "/posts", "/contents", "/requests", "/search?q=a"}) {
    EXPECT_EQ(ben.Call("GET", Path(rest)).status, 404) << rest;
  }
  EXPECT_EQ(ben.Call("GET", Path("/media/" + big_.Hex())).status, 404);
  EXPECT_EQ(ben.Call("PATCH", Path("/profile"), R"({"name":"x"})").status, 404);
  EXPECT_EQ(AskDownload(ben).status, 404);
  for (const char* rest : {"", "/events"}) {
    EXPECT_EQ(ben.Call("GET", "/api/v1/requests/" + id + rest).status, 404);
  }
  EXPECT_EQ(ben.Call("POST", "/api/v1/requests/" + id + "/links").status, 404);
  EXPECT_EQ(ben.Call("DELETE", "/api/v1/requests/" + id + "/links").status, 404);
  EXPECT_EQ(ben.Call("DELETE", "/api/v1/requests/" + id).status, 404);
  EXPECT_EQ(ben.Call("GET", "/api/v1/outbox").status, 403);
  EXPECT_EQ(ben.Call("GET", "/api/v1/outbox/ready-" + id).status, 403);
}

TEST_F(AppTest, AskingIsRefusedWithReasons) {
  Visitor anna = Anna();
  const auto wrong = AskDownload(anna, "wrong");
  EXPECT_EQ(wrong.status, 403);
  EXPECT_EQ(Visitor::Member(wrong.body, "reason"), "wrong_password");
  const auto bad = AskDownload(anna, "correct horse", "a@b\\r\\nBcc: c@d.test");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(Visitor::Member(bad.body, "reason"), "bad_address");
  EXPECT_EQ(anna.Call("POST", Path("/requests"), "{").status, 400);
  EXPECT_EQ(anna.Call("POST", Path("/requests"), R"({"password":1})").status, 400);
}

TEST_F(AppTest, LinksEndByTimeRevocationAndCancelling) {
  Visitor anna = Anna(), anyone(app_->port());
  const std::string id = Ready(anna);
  const std::string revoked = Link(anna, id);
  EXPECT_EQ(anna.Call("DELETE", "/api/v1/requests/" + id + "/links").status, 204);
  EXPECT_EQ(anyone.Call("GET", revoked).status, 410);
  const std::string url = Link(anna, id);
  EXPECT_EQ(anyone.Call("GET", url, "", "Range: bytes=0-9\r\n").status, 206);
  clock_.Advance(hours{96});
  const auto ended = anyone.Call("GET", url, "", "Accept-Language: fr-FR,fr;q=0.9,en;q=0.5\r\n");
  EXPECT_EQ(ended.status, 410);
  EXPECT_TRUE(ended.body.contains("Ce téléchargement a expiré"));
  EXPECT_TRUE(anyone.Call("GET", url).body.contains("This download has ended"));
  EXPECT_EQ(anyone.Call("GET", "/d/AAAAAAAAAAAAAAAAAAAAAA/x.zip").status, 404);
  const auto more = anna.Call("POST", "/api/v1/requests/" + id + "/links");
  EXPECT_EQ(more.status, 410);
  EXPECT_EQ(Visitor::Member(more.body, "reason"), "link_ended");
  const std::string second = Ready(anna);
  const std::string cancelled = Link(anna, second);
  EXPECT_EQ(anna.Call("DELETE", "/api/v1/requests/" + second).status, 204);
  EXPECT_EQ(anyone.Call("GET", cancelled).status, 410);
}

TEST_F(AppTest, AMailServerThatIsDownIsTriedAgain) {
  mail::MemoryTransport transport;
  transport.Answer(Fail(ErrorCode::kUnavailable, "mail: down"));
  transport_ = &transport;
  Start();
  Visitor anna = Anna();
  const std::string path = "/api/v1/requests/" + Ready(anna);
  const auto until = [&](std::string_view wanted) {
    for (int i = 0; i < 600; ++i) {
      if (anna.Call("GET", path).body.contains(wanted)) return true;
      std::this_thread::sleep_for(milliseconds{5});
    }
    return false;
  };
  EXPECT_TRUE(until(R"("state":"queued","sent_at":null,"attempts":1,"last_error":"mail: down")"));
  transport.Answer({});
  clock_.Advance(hours{1});
  EXPECT_TRUE(until(R"("state":"sent")"));
  EXPECT_GE(transport.sent().size(), 1u);
  app_.reset();
}

TEST_F(AppTest, WithoutAMailServerTheOperatorReadsTheMails) {
  Visitor anna = Anna();
  const std::string id = Ready(anna);
  const auto outbox = anna.Call("GET", "/api/v1/outbox");
  EXPECT_TRUE(outbox.body.contains("\"configured\":false"));
  EXPECT_TRUE(outbox.body.contains("anna@example.test"));  // the notice
  const auto mail = anna.Call("GET", "/api/v1/outbox/ready-" + id);
  EXPECT_TRUE(mail.body.contains("Votre téléchargement est prêt"));
  EXPECT_TRUE(mail.body.contains("http://valise.test/requests/" + id));
  EXPECT_EQ(anna.Call("GET", "/api/v1/outbox/none").status, 404);
}

TEST_F(AppTest, TheStatusPageHearsOfChanges) {
  Visitor anna = Anna();
  const std::string id = Ready(anna);
  Visitor live(app_->port());
  live.client.Send("GET /api/v1/requests/" + id +
                   "/events HTTP/1.1\r\nHost: a\r\nCookie: " + anna.cookie + "\r\n\r\n");
  std::string heard;
  const auto until = [&](std::string_view wanted) {
    while (!heard.contains(wanted)) {
      const std::string more = live.client.ReadSome();
      if (more.empty()) return false;
      heard += more;
    }
    return true;
  };
  EXPECT_TRUE(until("event: request\ndata: {"));
  EXPECT_TRUE(until(R"("state":"ready")"));
  EXPECT_EQ(anna.Call("DELETE", "/api/v1/requests/" + id).status, 204);
  EXPECT_TRUE(until(R"("state":"cancelled")"));
}

TEST_F(AppTest, ASlowClientIsDroppedAndHoldsUpNobody) {
  Visitor anna = Anna();
  const std::string url = Link(anna, Ready(anna));
  http::TestClient slow(app_->port(), 4096);
  slow.Send("GET " + url + " HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(Visitor(app_->port()).Call("GET", url).status, 200);
  std::this_thread::sleep_for(milliseconds{600});
  size_t got = 0;
  while (slow.More()) got = slow.ReadSome().size() + got;
  EXPECT_LT(got, 30'000'000u);
}

TEST_F(AppTest, TheFormatIsChosenAndTold) {
  Visitor anna = Anna();
  const auto ask = [&](std::string_view format) {
    return anna.Call(
        "POST", Path("/requests"),
        fmt::format(R"({{"password":"correct horse","address":"a@example.test","format":"{}"}})",
                    format));
  };
  const auto unknown = ask("tarball");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_TRUE(unknown.body.contains("format")) << unknown.body;
  const auto asked = ask(format_.name());
  EXPECT_EQ(asked.status, 201) << asked.body;
  EXPECT_EQ(Visitor::Member(asked.body, "format"), format_.name());
}

TEST_F(AppTest, SecondServerOnTheSameDataIsRefused) {
  const auto second =
      App::Start({.data = folder_.path(), .password_cost = kCheap}, {.database = *database_,
                                                                     .accounts = *accounts_,
                                                                     .formats = formats_,
                                                                     .clock = clock_,
                                                                     .random = random_});
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
}

TEST_F(AppTest, EveryAnswerIsStrict) {
  Visitor visitor(app_->port());
  for (const char* path : {"/", "/sign-in", "/api/v1/session", "/d/x/y", "/assets/none.js"}) {
    const auto answer = visitor.Call("GET", path);
    EXPECT_TRUE(answer.headers.Get("Content-Security-Policy").contains("default-src 'none'"))
        << path;
    EXPECT_EQ(answer.headers.Get("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.headers.Get("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(answer.headers.Find("Strict-Transport-Security"), std::nullopt);
  }
  public_url_ = "https://valise.test";
  Start();
  Visitor secure(app_->port());
  EXPECT_TRUE(secure.Call("GET", "/").headers.Find("Strict-Transport-Security"));
  EXPECT_TRUE(secure.SignIn("anna").headers.Get("Set-Cookie").contains("; Secure"));
}

TEST_F(AppTest, UnknownAddressesAndMethods) {
  Visitor visitor(app_->port());
  EXPECT_EQ(visitor.Call("GET", "/api/v1/nothing").status, 404);
  const auto wrong = visitor.Call("PATCH", "/api/v1/health");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.Get("Allow"), "GET");
  EXPECT_EQ(visitor.Call("POST", "/").status, 405);
  EXPECT_TRUE(visitor.Call("GET", "/api/v1/health").body.starts_with("{\"ok\":true"));
}

}  // namespace
}  // namespace valise::web
