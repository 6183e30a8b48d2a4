#include <gmock/gmock.h>

#include <sstream>

#include "bundle/portable/portable_test.h"

namespace valise::bundle {
namespace {

using account::Kind;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;

Timestamp At(std::string_view text) { return ParseTime(text).value(); }

std::map<std::string, std::string> ParseManifest(const std::string& text) {
  std::map<std::string, std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines[line.substr(66)] = line.substr(0, 64);
  return lines;
}

Selection Only(Kind kind) {
  Selection selection;
  selection.kinds.fill(false);
  selection.kinds[static_cast<size_t>(kind)] = true;
  return selection;
}

TEST_F(PortableTest, HoldsWhatTheFormatSays) {
  const auto plan = PlanOf({});
  EXPECT_EQ(plan->file_name(), "ann.example-2024-07-07.zip");
  EXPECT_EQ(plan->At(0).name, "ann.example-2024-07-07/bagit.txt");
  const auto files = Unpack(*plan);
  for (const char* name : {"START-HERE.html",
                           "viewer/viewer.js",
                           "viewer/data/index.js",
                           "viewer/data/report.js",
                           "viewer/data/posts/2024.js",
                           "viewer/data/media/2024.js",
                           "data/account.json",
                           "data/records/posts/2023.json",
                           "data/records/messages/ann-000001/2024.json",
                           "data/records/media/2024.json",
                           "data/records/media/undated.json",
                           "data/originals/9f1c000000000001/index.json",
                           "data/originals/9f1c000000000001/renamed.json",
                           "data/originals/9f1c000000000001/files/content/posts_1.json",
                           "data/originals/9f1c000000000001/files/_/0.json",
                           "data/originals/9f1c000000000001/files/_/3.json",
                           "data/schema/report.schema.json",
                           "data/schema/post.schema.json",
                           "data/issues.json",
                           "data/report.json",
                           "data/ro-crate-metadata.json",
                           "bag-info.txt",
                           "manifest-sha256.txt",
                           "tagmanifest-sha256.txt"}) {
    EXPECT_THAT(files, Contains(Key(name)));
  }
  EXPECT_THAT(files, Not(Contains(Key("tagmanifest-sha256.txt.minisig"))));
}

TEST_F(PortableTest, ManifestsListEveryFileWithItsDigest) {
  auto files = Files({});
  auto payload = ParseManifest(files["manifest-sha256.txt"]);
  auto tags = ParseManifest(files["tagmanifest-sha256.txt"]);
  uint64_t bytes = 0;
  uint64_t count = 0;
  for (const auto& [name, content] : files) {
    auto& lines = name.starts_with("data/") ? payload : tags;
    if (name == "tagmanifest-sha256.txt") continue;
    EXPECT_EQ(lines[name], Sha256(content).Hex()) << name;
    lines.erase(name);
    bytes += name.starts_with("data/") ? content.size() : 0;
    count += name.starts_with("data/") ? 1 : 0;
  }
  EXPECT_TRUE(payload.empty());
  EXPECT_TRUE(tags.empty());
  EXPECT_THAT(files["bag-info.txt"], HasSubstr(fmt::format("Payload-Oxum: {}.{}\n", bytes, count)));
  EXPECT_THAT(files["bag-info.txt"], HasSubstr("Bagging-Date: 2024-07-07\n"));
}

TEST_F(PortableTest, TwinsWrapTheirDocuments) {
  auto files = Files({});
  int twins = 0;
  for (const auto& [name, content] : files) {
    if (!name.starts_with("data/records/")) continue;
    const std::string twin = "viewer/data/" + name.substr(13, name.size() - 18) + ".js";
    EXPECT_EQ(files[twin], fmt::format("valise(\"{}\",{});", Sha256(content).Hex(), content))
        << twin;
    ++twins;
  }
  EXPECT_EQ(twins, 12);
}

TEST_F(PortableTest, SameHeadSameBytes) {
  const auto first = PlanOf({});
  const auto second = PlanOf({});
  EXPECT_EQ(first->etag(), second->etag());
  EXPECT_EQ(ReadRange(*first, blobs_, {0, first->size()}).value(),
            ReadRange(*second, blobs_, {0, second->size()}).value());
}

TEST_F(PortableTest, OtherChoicesOtherETag) {
  EXPECT_NE(PlanOf({})->etag(), PlanOf(Only(Kind::kPost))->etag());
}

TEST_F(PortableTest, SummaryCountsWhatIsPacked) {
  PlanOf({});
  EXPECT_EQ(summary_.media, 5u);
  EXPECT_EQ(summary_.photos, 4u);
  EXPECT_EQ(summary_.videos, 1u);
  EXPECT_EQ(summary_.records[static_cast<size_t>(Kind::kMessage)], 3u);
  EXPECT_EQ(summary_.missing, 1u);
  EXPECT_EQ(summary_.issues, 2u);
}

TEST_F(PortableTest, MediaHaveTheirOwnTime) {
  const auto plan = PlanOf({});
  for (uint64_t i = 0; i < plan->count(); ++i) {
    const std::string_view name = plan->At(i).name;
    if (!name.ends_with(".mp4") && !name.ends_with("bagit.txt")) continue;
    const Timestamp expected =
        At(name.ends_with(".mp4") ? "2024-03-01T10:00:00Z" : "2024-07-07T20:35:31Z");
    EXPECT_EQ(plan->At(i).time_s, ToSeconds(expected));
  }
}

TEST_F(PortableTest, StartPageNamesTheAccountEscaped) {
  sample_.head().username = "<b>ann";
  auto files = Files({});
  EXPECT_EQ(files["START-HERE.html"],
            "<html><body><p>@&lt;b&gt;ann · 2024-07-07T20:35:31Z</p></body></html>");
  EXPECT_EQ(PlanOf({})->file_name(), "_b_ann-2024-07-07.zip");
}

class AbsentRecords : public PortableTest {
 protected:
  void SetUp() override {
    std::vector<account::Record> posts;
    for (const int month : {1, 2, 3}) {
      account::Post post;
      post.time = At(fmt::format("2023-0{}-01T10:00:00Z", month));
      if (month != 2) post.absent_since = At("2024-04-03T00:00:00Z");
      posts.emplace_back(std::move(post));
    }
    sample_.AddDocument("posts/2023", std::move(posts));
    sample_.Finish();
  }
};

TEST_F(AbsentRecords, AreCountedInTheReport) {
  EXPECT_THAT(Files({})["data/report.json"],
              HasSubstr(R"("post":{"expected":3,"packed":3,"absent":2})"));
  Selection some;
  some.until = At("2023-02-02T00:00:00Z");
  EXPECT_THAT(Files(some)["data/report.json"],
              HasSubstr(R"("post":{"expected":3,"packed":2,"absent":1})"));
}

TEST_F(PortableTest, ReportAddsUp) {
  auto files = Files({});
  const std::string& report = files["data/report.json"];
  EXPECT_THAT(report, HasSubstr(R"("post":{"expected":3,"packed":3})"));
  EXPECT_THAT(report, HasSubstr(R"("media":{"expected":5,"packed":5,)"));
  EXPECT_THAT(report,
              HasSubstr(R"("missing":{"count":1,"reasons":[{"reason":"not_in_archive","count":1}],)"
                        R"("files":[{"path":"media/posts/gone.jpg","kind":"post",)"
                        R"("time":"2024-06-01T10:00:00Z","reason":"not_in_archive"}]})"));
  EXPECT_THAT(report,
              HasSubstr(R"("files":{"received":5,"parsed":1,"medium":1,"kept":2,"junk":1})"));
  // The two that are kept came before there were categories.
  EXPECT_THAT(report, HasSubstr(R"("kept":[{"category":"other","files":2,"bytes":30}])"));
  EXPECT_THAT(report, HasSubstr(R"("issues_total":2)"));
  EXPECT_EQ(files["viewer/data/report.js"], "valise(\"report\"," + report + ");\n");
}

TEST_F(PortableTest, MissingMediaAreOfTheChosenRecords) {
  Selection selection;
  selection.until = At("2024-05-01T00:00:00Z");
  EXPECT_THAT(Files(selection)["data/report.json"],
              HasSubstr(R"("missing":{"count":0,"reasons":[],"files":[]})"));
  EXPECT_EQ(summary_.missing, 0u);
  selection.from = At("2024-05-01T00:00:00Z");
  selection.until = std::nullopt;
  EXPECT_THAT(Files(selection)["data/report.json"],
              HasSubstr(R"("files":[{"path":"media/posts/gone.jpg","kind":"post",)"));
  EXPECT_EQ(summary_.missing, 1u);
  Files(Only(Kind::kStory));
  EXPECT_EQ(summary_.missing, 0u);
}

TEST_F(PortableTest, AMediumThatCameDamagedIsNamedSo) {
  account::Post post{{}, At("2022-06-01T10:00:00Z"), "post", "torn"};
  post.media = {{.path = "posts/torn.jpg"}, {.path = "torn.jpg"}};
  SampleAccount account(blobs_);
  account.AddDocument("posts/2022", {post});
  account.AddImport({.id = "9f1c000000000002", .service = "instagram"},
                    {{.path = "media/posts/torn.jpg", .fate = account::Fate::kBroken}});
  account.Finish();
  auto writer = PlanWriter::Create(folder_.path() / "damaged").value();
  const PlanSummary summary = format_.Plan(account.account(), {}, *writer, nullptr).value();
  EXPECT_EQ(summary.missing, 2u);
  EXPECT_EQ(summary.damaged, 1u);
  const std::string report =
      Unpack(*Plan::Open(folder_.path() / "damaged").value())["data/report.json"];
  EXPECT_THAT(report, HasSubstr(R"("reasons":[{"reason":"not_in_archive","count":1},)"
                                R"({"reason":"damaged","count":1}])"));
  EXPECT_THAT(report, HasSubstr(R"({"path":"posts/torn.jpg","kind":"post",)"
                                R"("time":"2022-06-01T10:00:00Z","reason":"damaged"})"));
}

TEST_F(PortableTest, OnlyDocumentsThatMissSomethingAreRead) {
  for (const library::DocumentRow& row : sample_.head().documents) {
    if (row.missing != 0) continue;
    EXPECT_TRUE(blobs_.Delete(row.digest).has_value());
  }
  PlanOf({});
  EXPECT_EQ(summary_.missing, 1u);
}

TEST_F(PortableTest, NamesAtMostAThousandMissingMedia) {
  std::vector<account::Record> posts;
  for (int i = 0; i < 30; ++i) {
    account::Post post{{}, At("2022-06-01T10:00:00Z"), "post", ""};
    for (int n = 0; n < 50; ++n) post.media.push_back({.path = fmt::format("media/{}_{}", i, n)});
    posts.emplace_back(post);
  }
  SampleAccount account(blobs_);
  account.AddDocument("posts/2022", posts);
  account.Finish();
  auto writer = PlanWriter::Create(folder_.path() / "many").value();
  EXPECT_EQ(format_.Plan(account.account(), {}, *writer, nullptr).value().missing, 1500u);
  const std::string report =
      Unpack(*Plan::Open(folder_.path() / "many").value())["data/report.json"];
  EXPECT_THAT(report, HasSubstr(R"({"reason":"not_in_archive","count":1500})"));
  EXPECT_THAT(report, HasSubstr(R"("media/19_49")"));
  EXPECT_THAT(report, Not(HasSubstr(R"("media/20_0")")));
}

TEST_F(PortableTest, SignatureIsInNoManifest) {
  SystemRandom random;
  const bag::SigningKey key = bag::SigningKey::Generate(random);
  const auto plan = PlanOf({}, &key);
  auto files = Unpack(*plan);
  const auto signature = bag::Signature::Parse(files["tagmanifest-sha256.txt.minisig"]).value();
  EXPECT_TRUE(
      bag::CheckSignature(signature, AsBytes(files["tagmanifest-sha256.txt"]), key.public_key()));
  EXPECT_THAT(files["tagmanifest-sha256.txt"], Not(HasSubstr("minisig")));
  EXPECT_EQ(signature.trusted_comment,
            "valise ann.example-2024-07-07.zip head:" + sample_.account().head_digest.Hex());
  EXPECT_EQ(PlanOf({}, &key)->etag(), plan->etag());
}

// ---- choices -------------------------------------------------------------------------------

TEST_F(PortableTest, OneKindBringsItsMediaOnly) {
  auto files = Files(Only(Kind::kStory));
  EXPECT_THAT(files, Contains(Key("data/records/stories/2024.json")));
  EXPECT_THAT(files, Not(Contains(Key("data/records/posts/2024.json"))));
  EXPECT_THAT(files, Not(Contains(Key("data/originals/9f1c000000000001/index.json"))));
  EXPECT_THAT(files, Not(Contains(Key("data/records/media/2023.json"))));
  EXPECT_EQ(summary_.media, 1u);
  EXPECT_EQ(summary_.videos, 1u);
  EXPECT_THAT(files["data/records/media/2024.json"], HasSubstr("video/mp4"));
  EXPECT_THAT(files["data/records/media/2024.json"], Not(HasSubstr("image/jpeg")));
}

TEST_F(PortableTest, MessagesBringTheirConversations) {
  const auto files = Files(Only(Kind::kMessage));
  EXPECT_THAT(files, Contains(Key("data/records/conversations.json")));
  EXPECT_EQ(summary_.media, 1u);
}

TEST_F(PortableTest, WithoutPhotosOnlyVideosAreLeft) {
  Selection selection;
  selection.photos = false;
  const auto files = Files(selection);
  EXPECT_EQ(summary_.photos, 0u);
  EXPECT_EQ(summary_.videos, 1u);
  EXPECT_THAT(files, Contains(Key("data/records/posts/2024.json")));
}

TEST_F(PortableTest, OriginalsCanBeLeftOut) {
  Selection selection;
  selection.originals = false;
  const auto files = Files(selection);
  for (const auto& [name, content] : files)
    EXPECT_FALSE(name.starts_with("data/originals/")) << name;
  EXPECT_EQ(summary_.media, 5u);
}

TEST_F(PortableTest, DatesCutTheEdges) {
  Selection selection;
  selection.from = At("2024-01-15T00:00:00Z");
  selection.until = At("2024-05-01T00:00:00Z");
  auto files = Files(selection);
  EXPECT_THAT(files, Not(Contains(Key("data/records/posts/2023.json"))));
  EXPECT_THAT(files["data/records/posts/2024.json"], HasSubstr("says "));
  EXPECT_THAT(files["data/records/posts/2024.json"], Not(HasSubstr("lost")));
  EXPECT_THAT(files["data/records/messages/ann-000001/2024.json"], HasSubstr("look"));
  EXPECT_THAT(files["data/records/messages/ann-000001/2024.json"], Not(HasSubstr("later")));
  EXPECT_THAT(files["data/records/conversations.json"], HasSubstr("\"Ann\""));
  EXPECT_THAT(files["data/records/conversations.json"], Not(HasSubstr("\"Bob\"")));
  EXPECT_THAT(files, Contains(Key("data/records/profile.json")));
  EXPECT_THAT(files, Not(Contains(Key("data/records/comments/undated.json"))));
  EXPECT_THAT(files, Not(Contains(Key("data/records/connections/follower.json"))));
  EXPECT_EQ(summary_.media, 3u);
  EXPECT_EQ(summary_.records[static_cast<size_t>(Kind::kPost)], 1u);
}

TEST_F(PortableTest, CutDocumentsHaveTwinsAndManifestLines) {
  Selection selection;
  selection.until = At("2024-05-01T00:00:00Z");
  auto files = Files(selection);
  const std::string& posts = files["data/records/posts/2024.json"];
  EXPECT_EQ(files["viewer/data/posts/2024.js"],
            fmt::format("valise(\"{}\",{});", Sha256(posts).Hex(), posts));
  EXPECT_EQ(ParseManifest(files["manifest-sha256.txt"])["data/records/posts/2024.json"],
            Sha256(posts).Hex());
  EXPECT_EQ(ParseManifest(files["tagmanifest-sha256.txt"])["viewer/data/posts/2024.js"],
            Sha256(files["viewer/data/posts/2024.js"]).Hex());
  EXPECT_THAT(files["viewer/data/index.js"], HasSubstr(Sha256(posts).Hex()));
}

TEST_F(PortableTest, DocumentsWhollyInsideAreTakenAsTheyAre) {
  Selection selection;
  selection.from = At("2023-01-01T00:00:00Z");
  selection.until = At("2024-01-01T00:00:00Z");
  const auto plan = PlanOf(selection);
  const auto whole = PlanOf({});
  const auto blob_of = [](const Plan& in, std::string_view suffix) -> std::optional<Digest> {
    for (uint64_t i = 0; i < in.count(); ++i) {
      if (in.At(i).name.ends_with(suffix) && in.BodyAt(i).in_blob) return in.BodyAt(i).blob;
    }
    return std::nullopt;
  };
  ASSERT_TRUE(blob_of(*plan, "posts/2023.json").has_value());
  EXPECT_EQ(blob_of(*plan, "posts/2023.json"), blob_of(*whole, "posts/2023.json"));
}

TEST_F(PortableTest, NothingInTheDatesIsStillABundle) {
  Selection selection;
  selection.until = At("2001-01-01T00:00:00Z");
  const auto files = Files(selection);
  EXPECT_THAT(files, Contains(Key("data/records/profile.json")));
  EXPECT_EQ(summary_.media, 0u);
}

TEST_F(PortableTest, DocumentThatIsGoneIsAnError) {
  Selection selection;
  selection.until = At("2024-05-01T00:00:00Z");
  ASSERT_TRUE(blobs_.Delete(sample_.head().documents.front().digest));
  auto writer = PlanWriter::Create(folder_.path() / "plan").value();
  for (const library::DocumentRow& row : sample_.head().documents) (void)blobs_.Delete(row.digest);
  EXPECT_EQ(format_.Plan(sample_.account(), selection, *writer, nullptr).error().code,
            ErrorCode::kNotFound);
}

TEST_F(PortableTest, DescribeTellsWhatThereIs) {
  const Contents contents = Describe(sample_.head());
  EXPECT_EQ(contents.kinds[static_cast<size_t>(Kind::kPost)].records, 3u);
  EXPECT_GT(contents.kinds[static_cast<size_t>(Kind::kPost)].bytes, 0u);
  EXPECT_EQ(contents.photos, 4u);
  EXPECT_EQ(contents.video_bytes, 90'000u);
  EXPECT_EQ(contents.first, At("2023-01-05T10:00:00Z"));
  EXPECT_EQ(contents.last, At("2024-09-05T10:00:00Z"));
}

TEST_F(PortableTest, RandomRangesAreTheSlices) {
  const auto plan = PlanOf({});
  const std::string whole = ReadRange(*plan, blobs_, {0, plan->size()}).value();
  for (uint64_t i = 0; i < 300; ++i) {
    const uint64_t offset = i * 7'919 % whole.size();
    const uint64_t length = std::min<uint64_t>(i * 131, whole.size() - offset);
    ASSERT_EQ(ReadRange(*plan, blobs_, {offset, length}).value(), whole.substr(offset, length));
  }
}

}  // namespace
}  // namespace valise::bundle
