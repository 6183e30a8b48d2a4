// Uploads by tus and the imports made of them, through the server.
#include <gtest/gtest.h>

#include <thread>

#include "imports/test_source.h"
#include "web/test_site.h"
#include "zip/test_zip.h"

namespace valise::web {
namespace {

const imports::NotesSource kNotes;
const services::Source* const kSources[] = {&kNotes};

class UploadTest : public AppTest {
 protected:
  UploadTest() { sources_ = kSources; }

  static std::string Tus(std::string_view more = "") {
    return fmt::format("Tus-Resumable: 1.0.0\r\n{}", more);
  }
  // The address of a new upload.
  std::string Create(Visitor& visitor, size_t length, std::string_view account = "") {
    const auto made = visitor.Call(
        "POST",
        account.empty() ? Path("/uploads") : fmt::format("/api/v1/accounts/{}/uploads", account),
        "",
        Tus(fmt::format("Upload-Length: {}\r\nUpload-Metadata: filename bWUuemlw\r\n", length)));
    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_TRUE(made.headers.Find("Upload-Expires"));
    return std::string(made.headers.Get("Location"));
  }
  http::TestAnswer Patch(Visitor& visitor, const std::string& upload, uint64_t offset,
                         std::string_view bytes, std::string_view more = "") {
    std::string fields = Tus(fmt::format(
        "Content-Type: application/offset+octet-stream\r\nUpload-Offset: {}\r\n{}", offset, more));
    fields += "Cookie: " + visitor.cookie + "\r\nX-CSRF-Token: " + visitor.csrf + "\r\n";
    return visitor.client.Ask("PATCH", upload, fields, bytes);
  }
  static std::string IdOf(const std::string& address) {
    return address.substr(address.rfind('/') + 1);
  }
  std::string Send(Visitor& visitor, std::string_view bytes, std::string_view account = "") {
    const std::string upload = Create(visitor, bytes.size(), account);
    EXPECT_EQ(Patch(visitor, upload, 0, bytes).status, 204);
    return IdOf(upload);
  }
  // Waits until the import is in a state in which it stays.
  std::string Settled(Visitor& visitor, const std::string& id) {
    for (int i = 0; i < 500; ++i) {
      const std::string now = visitor.Call("GET", "/api/v1/imports/" + id).body;
      const std::string state = Visitor::Member(now, "state");
      if (state != "waiting" && state != "checking" && state != "importing") return now;
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    ADD_FAILURE() << "the import does not end";
    return {};
  }
};

TEST_F(UploadTest, APieceAtATime) {
  Visitor anna = Anna();
  const std::string upload = Create(anna, 10);
  const auto first = Patch(anna, upload, 0, "hello");
  EXPECT_EQ(first.status, 204);
  EXPECT_EQ(first.headers.Get("Upload-Offset"), "5");
  EXPECT_EQ(first.headers.Get("Tus-Resumable"), "1.0.0");
  const auto head = anna.Call("HEAD", upload, "", Tus());
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.Get("Upload-Offset"), "5");
  EXPECT_EQ(head.headers.Get("Upload-Length"), "10");
  EXPECT_EQ(head.headers.Get("Cache-Control"), "no-store");
  EXPECT_EQ(Patch(anna, upload, 5, "world").headers.Get("Upload-Offset"), "10");
  EXPECT_TRUE(anna.Call("GET", Path("/uploads")).body.contains(R"("name":"me.zip","length":10)"));
}

TEST_F(UploadTest, ABrokenConnectionLosesNothing) {
  Visitor anna = Anna();
  const std::string upload = Create(anna, 1'000'000);
  std::string offset = "0";
  // Whoever asks ends the run; what has come by then is kept. A slow machine may have read nothing
  // yet: then the connection breaks again, later.
  for (int i = 1; i <= 20 && offset == "0"; ++i) {
    Visitor gone(app_->port());
    gone.client.Send(fmt::format(
        "PATCH {} HTTP/1.1\r\nHost: a\r\nCookie: {}\r\nX-CSRF-Token: {}\r\nContent-Length: 1000000"
        "\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n{}\r\n{}",
        upload, anna.cookie, anna.csrf, Tus(), std::string(400'000, 'x')));
    std::this_thread::sleep_for(std::chrono::milliseconds{20} * i);
    offset = anna.Call("HEAD", upload, "", Tus()).headers.Get("Upload-Offset");
  }
  const uint64_t from = std::stoull(offset);
  EXPECT_GT(from, 0u);
  EXPECT_LE(from, 400'000u);
  const auto rest = Patch(anna, upload, from, std::string(1'000'000 - from, 'x'));
  EXPECT_EQ(rest.headers.Get("Upload-Offset"), "1000000");
}

TEST_F(UploadTest, WhatTusRefuses) {
  Visitor anna = Anna();
  const std::string upload = Create(anna, 10);
  EXPECT_EQ(anna.Call("HEAD", upload).status, 412);
  EXPECT_EQ(anna.Call("POST", Path("/uploads"), "", Tus()).status, 400);
  EXPECT_EQ(anna.Call("POST", Path("/uploads"), "", Tus("Upload-Defer-Length: 1\r\n")).status, 400);
  const auto wrong = Patch(anna, upload, 3, "hello");
  EXPECT_EQ(wrong.status, 409);
  EXPECT_EQ(wrong.headers.Get("Tus-Resumable"), "1.0.0");
  // The body was refused: the connection ends, and a browser makes a new one.
  EXPECT_EQ(wrong.headers.Get("Connection"), "close");
  anna.client = http::TestClient(app_->port());
  EXPECT_EQ(Patch(anna, upload, 0, "hello world!").status, 413);
  anna.client = http::TestClient(app_->port());
  EXPECT_EQ(anna.Call("PATCH", upload, "{}", Tus("Upload-Offset: 0\r\n")).status, 415);
  anna.client = http::TestClient(app_->port());
  Visitor ben(app_->port());
  ben.SignIn("ben");
  EXPECT_EQ(ben.Call("HEAD", upload, "", Tus()).status, 404);
  EXPECT_EQ(anna.Call("DELETE", upload, "", Tus()).status, 204);
  EXPECT_EQ(anna.Call("HEAD", upload, "", Tus()).status, 410);
  Visitor nobody(app_->port());
  EXPECT_EQ(nobody.Call("POST", Path("/uploads"), "", Tus("Upload-Length: 1\r\n")).status, 401);
}

TEST_F(UploadTest, ChecksumsCountAsAWhole) {
  Visitor anna = Anna();
  const std::string upload = Create(anna, 5);
  const std::string right = ToBase64(Sha256("hello").bytes);
  const std::string field = fmt::format("Upload-Checksum: sha256 {}\r\n", right);
  const auto mismatch = Patch(anna, upload, 0, "jello", field);
  EXPECT_EQ(mismatch.status, 460);
  EXPECT_EQ(anna.Call("HEAD", upload, "", Tus()).headers.Get("Upload-Offset"), "0");
  EXPECT_EQ(Patch(anna, upload, 0, "hello", field).headers.Get("Upload-Offset"), "5");
}

TEST_F(UploadTest, WhatIsServedIsTold) {
  http::TestClient client(app_->port());
  const auto options = client.Ask("OPTIONS", Path("/uploads"));
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.Get("Tus-Version"), "1.0.0");
  EXPECT_EQ(options.headers.Get("Tus-Extension"), "creation,termination,checksum,expiration");
}

TEST_F(UploadTest, MethodsMayHideInAPost) {
  Visitor anna = Anna();
  const std::string upload = Create(anna, 5);
  const auto patched =
      anna.client.Ask("POST", upload,
                      Tus("X-HTTP-Method-Override: PATCH\r\nUpload-Offset: 0\r\nContent-Type: "
                          "application/offset+octet-stream\r\nCookie: ") +
                          anna.cookie + "\r\nX-CSRF-Token: " + anna.csrf + "\r\n",
                      "hello");
  EXPECT_EQ(patched.headers.Get("Upload-Offset"), "5");
  EXPECT_EQ(anna.Call("POST", upload, "", Tus("X-HTTP-Method-Override: DELETE\r\n")).status, 204);
  EXPECT_EQ(anna.Call("HEAD", upload, "", Tus()).status, 410);
}

TEST_F(UploadTest, AFullDiskIs507) {
  uploads_.keep_free = ~uint64_t{0};
  Start();
  Visitor anna = Anna();
  const auto refused = anna.Call("POST", Path("/uploads"), "", Tus("Upload-Length: 1000\r\n"));
  EXPECT_EQ(refused.status, 507);
  EXPECT_TRUE(refused.body.contains("no room"));
}

TEST_F(UploadTest, AnotherPersonsArchiveBecomesASecondAccount) {
  Visitor anna = Anna();
  const std::string zip =
      zip::MakeTestZip({{.name = "root/data/a.txt", .content = "@paul\n100 hello\n200 again\n"}});
  const auto asked =
      anna.Call("POST", Path("/imports"), fmt::format(R"({{"uploads":["{}"]}})", Send(anna, zip)));
  ASSERT_EQ(asked.status, 202) << asked.body;
  const std::string id = Visitor::Member(asked.body, "id");
  const std::string stopped = Settled(anna, id);
  EXPECT_EQ(Visitor::Member(stopped, "state"), "other_account");
  EXPECT_EQ(Visitor::Member(stopped, "found_username"), "paul");
  EXPECT_EQ(Visitor::Member(stopped, "account_username"), "ann.example");
  Visitor ben(app_->port());
  ben.SignIn("ben");
  EXPECT_EQ(ben.Call("GET", "/api/v1/imports/" + id).status, 404);
  EXPECT_EQ(anna.Call("POST", "/api/v1/imports/" + id + "/decision", R"({"as":"mine"})").status,
            400);
  EXPECT_EQ(
      anna.Call("POST", "/api/v1/imports/" + id + "/decision", R"({"as":"second_account"})").status,
      200);
  const std::string done = Settled(anna, id);
  EXPECT_EQ(Visitor::Member(done, "state"), "done") << done;
  EXPECT_NE(Visitor::Member(done, "account_id"), account_);
  EXPECT_TRUE(done.contains(R"("posts":{"found":2,"new":2)")) << done;
  EXPECT_TRUE(anna.Call("GET", "/api/v1/session").body.contains(R"("username":"paul")"));
}

TEST_F(UploadTest, WhoHasNoAccountBringsTheFirst) {
  Visitor ben(app_->port());
  ben.SignIn("ben");
  const auto opened = ben.Call("POST", "/api/v1/accounts");
  EXPECT_EQ(opened.status, 201);
  const std::string account = Visitor::Member(opened.body, "id");
  EXPECT_EQ(Visitor::Member(ben.Call("POST", "/api/v1/accounts").body, "id"), account);
  const std::string zip =
      zip::MakeTestZip({{.name = "root/data/a.txt", .content = "@ben.b\n100 hello\n"}});
  const auto asked = ben.Call("POST", fmt::format("/api/v1/accounts/{}/imports", account),
                              fmt::format(R"({{"uploads":["{}"]}})", Send(ben, zip, account)));
  EXPECT_EQ(Visitor::Member(Settled(ben, Visitor::Member(asked.body, "id")), "state"), "done");
  const auto session = ben.Call("GET", "/api/v1/session").body;
  EXPECT_TRUE(session.contains(R"("service":"notes","username":"ben.b")")) << session;
}

TEST_F(UploadTest, AnImportIsWatchedLive) {
  Visitor anna = Anna();
  const auto asked = anna.Call("POST", Path("/imports"),
                               fmt::format(R"({{"uploads":["{}"]}})", Send(anna, "not a zip")));
  const std::string id = Visitor::Member(asked.body, "id");
  Visitor watching(app_->port());
  watching.client.Send(fmt::format(
      "GET /api/v1/imports/{}/events HTTP/1.1\r\nHost: a\r\nCookie: {}\r\n\r\n", id, anna.cookie));
  std::string heard;
  while (!heard.contains(R"("state":"failed")")) {
    const std::string some = watching.client.ReadSome();
    ASSERT_FALSE(some.empty()) << heard;
    heard += some;
  }
  EXPECT_TRUE(heard.contains("event: import"));
}

}  // namespace
}  // namespace valise::web
