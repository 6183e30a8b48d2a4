// A blocking HTTP client for tests: one connection, bytes in, bytes out, nothing clever.
//
// Thread safety: belongs to one thread.
#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "http/message.h"

namespace valise::http {

struct TestAnswer {
  int status = 0;  // 0: the connection ended before an answer
  Headers headers;
  std::string body;
  bool complete = false;  // the body is as long as Content-Length says
};

class TestClient {
 public:
  explicit TestClient(uint16_t port, int receive_buffer = 0)
      : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (receive_buffer > 0)
      setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  ~TestClient() {
    if (fd_ >= 0) close(fd_);
  }
  TestClient(TestClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), waiting_(std::move(other.waiting_)) {}
  TestClient& operator=(TestClient&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(waiting_, other.waiting_);
    return *this;
  }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
  }

  // `fields`: "Name: value\r\n"…
  TestAnswer Ask(std::string_view method, std::string_view target, std::string_view fields = "",
                 std::string_view body = "") {
    std::string request =
        fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n{}", method, target, fields);
    if (!body.empty() || method == "POST" || method == "PATCH") {
      request += fmt::format("Content-Length: {}\r\n", body.size());
    }
    Send(request + "\r\n" + std::string(body));
    return Read(method == "HEAD");
  }

  TestAnswer Read(bool head_only = false) {
    TestAnswer answer;
    size_t end = 0;
    while ((end = waiting_.find("\r\n\r\n")) == std::string::npos) {
      if (!More()) return answer;
    }
    ParseHead(std::string_view(waiting_).substr(0, end), answer);
    waiting_.erase(0, end + 4);
    if (head_only || answer.status == 304 || answer.status == 204 || answer.status == 100) {
      answer.complete = true;
      return answer;
    }
    const size_t length =
        std::strtoull(std::string(answer.headers.Get("Content-Length")).c_str(), nullptr, 10);
    while (waiting_.size() < length && More()) {
    }
    answer.complete = waiting_.size() >= length;
    answer.body = waiting_.substr(0, length);
    waiting_.erase(0, length);
    return answer;
  }

  // Whatever has come and comes with one more read; "" when the connection ended.
  std::string ReadSome() {
    if (waiting_.empty()) More();
    return std::exchange(waiting_, {});
  }
  bool More() {
    char buffer[65536];
    const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
    if (n <= 0) return false;
    waiting_.append(buffer, static_cast<size_t>(n));
    return true;
  }
  int fd() const { return fd_; }

 private:
  static void ParseHead(std::string_view head, TestAnswer& answer) {
    answer.status = std::atoi(std::string(head.substr(9, 3)).c_str());
    size_t at = head.find("\r\n");
    while (at != std::string_view::npos && at + 2 < head.size()) {
      const size_t end = std::min(head.find("\r\n", at + 2), head.size());
      const std::string_view line = head.substr(at + 2, end - at - 2);
      const size_t colon = line.find(": ");
      if (colon != std::string_view::npos) {
        answer.headers.Add(std::string(line.substr(0, colon)), std::string(line.substr(colon + 2)));
      }
      at = end == head.size() ? std::string_view::npos : end;
    }
  }

  int fd_;
  std::string waiting_;
};

}  // namespace valise::http
