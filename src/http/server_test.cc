#include "http/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "http/range.h"
#include "http/test_client.h"

namespace valise::http {
namespace {

using std::chrono::milliseconds;

class EchoHandler final : public Handler {
 public:
  Response Handle(const Request& request) override {
    if (request.path == "/file") {
      return RespondWithBody(request, std::make_shared<StaticBody>(big_),
                             {"\"big\"", FromSeconds(784111777)}, {}, [this] { ++sent_; });
    }
    if (request.path == "/events") {
      Response response;
      response.headers.Add("Content-Type", "text/event-stream");
      response.body = stream_;
      return response;
    }
    if (request.path == "/slow") std::this_thread::sleep_for(milliseconds{300});
    if (request.path == "/throw") throw std::runtime_error("library");
    Response response;
    response.body = request.method + " " + request.path + " " + request.body;
    return response;
  }
  void BodyFailed(const Error&) override { ++failed_; }

  std::string big_ = std::string(8'000'000, 'b');
  std::shared_ptr<EventStream> stream_ = std::make_shared<EventStream>();
  std::atomic<int> sent_ = 0, failed_ = 0;
};

class ServerTest : public testing::Test {
 protected:
  void Start(ServerOptions options = {}) {
    options.port = 0;
    options.tick = milliseconds{20};
    options.stop_grace = milliseconds{1000};
    auto server = Server::Start(options, handler_, clock_);
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
  }
  EchoHandler handler_;
  SystemClock clock_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, ManyRequestsOnOneConnection) {
  Start();
  TestClient client(server_->port());
  for (int i = 0; i < 3; ++i) {
    const TestAnswer answer = client.Ask("POST", "/a%20b?x=1", "", "body");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "POST /a b body");
    EXPECT_EQ(answer.headers.Get("Connection"), "keep-alive");
  }
}

TEST_F(ServerTest, HeadHasTheLengthButNoBody) {
  Start();
  TestClient client(server_->port());
  const TestAnswer head = client.Ask("HEAD", "/file");
  EXPECT_EQ(head.headers.Get("Content-Length"), "8000000");
  EXPECT_EQ(client.Ask("GET", "/x").body, "GET /x ");
  EXPECT_EQ(handler_.sent_, 0);
}

TEST_F(ServerTest, WholeAndResumedBodies) {
  Start();
  TestClient client(server_->port());
  EXPECT_EQ(client.Ask("GET", "/file").body, handler_.big_);
  const TestAnswer part =
      client.Ask("GET", "/file", "Range: bytes=7999990-\r\nIf-Range: \"big\"\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "bbbbbbbbbb");
  EXPECT_EQ(client.Ask("GET", "/file", "If-None-Match: \"big\"\r\n").status, 304);
  EXPECT_EQ(client.Ask("GET", "/file", "Range: bytes=8000000-\r\n").status, 416);
  for (int i = 0; i < 200 && handler_.sent_ < 2; ++i) std::this_thread::sleep_for(milliseconds{5});
  EXPECT_EQ(handler_.sent_, 2);
}

TEST_F(ServerTest, BadRequestsGetAnAnswerAndTheEnd) {
  Start();
  const std::pair<std::string, int> cases[] = {
      {"nonsense\r\n\r\n", 400},
      {"GET /../x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n", 431},
      {"POST / HTTP/1.1\r\nContent-Length: 70000\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400},
  };
  for (const auto& [bytes, status] : cases) {
    TestClient client(server_->port());
    client.Send(bytes);
    EXPECT_EQ(client.Read().status, status) << bytes.substr(0, 60);
    EXPECT_FALSE(client.More());
  }
}

TEST_F(ServerTest, ChunkedBodiesAreBoundedToo) {
  Start();
  TestClient client(server_->port());
  client.Send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  EXPECT_EQ(client.Read().body, "POST / abc");
  client.Send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 80; ++i) client.Send("400\r\n" + std::string(1024, 'x') + "\r\n");
  EXPECT_EQ(client.Read().status, 413);
}

TEST_F(ServerTest, ExpectContinue) {
  Start();
  TestClient client(server_->port());
  client.Send("POST /e HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Read().status, 100);
  client.Send("ok");
  EXPECT_EQ(client.Read().body, "POST /e ok");
}

TEST_F(ServerTest, ALibrarysExceptionBecomesA500) {
  Start();
  TestClient client(server_->port());
  EXPECT_EQ(client.Ask("GET", "/throw").status, 500);
  EXPECT_EQ(client.Ask("GET", "/x").status, 200);
}

TEST_F(ServerTest, SlowRequestsAreCut) {
  Start({.header_timeout = milliseconds{100},
         .idle_timeout = milliseconds{100},
         .body_timeout = milliseconds{100}});
  TestClient silent(server_->port());
  TestClient half(server_->port());
  half.Send("GET / HTT");
  TestClient no_body(server_->port());
  no_body.Send("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(silent.Read().status, 0);
  EXPECT_EQ(half.Read().status, 0);
  EXPECT_EQ(no_body.Read().status, 0);
}

TEST_F(ServerTest, AClientThatStopsReadingIsDropped) {
  handler_.big_.resize(64'000'000, 'b');
  Start({.stall_timeout = milliseconds{200}});
  TestClient client(server_->port(), 4096);
  client.Send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
  for (int i = 0; i < 200 && server_->connections() == 0; ++i)
    std::this_thread::sleep_for(milliseconds{5});
  EXPECT_EQ(server_->connections(), 1u);
  for (int i = 0; i < 400 && server_->connections() > 0; ++i)
    std::this_thread::sleep_for(milliseconds{10});
  EXPECT_EQ(server_->connections(), 0u);
  EXPECT_EQ(handler_.sent_, 0);
}

TEST_F(ServerTest, ASlowButReadingClientIsKept) {
  handler_.big_.resize(600'000);
  Start({.stall_timeout = milliseconds{300}});
  TestClient client(server_->port(), 4096);
  client.Send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
  size_t got = 0;
  char buffer[16384];
  for (ssize_t n; got < 600'000 && (n = recv(client.fd(), buffer, sizeof buffer, 0)) > 0;) {
    got += static_cast<size_t>(n);
    std::this_thread::sleep_for(milliseconds{15});
  }
  EXPECT_GE(got, 600'000u);
}

TEST_F(ServerTest, EventsComeAsTheyArePushedAndQuietStreamsArePinged) {
  Start({.ping = milliseconds{50}});
  TestClient client(server_->port());
  client.Send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto read_until = [&](std::string_view wanted) {
    std::string all;
    while (all.find(wanted) == std::string::npos) {
      const std::string some = client.ReadSome();
      if (some.empty()) return false;
      all += some;
    }
    return true;
  };
  EXPECT_TRUE(read_until("chunked"));
  handler_.stream_->Push("data: 1\n\n");
  EXPECT_TRUE(read_until("9\r\ndata: 1\n\n\r\n"));
  EXPECT_TRUE(read_until(": ping\n\n"));
  handler_.stream_->Close();
  EXPECT_TRUE(read_until("0\r\n\r\n"));
}

TEST_F(ServerTest, StopEndsStreamsAndIdleConnectionsAndFinishesRequests) {
  Start();
  TestClient idle(server_->port()), stream(server_->port()), busy(server_->port());
  EXPECT_EQ(idle.Ask("GET", "/x").status, 200);
  stream.Send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_FALSE(stream.ReadSome().empty());
  busy.Send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(milliseconds{50});
  const auto begin = std::chrono::steady_clock::now();
  server_->Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds{900});
  EXPECT_EQ(busy.Read().body, "GET /slow ");
  EXPECT_FALSE(idle.More());
  EXPECT_TRUE(handler_.stream_->ended());
}

TEST_F(ServerTest, AnAddressInUseIsSaid) {
  Start();
  ServerOptions options;
  options.port = server_->port();
  const auto second = Server::Start(options, handler_, clock_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(second.error().message.find(std::to_string(options.port)), std::string::npos);
}

}  // namespace
}  // namespace valise::http
