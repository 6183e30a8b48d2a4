// Bodies that a handler takes as they come.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/digest.h"
#include "http/server.h"
#include "http/test_client.h"

namespace valise::http {
namespace {

using std::chrono::milliseconds;

// What a sink saw, told to the test.
struct Taken {
  std::atomic<uint64_t> bytes = 0;
  std::atomic<int> finished = 0, failed = 0, gone = 0;
  std::atomic<bool> hold = false;              // Write() blocks
  std::atomic<uint64_t> limit = ~uint64_t{0};  // Write() fails beyond
};

class CountingSink final : public BodySink {
 public:
  explicit CountingSink(Taken& taken) : taken_(taken) {}
  ~CountingSink() override { ++taken_.gone; }
  Status Write(Bytes bytes) override {
    EXPECT_LE(bytes.size(), kMaxWrite);
    while (taken_.hold) std::this_thread::sleep_for(milliseconds{2});
    taken_.bytes += bytes.size();
    hasher_.Update(bytes);
    if (taken_.bytes > taken_.limit) return ::valise::Fail(ErrorCode::kUnavailable, "disk full");
    return {};
  }
  Response Finish() override {
    ++taken_.finished;
    Response response;
    response.body = hasher_.Finish().Hex();
    return response;
  }
  Response Fail(const Error& error) override {
    ++taken_.failed;
    Response response;
    response.status = HttpStatus(error.code);
    response.body = error.message;
    return response;
  }

 private:
  Taken& taken_;
  Hasher hasher_;
};

class SinkHandler final : public Handler {
 public:
  Reception Receive(const Request& head) override {
    Reception reception;
    EXPECT_EQ(head.body, "");
    if (head.path == "/pour") reception.sink = std::make_unique<CountingSink>(taken_);
    if (head.path == "/never") {
      reception.refusal.emplace().status = 403;
    }
    if (head.path == "/throw-early") throw std::runtime_error("library");
    return reception;
  }
  Response Handle(const Request& request) override {
    Response response;
    response.body = request.method + " " + request.path + " " + request.body;
    return response;
  }
  void BodyFailed(const Error&) override {}

  Taken taken_;
};

// True once `when` holds, within a second.
template <typename When>
bool Soon(When&& when) {
  for (int i = 0; i < 200 && !when(); ++i) std::this_thread::sleep_for(milliseconds{5});
  return when();
}

std::string PourHead(uint64_t length, std::string_view more = "") {
  return fmt::format("POST /pour HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n{}\r\n", length,
                     more);
}

class BodySinkTest : public testing::Test {
 protected:
  void Start(ServerOptions options = {}) {
    options.port = 0;
    options.tick = milliseconds{20};
    options.stop_grace = milliseconds{1000};
    auto server = Server::Start(options, handler_, clock_);
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
  }
  SinkHandler handler_;
  SystemClock clock_;
  std::unique_ptr<Server> server_;
};

TEST_F(BodySinkTest, BodiesLargerThanAnyBufferReachASink) {
  Start();
  TestClient client(server_->port());
  const std::string body(20'000'003, 'z');
  for (int i = 0; i < 2; ++i) {
    client.Send(PourHead(body.size()));
    client.Send(body);
    EXPECT_EQ(client.Read().body, Sha256(body).Hex());
  }
  EXPECT_EQ(client.Ask("POST", "/x", "", "small").body, "POST /x small");
  EXPECT_TRUE(Soon([&] { return handler_.taken_.gone == 2; }));
  EXPECT_EQ(handler_.taken_.finished, 2);
}

TEST_F(BodySinkTest, ChunkedBodiesReachASink) {
  Start();
  TestClient client(server_->port());
  std::string body;
  client.Send("POST /pour HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (size_t size : {1u, 70'000u, 300'000u, 3u}) {
    const std::string chunk(size, static_cast<char>('a' + size % 20));
    client.Send(fmt::format("{:x}\r\n{}\r\n", size, chunk));
    body += chunk;
  }
  client.Send("0\r\n\r\n");
  EXPECT_EQ(client.Read().body, Sha256(body).Hex());
  EXPECT_EQ(client.Ask("GET", "/x").status, 200);
  client.Send("POST /pour HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnot hex\r\n");
  EXPECT_EQ(client.Read().status, 400);
  EXPECT_EQ(handler_.taken_.finished, 1);
}

TEST_F(BodySinkTest, TheNextRequestMayCloselyFollowABody) {
  Start();
  TestClient client(server_->port());
  client.Send(PourHead(3) + "abcGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Read().body, Sha256("abc").Hex());
  EXPECT_EQ(client.Read().body, "GET /next ");
}

TEST_F(BodySinkTest, ARefusedBodyIsNotReadAndEndsTheConnection) {
  Start();
  for (const std::string_view target : {"/never", "/throw-early"}) {
    TestClient client(server_->port());
    client.Send(
        fmt::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\nExpect: "
                    "100-continue\r\n\r\n",
                    target));
    const TestAnswer answer = client.Read();
    EXPECT_EQ(answer.status, target == "/never" ? 403 : 500);
    EXPECT_EQ(answer.headers.Get("Connection"), "close");
    EXPECT_FALSE(client.More());
  }
  TestClient pipelined(server_->port());
  pipelined.Send(
      "POST /never HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /x HTTP/1.1\r\n\r\n");
  EXPECT_EQ(pipelined.Read().status, 403);
  EXPECT_EQ(pipelined.Read().status, 0);
}

TEST_F(BodySinkTest, ASinkIsToldToGoOnOnlyOnceItIsThere) {
  Start();
  TestClient client(server_->port());
  client.Send(PourHead(2, "Expect: 100-continue\r\n"));
  EXPECT_EQ(client.Read().status, 100);
  client.Send("ok");
  EXPECT_EQ(client.Read().body, Sha256("ok").Hex());
}

TEST_F(BodySinkTest, AClientThatGoesInTheMiddleLeavesWhatCame) {
  Start();
  {
    TestClient client(server_->port());
    client.Send(PourHead(1'000'000) + std::string(400'000, 'x'));
    EXPECT_TRUE(Soon([&] { return handler_.taken_.bytes == 400'000; }));
  }
  EXPECT_TRUE(Soon([&] { return handler_.taken_.gone == 1; }));
  EXPECT_EQ(handler_.taken_.bytes, 400'000u);
  EXPECT_EQ(handler_.taken_.finished + handler_.taken_.failed, 0);
}

TEST_F(BodySinkTest, ASinkThatFailsAnswersInTheMiddleOfTheBody) {
  handler_.taken_.limit = 500'000;
  Start();
  TestClient client(server_->port());
  client.Send(PourHead(100'000'000) + std::string(600'000, 'x'));
  const TestAnswer answer = client.Read();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "disk full");
  EXPECT_FALSE(client.More());
  EXPECT_EQ(handler_.taken_.failed, 1);
}

TEST_F(BodySinkTest, ASlowSinkHoldsTheSenderBack) {
  handler_.taken_.hold = true;
  Start();
  TestClient client(server_->port());
  const std::string body(40'000'000, 'y');
  client.Send(PourHead(body.size()));
  std::atomic<bool> all_sent = false;
  std::thread sender([&] {
    client.Send(body);
    all_sent = true;
  });
  std::this_thread::sleep_for(milliseconds{100});
  EXPECT_FALSE(all_sent);  // the kernel's buffers are full, and we hold 256 KiB
  handler_.taken_.hold = false;
  sender.join();
  EXPECT_EQ(client.Read().body, Sha256(body).Hex());
}

TEST_F(BodySinkTest, OnlyASenderWithoutAByteIsCut) {
  Start({.body_timeout = milliseconds{150}});
  TestClient slow(server_->port()), silent(server_->port());
  slow.Send(PourHead(6));
  silent.Send(PourHead(6) + "ab");
  for (const char c : std::string_view("abcdef")) {
    std::this_thread::sleep_for(milliseconds{50});
    slow.Send({&c, 1});
  }
  EXPECT_EQ(slow.Read().body, Sha256("abcdef").Hex());
  EXPECT_EQ(silent.Read().status, 0);
  EXPECT_TRUE(Soon([&] { return handler_.taken_.gone == 2; }));
}

TEST_F(BodySinkTest, StopEndsBodiesThatAreComing) {
  Start();
  TestClient client(server_->port());
  client.Send(PourHead(1000) + "abc");
  EXPECT_TRUE(Soon([&] { return handler_.taken_.bytes == 3; }));
  const auto begin = std::chrono::steady_clock::now();
  server_->Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds{500});
  EXPECT_EQ(handler_.taken_.gone, 1);
}

}  // namespace
}  // namespace valise::http
