#include "multipart.h"

#include <gtest/gtest.h>

#include <vector>

namespace valise::host {
namespace {

struct Taken final : PartTaker {
  struct Part {
    PartHead head;
    std::string data;
    bool ended = false;
  };
  Status Begin(const PartHead& head) override {
    parts.push_back({head, "", false});
    return {};
  }
  Status Data(std::string_view bytes) override {
    parts.back().data += bytes;
    return {};
  }
  Status End() override {
    parts.back().ended = true;
    return {};
  }
  std::vector<Part> parts;
};

constexpr std::string_view kForm =
    "--xY\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nHello\r\n--not it\r\n"
    "--xY\r\ncontent-disposition: form-data; name=\"media\"; filename=\"a.jpg\"\r\n"
    "Content-Type: image/jpeg\r\n\r\n\xFF\xD8\r\n\r\n--x\r\n--xY\r\n"
    "Content-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--xY--\r\n";

TEST(Multipart, PartsComeWholeHoweverTheyAreCut) {
  for (size_t step = 1; step <= kForm.size(); ++step) {
    Taken taken;
    Multipart parser("xY", taken);
    for (size_t at = 0; at < kForm.size(); at += step) {
      ASSERT_TRUE(parser.Write(kForm.substr(at, step)).has_value()) << step;
    }
    ASSERT_TRUE(parser.Finish().has_value()) << step;
    ASSERT_EQ(taken.parts.size(), 3u);
    EXPECT_EQ(taken.parts[0].head.name, "text");
    EXPECT_FALSE(taken.parts[0].head.is_file);
    EXPECT_EQ(taken.parts[0].data, "Hello\r\n--not it");
    EXPECT_TRUE(taken.parts[1].head.is_file);
    EXPECT_EQ(taken.parts[1].head.file_name, "a.jpg");
    EXPECT_EQ(taken.parts[1].data, "\xFF\xD8\r\n\r\n--x");
    EXPECT_EQ(taken.parts[2].data, "");
    EXPECT_TRUE(taken.parts[2].ended);
  }
}

TEST(Multipart, ACutFormIsNotWhole) {
  for (size_t end = 0; end < kForm.size() - 4; ++end) {
    Taken taken;
    Multipart parser("xY", taken);
    static_cast<void>(parser.Write(kForm.substr(0, end)));
    EXPECT_FALSE(parser.Finish().has_value()) << end;
  }
}

TEST(Multipart, MalformedFormsAreRefused) {
  for (const std::string& bad :
       {std::string("--b\r\nContent-Type: x\r\n\r\nno name\r\n--b--"), std::string("--bxx\r\n"),
        std::string("--b\r\nContent-Disposition: form-data; name=\"x\r\n\r\n"),
        "--b\r\n" + std::string(Multipart::kMaxHead + 1, 'a')}) {
    Taken taken;
    Multipart parser("b", taken);
    EXPECT_FALSE(parser.Write(bad).has_value()) << bad.substr(0, 40);
  }
  Taken taken;
  Multipart parser("b", taken);
  Status status;
  for (size_t i = 0; i <= Multipart::kMaxParts && status.has_value(); ++i) {
    status = parser.Write("--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nx\r\n");
  }
  EXPECT_EQ(status.error().code, ErrorCode::kLimitExceeded);
}

TEST(Multipart, TheBoundaryIsInTheType) {
  EXPECT_EQ(Multipart::BoundaryOf("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(Multipart::BoundaryOf("Multipart/Form-Data; boundary=\"a b\"; x=y"), "a b");
  for (const std::string& none :
       {std::string("application/json"), std::string("multipart/form-data"),
        std::string("multipart/form-data; boundary="), std::string("multipart/mixed; boundary=a"),
        "multipart/form-data; boundary=" + std::string(71, 'a')}) {
    EXPECT_EQ(Multipart::BoundaryOf(none), std::nullopt) << none;
  }
}

}  // namespace
}  // namespace valise::host
