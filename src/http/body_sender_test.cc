#include "http/body_sender.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>

namespace valise::http {
namespace {

// A body of pieces of many sizes, some in memory, some in a file; every byte is known.
class MixedBody final : public BodySource {
 public:
  explicit MixedBody(std::vector<size_t> lengths) : lengths_(std::move(lengths)) {
    std::mt19937_64 random(7);
    size_t total = 0;
    for (const size_t length : lengths_) total += length;
    content_.resize(total);
    for (char& c : content_) c = static_cast<char>(random());
    file_ = *File::Temporary("/tmp");
    EXPECT_TRUE(file_.WriteAt(0, AsBytes(content_)).has_value());
  }
  uint64_t size() const override { return content_.size(); }
  Status ForEachPiece(ByteRange range, const Visit& visit) override {
    uint64_t at = 0;
    for (size_t i = 0; i < lengths_.size(); at += lengths_[i++]) {
      const uint64_t from = std::max(at, range.offset),
                     end = std::min(at + lengths_[i], range.end());
      if (from >= end) continue;
      BodyPiece piece{.bytes = std::string_view(content_).substr(from, end - from),
                      .fd = -1,
                      .offset = from,
                      .length = end - from};
      if (i % 2 == 1) piece = {.bytes = {}, .fd = file_.fd(), .offset = from, .length = end - from};
      RETURN_IF_ERROR(visit(piece));
    }
    return {};
  }
  const std::string& content() const { return content_; }
  void Truncate(uint64_t to) { ASSERT_EQ(ftruncate(file_.fd(), static_cast<off_t>(to)), 0); }

 private:
  std::vector<size_t> lengths_;
  std::string content_;
  File file_;
};

struct SocketPair {
  int server = -1, client = -1;
  SocketPair() {
    int both[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, both), 0);
    server = both[0];
    client = both[1];
  }
  ~SocketPair() {
    close(server);
    close(client);
  }
  // Reads up to `most` bytes of what is there.
  void Drain(std::string& to, size_t most) const {
    std::string buffer(most, 0);
    const ssize_t n = read(client, buffer.data(), most);
    if (n > 0) to.append(buffer, 0, static_cast<size_t>(n));
  }
};

std::string Deliver(BodySource& body, ByteRange range, size_t read_size, bool release) {
  SocketPair sockets;
  BufferPool pool;
  BodySender sender(sockets.server, "HEAD", &body, range, pool);
  std::string got;
  for (int round = 0; round < 1'000'000; ++round) {
    const auto outcome = sender.Run();
    if (outcome == BodySender::Outcome::kFailed) return "failed: " + sender.error().message;
    if (release) sender.ReleaseBuffer();
    sockets.Drain(got, read_size);
    if (outcome == BodySender::Outcome::kDone) break;
  }
  EXPECT_EQ(sender.sent(), range.length + 4);
  while (got.size() < range.length + 4) sockets.Drain(got, 1 << 20);
  return got;
}

const std::vector<size_t> kLengths = {30,     35'000,  76,      65'536,    76, 65'537,
                                      100,    900'000, 300'000, 2'500'000, 1,  64'000,
                                      64'000, 64'000,  64'000,  64'000,    22};

TEST(BodySender, EveryByteInOrderWhateverTheClientReads) {
  MixedBody body(kLengths);
  for (const size_t read_size : {size_t{4'000}, size_t{100'000}, size_t{5'000'000}}) {
    for (const bool release : {false, true}) {
      const std::string got = Deliver(body, {0, body.size()}, read_size, release);
      EXPECT_TRUE(got == "HEAD" + body.content()) << read_size << " " << release;
    }
  }
}

TEST(BodySender, RandomRanges) {
  MixedBody body(kLengths);
  std::mt19937_64 random(11);
  for (int i = 0; i < 60; ++i) {
    const uint64_t offset = random() % body.size();
    const uint64_t length = random() % (body.size() - offset) + 1;
    const std::string got = Deliver(body, {offset, length}, 300'000, i % 2 == 0);
    ASSERT_TRUE(got == "HEAD" + body.content().substr(offset, length)) << offset << "+" << length;
  }
}

TEST(BodySender, HeadAlone) {
  SocketPair sockets;
  BufferPool pool;
  BodySender sender(sockets.server, "only this", nullptr, {}, pool);
  EXPECT_EQ(sender.Run(), BodySender::Outcome::kDone);
  std::string got;
  sockets.Drain(got, 100);
  EXPECT_EQ(got, "only this");
}

TEST(BodySender, AFileThatBecameShorterFails) {
  for (const size_t length : {size_t{50'000}, size_t{500'000}}) {
    MixedBody body({10, length});
    body.Truncate(1000);
    EXPECT_EQ(Deliver(body, {0, body.size()}, 1 << 20, false),
              "failed: a piece of a download is shorter than it was");
  }
}

TEST(BodySender, AClientThatWentFails) {
  MixedBody body({3'000'000});
  SocketPair sockets;
  shutdown(sockets.client, SHUT_RDWR);
  BufferPool pool;
  BodySender sender(sockets.server, "", &body, {0, body.size()}, pool);
  EXPECT_EQ(sender.Run(), BodySender::Outcome::kFailed);
}

TEST(BodySender, ManyStalledClientsShareFewBuffers) {
  MixedBody body({60'000, 60'000, 60'000, 60'000, 60'000, 60'000, 60'000, 60'000});
  BufferPool pool;
  std::vector<std::unique_ptr<SocketPair>> sockets;
  std::vector<std::unique_ptr<BodySender>> senders;
  for (size_t i = 0; i < 3 * BufferPool::kMaxHeld; ++i) {
    sockets.push_back(std::make_unique<SocketPair>());
    senders.push_back(std::make_unique<BodySender>(sockets.back()->server, "", &body,
                                                   ByteRange{0, body.size()}, pool));
    ASSERT_EQ(senders.back()->Run(), BodySender::Outcome::kBlocked);
  }
  EXPECT_TRUE(pool.MayHold());
}

}  // namespace
}  // namespace valise::http
