#include "bring/imports.h"

#include <gtest/gtest.h>

#include "imports/test_source.h"
#include "zip/test_zip.h"

namespace valise::bring {
namespace {

using Next = jobs::Outcome::Next;

const imports::NotesSource kNotes;
const services::Source* const kSources[] = {&kNotes};

std::string Notes(std::string_view text) {
  const zip::TestEntry entries[] = {{.name = "root/data/a.txt", .content = std::string(text)}};
  return zip::MakeTestZip(entries);
}

class BringTest : public testing::Test {
 protected:
  BringTest() {
    accounts_ = *library::Accounts::Open(*database_);
    queue_ = *jobs::Queue::Open({*database_, clock_, random_});
    account_ = *accounts_->Create(
        {.id = "00000000000000aa", .service = "notes", .username = "me", .owner = "u"});
    Start();
  }
  void Start() {
    imports_.reset();
    uploads_ =
        *Uploads::Open({*database_, clock_, random_}, {.folder = folder_.path() / "uploads"});
    imports_ = *Imports::Open(
        {.database = *database_,
         .queue = *queue_,
         .uploads = *uploads_,
         .accounts = *accounts_,
         .sources = kSources,
         .clock = clock_,
         .random = random_,
         .open_library = [this](std::string_view id) -> Result<std::shared_ptr<library::Library>> {
           ASSIGN_OR_RETURN(auto library, library::Library::Open(*accounts_, folder_.path(), id));
           return std::shared_ptr<library::Library>(std::move(library));
         },
         .changed = [this](std::string_view id) { OnChange(id); },
         .new_head = [this](std::string_view id) { new_heads_.emplace_back(id); }});
  }
  void OnChange(std::string_view id) {
    if (const auto now = imports_->Get(id); now.has_value()) {
      if (states_.empty() || states_.back() != now->state) states_.push_back(now->state);
    }
    if (on_change_) on_change_(std::string(id));
  }
  std::string Upload(std::string_view bytes, std::string_view name = "notes.zip",
                     std::string_view account = "00000000000000aa") {
    const auto made = *uploads_->Create({.account_id = std::string(account),
                                         .user_id = "u",
                                         .name = std::string(name),
                                         .length = bytes.size()});
    const auto writer = *uploads_->Write(made.id, 0, false);
    CHECK(writer->Write(AsBytes(bytes)).has_value());
    CHECK(writer->Finish().has_value());
    return made.id;
  }
  ArchiveImport Ask(std::vector<std::string> uploads) {
    auto one = imports_->Ask(*accounts_->Get(account_.id), "u", std::move(uploads));
    EXPECT_TRUE(one.has_value()) << one.error().message;
    return one.has_value() ? *one : ArchiveImport{};
  }
  jobs::Outcome RunOne() {
    auto job = *queue_->Take(std::chrono::minutes{5});
    CHECK(job.has_value());
    const jobs::Outcome outcome = imports_->Work(*job);
    CHECK((outcome.next == Next::kDone
               ? queue_->Done(*job)
               : queue_->Retry(*job, outcome.next == Next::kLater ? outcome.due : clock_.Now(),
                               outcome.error))
              .has_value());
    return outcome;
  }
  // Asks and works it off.
  ArchiveImport Bring(std::vector<std::string> uploads) {
    const std::string id = Ask(std::move(uploads)).id;
    EXPECT_EQ(RunOne().next, Next::kDone);
    return *imports_->Get(id);
  }
  uint64_t Posts(std::string_view account) {
    const auto library = *library::Library::Open(*accounts_, folder_.path(), account);
    const auto snapshot = *library->Current();
    if (!snapshot) return 0;
    return snapshot->head.counts.records[static_cast<size_t>(account::Kind::kPost)];
  }

  TemporaryFolder folder_;
  ManualClock clock_{FromSeconds(1'720'000'000)};
  SystemRandom random_;
  std::unique_ptr<sql::Database> database_ = *sql::OpenSqliteInMemory();
  std::unique_ptr<library::Accounts> accounts_;
  std::unique_ptr<jobs::Queue> queue_;
  std::unique_ptr<Uploads> uploads_;
  std::unique_ptr<Imports> imports_;
  library::AccountRow account_;
  std::vector<ImportState> states_;
  std::vector<std::string> new_heads_;
  std::function<void(const std::string&)> on_change_;
};

TEST_F(BringTest, AnArchiveIsTakenInAndReported) {
  const ArchiveImport one = Bring({Upload(Notes("@me\n100 hello\n200 again\nnonsense\n"))});
  EXPECT_EQ(one.state, ImportState::kDone);
  EXPECT_EQ(states_,
            (std::vector{ImportState::kChecking, ImportState::kImporting, ImportState::kDone}));
  EXPECT_EQ(one.found_username, "me");
  EXPECT_TRUE(one.report.contains(R"("posts":{"found":2,"new":2,"merged":0,"already":0)"))
      << one.report;
  EXPECT_TRUE(one.report.contains(R"("files":{"received":1,"parsed":1,"medium":0)"));
  EXPECT_TRUE(one.report.contains(R"("kept":[])"));
  EXPECT_TRUE(one.report.contains(R"("code":"not_understood")"));
  EXPECT_EQ(Posts(account_.id), 2u);
  EXPECT_EQ(new_heads_, std::vector<std::string>{account_.id});
  EXPECT_TRUE(uploads_->OfAccount(account_.id)->empty());
}

TEST_F(BringTest, PartsAreOneArchive) {
  const zip::TestEntry second[] = {{.name = "root/data/b.txt", .content = "300 in part two\n"}};
  const ArchiveImport one = Bring({Upload(Notes("@me\n100 hello\n"), "notes-1.zip"),
                                   Upload(zip::MakeTestZip(second), "notes-2.zip")});
  EXPECT_EQ(one.state, ImportState::kDone) << one.error_message;
  EXPECT_EQ(Posts(account_.id), 2u);
}

TEST_F(BringTest, SomebodyElsesArchiveIsStoppedAndBecomesASecondAccount) {
  Bring({Upload(Notes("@me\n100 hello\n"))});
  const ArchiveImport other = Bring({Upload(Notes("@paul\n100 his\n200 his too\n"))});
  EXPECT_EQ(other.state, ImportState::kOtherAccount);
  EXPECT_EQ(other.found_username, "paul");
  EXPECT_EQ(Posts(account_.id), 1u);
  ASSERT_TRUE(imports_->Decide(other.id, Decision::kSecondAccount).has_value());
  EXPECT_EQ(RunOne().next, Next::kDone);
  const ArchiveImport done = *imports_->Get(other.id);
  EXPECT_EQ(done.state, ImportState::kDone) << done.error_message;
  EXPECT_NE(done.account_id, account_.id);
  EXPECT_EQ(accounts_->Get(done.account_id)->username, "paul");
  EXPECT_EQ(accounts_->Get(done.account_id)->owner, "u");
  EXPECT_EQ(Posts(done.account_id), 2u);
  EXPECT_EQ(Posts(account_.id), 1u);
  // Another archive of Paul's goes there too.
  const ArchiveImport again = Bring({Upload(Notes("@Paul\n300 later\n"))});
  ASSERT_TRUE(imports_->Decide(again.id, Decision::kSecondAccount).has_value());
  RunOne();
  EXPECT_EQ(imports_->Get(again.id)->account_id, done.account_id);
  EXPECT_EQ(Posts(done.account_id), 3u);
}

TEST_F(BringTest, AfterARenameItIsTheSamePerson) {
  Bring({Upload(Notes("@me\n100 hello\n"))});
  const ArchiveImport renamed = Bring({Upload(Notes("@me.now\n200 again\n"))});
  ASSERT_EQ(renamed.state, ImportState::kOtherAccount);
  ASSERT_TRUE(imports_->Decide(renamed.id, Decision::kThisAccount).has_value());
  EXPECT_EQ(imports_->Decide(renamed.id, Decision::kSecondAccount).error().code,
            ErrorCode::kConflict);
  RunOne();
  EXPECT_EQ(Posts(account_.id), 2u);
  EXPECT_EQ(accounts_->OfOwner("u")->size(), 1u);
}

TEST_F(BringTest, AnAccountWithoutAServiceTakesItsNames) {
  account_ = *accounts_->Create({.id = "00000000000000bb", .owner = "u"});
  const ArchiveImport one =
      Bring({Upload(Notes("@somebody\n100 hello\n"), "notes.zip", account_.id)});
  EXPECT_EQ(one.state, ImportState::kDone) << one.error_message;
  const library::AccountRow now = *accounts_->Get(account_.id);
  EXPECT_EQ(now.service, "notes");
  EXPECT_EQ(now.username, "somebody");
}

TEST_F(BringTest, WhatIsNoArchiveFailsInWords) {
  const ArchiveImport text = Bring({Upload("this is not a ZIP")});
  EXPECT_EQ(text.state, ImportState::kFailed);
  EXPECT_FALSE(text.error_message.empty());
  const zip::TestEntry diary[] = {{.name = "diary/1.txt", .content = "dear"}};
  const ArchiveImport foreign = Bring({Upload(zip::MakeTestZip(diary))});
  EXPECT_EQ(foreign.state, ImportState::kFailed);
  EXPECT_EQ(foreign.error_code, "unsupported");
  EXPECT_EQ(foreign.error_message, "this is a diary, not notes");
  const std::string whole = Notes("@me\n100 hello\n");
  const ArchiveImport cut = Bring({Upload(whole.substr(0, whole.size() - 30))});
  EXPECT_EQ(cut.state, ImportState::kFailed);
  EXPECT_EQ(Posts(account_.id), 0u);
  EXPECT_TRUE(uploads_->OfAccount(account_.id)->empty());
}

TEST_F(BringTest, AServerThatStopsGoesOnLater) {
  const std::string id = Ask({Upload(Notes("@me\n100 hello\n"))}).id;
  imports_->Stop();
  EXPECT_EQ(RunOne().next, Next::kLater);
  EXPECT_EQ(imports_->Get(id)->state, ImportState::kImporting);
  EXPECT_EQ(uploads_->OfAccount(account_.id)->size(), 1u);
  Start();
  EXPECT_EQ(RunOne().next, Next::kDone);
  EXPECT_EQ(imports_->Get(id)->state, ImportState::kDone);
  EXPECT_EQ(Posts(account_.id), 1u);
}

TEST_F(BringTest, CancelledWhileItRuns) {
  on_change_ = [this](const std::string& id) {
    if (imports_->ProgressOf(id).phase == "storing") {
      EXPECT_TRUE(imports_->Cancel(id).has_value());
    }
  };
  const ArchiveImport one = Bring({Upload(Notes("@me\n100 hello\n"))});
  EXPECT_EQ(one.state, ImportState::kCancelled);
  EXPECT_EQ(Posts(account_.id), 0u);
  EXPECT_TRUE(uploads_->OfAccount(account_.id)->empty());
  EXPECT_TRUE(imports_->Cancel(one.id).has_value());
}

TEST_F(BringTest, UploadsOfOthersAndHalfOnesAreNotTaken) {
  const std::string mine = Upload(Notes("@me\n100 hello\n"));
  EXPECT_EQ(imports_->Ask(account_, "other", {mine}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(imports_->Ask(account_, "u", {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(imports_->Ask(account_, "u", {mine, mine}).error().code, ErrorCode::kConflict);
  const auto half = *uploads_->Create(
      {.account_id = account_.id, .user_id = "u", .name = "half.zip", .length = 5});
  EXPECT_EQ(imports_->Ask(account_, "u", {mine, half.id}).error().code, ErrorCode::kConflict);
  // Nothing of that took the good one.
  EXPECT_EQ(Bring({mine}).state, ImportState::kDone);
}

TEST_F(BringTest, UploadsLeftByACrashAreEnded) {
  const std::string used = Upload(Notes("@me\n100 hello\n")), left = Upload("x");
  const std::string ids[] = {left};
  ASSERT_TRUE(uploads_->Take(ids).has_value());
  Ask({used});
  Start();
  EXPECT_EQ(uploads_->Get(left).error().code, ErrorCode::kGone);
  EXPECT_TRUE(uploads_->Get(used).has_value());
}

}  // namespace
}  // namespace valise::bring
