#include "http/range.h"

#include <gtest/gtest.h>

#include "http/text.h"

namespace valise::http {
namespace {

using Answer = SelectedRange::Answer;
using Outcome = Decision::Outcome;

constexpr SelectedRange kWhole{};
constexpr SelectedRange kUnsatisfiable{Answer::kUnsatisfiable, {}};
SelectedRange Part(uint64_t offset, uint64_t length) { return {Answer::kPart, {offset, length}}; }

TEST(SelectRange, ExamplesOfRfc9110Section14) {
  EXPECT_EQ(SelectRange("bytes=0-499", 10000), Part(0, 500));
  EXPECT_EQ(SelectRange("bytes=500-999", 10000), Part(500, 500));
  EXPECT_EQ(SelectRange("bytes=-500", 10000), Part(9500, 500));
  EXPECT_EQ(SelectRange("bytes=9500-", 10000), Part(9500, 500));
}

TEST(SelectRange, IsCutToTheSize) {
  EXPECT_EQ(SelectRange("bytes=9999-20000", 10000), Part(9999, 1));
  EXPECT_EQ(SelectRange("bytes=0-", 1), Part(0, 1));
  EXPECT_EQ(SelectRange("bytes=-20000", 10000), Part(0, 10000));
}

TEST(SelectRange, BeyondTheEndIsUnsatisfiable) {
  EXPECT_EQ(SelectRange("bytes=10000-", 10000), kUnsatisfiable);
  EXPECT_EQ(SelectRange("bytes=10000-10001", 10000), kUnsatisfiable);
  EXPECT_EQ(SelectRange("bytes=-0", 10000), kUnsatisfiable);
  EXPECT_EQ(SelectRange("bytes=0-", 0), kUnsatisfiable);
  EXPECT_EQ(SelectRange("bytes=-1", 0), kUnsatisfiable);
}

TEST(SelectRange, NumbersBeyond64Bits) {
  EXPECT_EQ(SelectRange("bytes=0-99999999999999999999999999", 10), Part(0, 10));
  EXPECT_EQ(SelectRange("bytes=99999999999999999999999999-", 10), kUnsatisfiable);
  EXPECT_EQ(SelectRange("bytes=-99999999999999999999999999", 10), Part(0, 10));
  EXPECT_EQ(SelectRange("bytes=18446744073709551615-18446744073709551615", 10), kUnsatisfiable);
}

TEST(SelectRange, MalformedIsIgnored) {
  for (const char* field : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-4",
                            "bytes=1-2-3", "bytes=+1-2", "bytes=0x1-2", "bytes 0-1", "items=0-1",
                            "bytes=1", "=0-1", "bytes=--5", "bytes=1 -2", "bytes=0-1x"}) {
    EXPECT_EQ(SelectRange(field, 10000), kWhole) << field;
  }
}

TEST(SelectRange, SeveralRangesGetTheWhole) {
  EXPECT_EQ(SelectRange("bytes=0-1,5-6", 10000), kWhole);
  EXPECT_EQ(SelectRange("bytes=0-0,-1", 10000), kWhole);
}

TEST(SelectRange, UnitIgnoresCaseAndListsMayHoldSpacesAndEmptyElements) {
  EXPECT_EQ(SelectRange("Bytes=0-1", 10), Part(0, 2));
  EXPECT_EQ(SelectRange("bytes= 0-1 ", 10), Part(0, 2));
  EXPECT_EQ(SelectRange("bytes=,0-1, ,", 10), Part(0, 2));
}

class DecideTest : public testing::Test {
 protected:
  Decision Ask(std::initializer_list<std::pair<const char*, std::string>> fields,
               std::string_view method = "GET") {
    Headers headers;
    for (const auto& [name, value] : fields) headers.Add(name, value);
    return Decide(method, headers, {.etag = "\"abc\"", .last_modified = time_}, 1000);
  }
  const Timestamp time_ = FromMillis(784111777'500);  // Sun, 06 Nov 1994 08:49:37.5
  const std::string date_ = "Sun, 06 Nov 1994 08:49:37 GMT";
  const std::string before_ = "Sun, 06 Nov 1994 08:49:36 GMT";
  const std::string after_ = "Sun, 06 Nov 1994 08:49:38 GMT";
};

TEST_F(DecideTest, PlainGetIsTheWhole) {
  EXPECT_EQ(Ask({}), (Decision{Outcome::kWhole, {0, 1000}}));
}

TEST_F(DecideTest, RangeCountsForGetOnly) {
  EXPECT_EQ(Ask({{"Range", "bytes=10-19"}}), (Decision{Outcome::kPart, {10, 10}}));
  EXPECT_EQ(Ask({{"Range", "bytes=10-19"}}, "HEAD"), (Decision{Outcome::kWhole, {0, 1000}}));
  EXPECT_EQ(Ask({{"Range", "bytes=1000-"}}).outcome, Outcome::kUnsatisfiable);
}

TEST_F(DecideTest, IfRangeNeedsTheStrongTag) {
  EXPECT_EQ(Ask({{"Range", "bytes=1-"}, {"If-Range", "\"abc\""}}).outcome, Outcome::kPart);
  EXPECT_EQ(Ask({{"Range", "bytes=1-"}, {"If-Range", "\"abd\""}}).outcome, Outcome::kWhole);
  EXPECT_EQ(Ask({{"Range", "bytes=1-"}, {"If-Range", "W/\"abc\""}}).outcome, Outcome::kWhole);
  EXPECT_EQ(Ask({{"Range", "bytes=9999-"}, {"If-Range", "\"abd\""}}).outcome, Outcome::kWhole);
}

TEST_F(DecideTest, IfRangeWithADateNeedsTheSameSecond) {
  EXPECT_EQ(Ask({{"Range", "bytes=1-"}, {"If-Range", date_}}).outcome, Outcome::kPart);
  EXPECT_EQ(Ask({{"Range", "bytes=1-"}, {"If-Range", before_}}).outcome, Outcome::kWhole);
  EXPECT_EQ(Ask({{"Range", "bytes=1-"}, {"If-Range", after_}}).outcome, Outcome::kWhole);
  EXPECT_EQ(Ask({{"Range", "bytes=1-"}, {"If-Range", "nonsense"}}).outcome, Outcome::kWhole);
}

TEST_F(DecideTest, IfNoneMatchComparesWeaklyAndBeatsTheDate) {
  EXPECT_EQ(Ask({{"If-None-Match", "\"abc\""}}).outcome, Outcome::kNotModified);
  EXPECT_EQ(Ask({{"If-None-Match", "W/\"abc\""}}).outcome, Outcome::kNotModified);
  EXPECT_EQ(Ask({{"If-None-Match", "\"x,y\", \"abc\""}}).outcome, Outcome::kNotModified);
  EXPECT_EQ(Ask({{"If-None-Match", "*"}}).outcome, Outcome::kNotModified);
  EXPECT_EQ(Ask({{"If-None-Match", "\"x\""}, {"If-Modified-Since", after_}}).outcome,
            Outcome::kWhole);
}

TEST_F(DecideTest, IfModifiedSince) {
  EXPECT_EQ(Ask({{"If-Modified-Since", date_}}).outcome, Outcome::kNotModified);
  EXPECT_EQ(Ask({{"If-Modified-Since", before_}}).outcome, Outcome::kWhole);
  EXPECT_EQ(Ask({{"If-Modified-Since", "yesterday"}}).outcome, Outcome::kWhole);
}

TEST_F(DecideTest, IfMatchComparesStronglyAndComesFirst) {
  EXPECT_EQ(Ask({{"If-Match", "\"abc\""}}).outcome, Outcome::kWhole);
  EXPECT_EQ(Ask({{"If-Match", "*"}}).outcome, Outcome::kWhole);
  EXPECT_EQ(Ask({{"If-Match", "W/\"abc\""}}).outcome, Outcome::kPreconditionFailed);
  EXPECT_EQ(Ask({{"If-Match", "\"x\""}, {"If-None-Match", "\"abc\""}}).outcome,
            Outcome::kPreconditionFailed);
  EXPECT_EQ(Ask({{"If-Unmodified-Since", before_}}).outcome, Outcome::kPreconditionFailed);
  EXPECT_EQ(Ask({{"If-Unmodified-Since", date_}}).outcome, Outcome::kWhole);
}

TEST(RespondWithBody, HeadersOfAPart) {
  Request request;
  request.method = "GET";
  request.headers.Add("Range", "bytes=2-4");
  const Response response = RespondWithBody(request, std::make_shared<StaticBody>("0123456789"),
                                            {"\"t\"", FromSeconds(0)}, {});
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(response.headers.Get("Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(response.headers.Get("ETag"), "\"t\"");
  EXPECT_EQ(response.headers.Get("Last-Modified"), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(response.range, (ByteRange{2, 3}));
}

TEST(RespondWithBody, OnlyTheLastByteCountsAsSent) {
  Request request;
  request.method = "GET";
  request.headers.Add("Range", "bytes=2-4");
  const auto body = std::make_shared<StaticBody>("0123456789");
  EXPECT_FALSE(RespondWithBody(request, body, {"\"t\"", {}}, {}, [] {}).on_sent);
  request.headers.Set("Range", "bytes=5-");
  EXPECT_TRUE(RespondWithBody(request, body, {"\"t\"", {}}, {}, [] {}).on_sent);
}

TEST(RespondWithBody, UnsatisfiableSaysTheSize) {
  Request request;
  request.method = "GET";
  request.headers.Add("Range", "bytes=10-");
  const Response response =
      RespondWithBody(request, std::make_shared<StaticBody>("0123456789"), {"\"t\"", {}}, {});
  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(response.headers.Get("Content-Range"), "bytes */10");
}

}  // namespace
}  // namespace valise::http
