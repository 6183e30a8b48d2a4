// The conformance suite of MailTransport, for memory and for SMTP against a small server of our
// own.
#include "mail/transport.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

namespace valise::mail {
namespace {

// Answers one SMTP session the way a test says.
class TinySmtp {
 public:
  explicit TinySmtp(std::string answer_to_rcpt) : rcpt_(std::move(answer_to_rcpt)) {
    listen_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(listen_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(listen(listen_, 1), 0);
    socklen_t size = sizeof at;
    getsockname(listen_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~TinySmtp() {
    shutdown(listen_, SHUT_RDWR);
    thread_.join();
    close(listen_);
  }
  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  std::string Log() {
    if (thread_.joinable()) {
      shutdown(listen_, SHUT_RDWR);
      thread_.join();
      thread_ = std::thread([] {});
    }
    return log_;
  }

 private:
  void Serve() {
    const int fd = accept(listen_, nullptr, nullptr);
    if (fd < 0) return;
    Say(fd, "220 tiny");
    std::string buffer;
    bool data = false;
    char bytes[4096];
    for (ssize_t n; (n = recv(fd, bytes, sizeof bytes, 0)) > 0;) {
      buffer.append(bytes, static_cast<size_t>(n));
      for (size_t end; (end = buffer.find("\r\n")) != std::string::npos; buffer.erase(0, end + 2)) {
        const std::string line = buffer.substr(0, end);
        log_ += line + "\n";
        if (data) {
          if (line == ".") data = false, Say(fd, "250 kept");
        } else if (line.starts_with("RCPT")) {
          Say(fd, rcpt_);
        } else if (line.starts_with("DATA")) {
          data = true, Say(fd, "354 go on");
        } else {
          Say(fd, line.starts_with("QUIT") ? "221 bye" : "250 ok");
        }
      }
    }
    close(fd);
  }
  static void Say(int fd, const std::string& line) {
    const std::string out = line + "\r\n";
    static_cast<void>(send(fd, out.data(), out.size(), MSG_NOSIGNAL));
  }

  std::string rcpt_;
  int listen_ = -1;
  uint16_t port_ = 0;
  std::string log_;
  std::thread thread_;
};

const Envelope kEnvelope{.from = "from@example.test", .to = "to@example.test"};
constexpr std::string_view kMail = "Subject: x\r\n\r\nline\r\n.dot\r\n";

TEST(MemoryTransport, KeepsWhatItSendsAndFailsAsTold) {
  MemoryTransport transport;
  EXPECT_TRUE(transport.Send(kEnvelope, kMail).has_value());
  transport.Answer(Fail(ErrorCode::kUnavailable, "down"));
  EXPECT_EQ(transport.Send(kEnvelope, kMail).error().code, ErrorCode::kUnavailable);
  ASSERT_EQ(transport.sent().size(), 1u);
  EXPECT_EQ(transport.sent()[0].rendered, kMail);
}

TEST(SmtpTransport, HandsOverEnvelopeAndText) {
  TinySmtp server("250 ok");
  const auto transport =
      OpenSmtp({.url = server.url(), .user = "", .password = {}, .timeout_s = 5});
  ASSERT_TRUE(transport.has_value());
  const Status sent = (*transport)->Send(kEnvelope, kMail);
  EXPECT_TRUE(sent.has_value()) << sent.error().message;
  const std::string log = server.Log();
  EXPECT_NE(log.find("MAIL FROM:<from@example.test>"), std::string::npos);
  EXPECT_NE(log.find("RCPT TO:<to@example.test>"), std::string::npos);
  EXPECT_NE(log.find("\nline\n..dot\n.\n"), std::string::npos);
}

TEST(SmtpTransport, RefusalsForNowAndForGood) {
  for (const auto& [answer, code] : {std::pair{"450 busy", ErrorCode::kUnavailable},
                                     std::pair{"550 no such user", ErrorCode::kInvalidArgument}}) {
    TinySmtp server(answer);
    const auto transport =
        OpenSmtp({.url = server.url(), .user = "", .password = {}, .timeout_s = 5});
    const Status sent = (*transport)->Send(kEnvelope, kMail);
    ASSERT_FALSE(sent.has_value());
    EXPECT_EQ(sent.error().code, code) << answer;
    EXPECT_EQ(sent.error().message.find("example"), std::string::npos);
  }
}

TEST(SmtpTransport, AServerThatIsDownIsUnavailable) {
  const auto transport =
      OpenSmtp({.url = "smtp://127.0.0.1:1", .user = "", .password = {}, .timeout_s = 5});
  EXPECT_EQ((*transport)->Send(kEnvelope, kMail).error().code, ErrorCode::kUnavailable);
}

TEST(SmtpTransport, OtherSchemesAreRefused) {
  EXPECT_EQ(OpenSmtp({.url = "http://x", .user = "", .password = {}}).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace valise::mail
