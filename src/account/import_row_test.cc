#include "account/import_row.h"

#include <gtest/gtest.h>

namespace valise::account {
namespace {

TEST(OriginalFile, ComesBackFromADocument) {
  const OriginalFile full{.path = "your_instagram_activity/media/posts_1.json",
                          .fate = Fate::kParsed,
                          .digest = Sha256("x"),
                          .size = 7,
                          .crc = 0xFFFFFFFF,
                          .stored_size = 5,
                          .deflated = true,
                          .type = "image/jpeg",
                          .category = "ads",
                          .seen = 3,
                          .understood = 2};
  const OriginalFile bare{.path = "é\"\n", .fate = Fate::kBroken};
  const auto files = ParseOriginalFiles("[\n" + ToJson(full) + ",\n" + ToJson(bare) + "\n]\n");
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(*files, (std::vector{full, bare}));
  EXPECT_EQ(ToJson(bare), R"({"path":"é\"\n","fate":"broken"})");
}

TEST(OriginalFile, WrongRowsAreNamed) {
  const auto message = [](std::string_view document) {
    const auto files = ParseOriginalFiles(document);
    return files ? std::string("taken") : files.error().message;
  };
  EXPECT_EQ(message("{}"), "list of originals: it is not a JSON array");
  EXPECT_EQ(message("[1]"), "list of originals is not an object");
  EXPECT_EQ(message(R"([{"fate":"kept"}])"), "list of originals: \"path\" is missing");
  EXPECT_EQ(message(R"([{"path":"a","fate":"lost"}])"),
            "list of originals: \"fate\" is not one that is known here");
  EXPECT_EQ(message(R"([{"path":"a","fate":"kept","crc":4294967296}])"),
            "list of originals: \"crc\" is not a whole number of that size");
  EXPECT_EQ(message(R"([{"path":"a","fate":"kept","digest":"12"}])"),
            "list of originals: \"digest\" is not a digest");
  EXPECT_EQ(message(R"([{"path":"a","fate":"kept","colour":1}])"),
            "list of originals has members that are not known here, or twice");
  EXPECT_EQ(message(R"([{"path":"a","path":"b","fate":"kept"}])"),
            "list of originals has members that are not known here, or twice");
}

TEST(ImportInfo, ComesBack) {
  const ImportInfo info{
      .id = "9f1c",
      .service = "instagram",
      .generation = "instagram G3b",
      .date = FromSeconds(1'700'000'000),
      .time = FromMillis(1'700'000'000'123),
      .parts = {"a.zip", "b.zip"},
      .coarse_times = true,
      .zones = {{FromSeconds(1'500'000'000), 120}, {FromSeconds(1'600'000'000), -90}},
      .spans = {{Kind::kPost, "reel", FromSeconds(1), FromSeconds(2)},
                {Kind::kStory, "", FromSeconds(3), FromSeconds(3)}}};
  const auto back = ParseImportInfo(ToJson(info));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, info);
  EXPECT_EQ(ParseImportInfo("{}").error().code, ErrorCode::kCorrupt);
  for (const char* wrong : {R"("zones":[{"from":"1970-01-01T00:00:00Z","minutes":1441}])",
                            R"("zones":[{"minutes":1}])", R"("spans":[{"kind":"tweet"}])",
                            R"("spans":[{"kind":"post","first":"1970-01-01T00:00:00Z"}])"}) {
    const auto refused =
        ParseImportInfo(R"({"time":"1970-01-01T00:00:00Z",)" + std::string(wrong) + "}");
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);
  }
}

TEST(Issue, IsOneLine) {
  EXPECT_EQ(ToJson(Issue{.code = "missing_media", .path = "a.json", .message = "2\n", .count = 2}),
            R"({"code":"missing_media","path":"a.json","message":"2\n","count":2})");
}

TEST(IssueRow, ComesBack) {
  const IssueRow row{"9f1c", {.code = "invalid_json", .path = "a.json", .message = "m"}};
  EXPECT_EQ(ToJson(row),
            R"({"import":"9f1c","code":"invalid_json","path":"a.json","message":"m","count":1})");
  const auto back = ParseIssueRows("[\n" + ToJson(row) + ",\n" + ToJson(row) + "\n]\n");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, (std::vector{row, row}));
  EXPECT_EQ(ParseIssueRows("{}").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(ParseIssueRows(R"([{"code":"a"}])").error().message,
            "list of issues: \"import\" is missing");
}

}  // namespace
}  // namespace valise::account
