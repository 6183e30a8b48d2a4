#include "ingest/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/reconcile.h"
#include "ingest/testing.h"

namespace valise::ingest {
namespace {

using account::Kind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(IngestTest, ALineIsHeldForEachOfItsAccounts) {
  const std::string anna = AddAccount("x1", "anna"), bea = AddAccount("x2", "bea");
  const auto summary = Send(
      R"({"cursor":"1","op":"put","accounts":["x1","x2"],"id":"m1","record":{"kind":"message",)"
      R"("conversation":"c1","time":"2026-11-23T20:00:00Z","sender":"Anna","text":"Hello"}})"
      "\n" +
      PutLine(R"("x1")", "p1", "mine", "2"));
  ASSERT_TRUE(summary.has_value()) << summary.error().message;
  EXPECT_EQ(summary->cursor, "2");
  EXPECT_EQ(summary->lines, 2u);
  EXPECT_EQ(summary->applied, 2u);
  EXPECT_EQ(summary->refused, 0u);
  EXPECT_THAT(Texts(anna), ElementsAre("Hello", "mine"));
  EXPECT_THAT(Texts(bea), ElementsAre("Hello"));
}

TEST_F(IngestTest, SendingAgainChangesNothing) {
  const std::string anna = AddAccount("x1", "anna");
  const std::string body = PutLine(R"("x1")", "p1", "one", "1") +
                           PutLine(R"("x1")", "p2", "two", "2") + DeleteLine("x1", "p2", "3");
  ASSERT_TRUE(Send(body).has_value());
  EXPECT_THAT(Texts(anna), ElementsAre("one"));
  const auto head = Open(anna)->Current();
  ASSERT_TRUE(Send(body).has_value());
  EXPECT_THAT(Texts(anna), ElementsAre("one"));
}

TEST_F(IngestTest, WhatComesLaterWins) {
  const std::string anna = AddAccount("x1", "anna");
  ASSERT_TRUE(Send(PutLine(R"("x1")", "p1", "first", "1") + PutLine(R"("x1")", "p1", "second", "2"))
                  .has_value());
  EXPECT_THAT(Texts(anna), ElementsAre("second"));
  ASSERT_TRUE(Send(PutLine(R"("x1")", "p1", "", "3")).has_value());
  EXPECT_THAT(Texts(anna), ElementsAre(""));
}

TEST_F(IngestTest, ADeleteBeforeItsCreateTakesNothingAway) {
  const std::string anna = AddAccount("x1", "anna");
  ASSERT_TRUE(Send(DeleteLine("x1", "p1", "1")).has_value());
  EXPECT_THAT(Texts(anna), IsEmpty());
  ASSERT_TRUE(Send(PutLine(R"("x1")", "p1", "later", "2")).has_value());
  EXPECT_THAT(Texts(anna), ElementsAre("later"));
}

TEST_F(IngestTest, OneBadLineNeverSpoilsTheStream) {
  const std::string anna = AddAccount("x1", "anna");
  const auto summary =
      Send(PutLine(R"("x1")", "p1", "one", "1") + "nonsense\n" +
           PutLine(R"("x1","nobody")", "p2", "two", "3") + "\n" + std::string(kMaxLine + 5, 'x') +
           "\n" + R"({"cursor":"5","op":"dance"})" + "\n" + PutLine(R"("x1")", "p3", "three", "6"));
  ASSERT_TRUE(summary.has_value()) << summary.error().message;
  EXPECT_EQ(summary->cursor, "6");
  EXPECT_EQ(summary->lines, 7u);
  EXPECT_EQ(summary->applied, 2u);
  EXPECT_EQ(summary->refused, 4u);
  ASSERT_EQ(summary->told.size(), 4u);
  EXPECT_EQ(summary->told[0].line, 2u);
  EXPECT_EQ(summary->told[0].error.code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(summary->told[1].line, 3u);
  EXPECT_EQ(summary->told[1].cursor, "3");
  EXPECT_EQ(summary->told[1].error.code, ErrorCode::kNotFound);
  EXPECT_EQ(summary->told[2].line, 5u);
  EXPECT_EQ(summary->told[2].error.code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(summary->told[3].error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(Texts(anna), ElementsAre("one", "three"));
}

TEST_F(IngestTest, AThousandRefusedLinesAreToldAndAllAreCounted) {
  std::string body;
  for (size_t i = 0; i < kMaxRefusedTold + 10; ++i) body += "x\n";
  const auto summary = Send(body);
  EXPECT_EQ(summary->refused, kMaxRefusedTold + 10);
  EXPECT_EQ(summary->told.size(), kMaxRefusedTold);
}

TEST_F(IngestTest, AStreamCutInTheMiddleGoesOnFromItsCursor) {
  const std::string anna = AddAccount("x1", "anna");
  std::string body = "bad\n";
  for (int i = 0; i < 5'000; ++i) {
    body += PutLine(R"("x1")", fmt::format("p{}", i), fmt::format("text {}", i), std::to_string(i));
  }
  const size_t cut = body.size() * 6 / 10;
  {
    const auto stream = *streams_->Begin(host_, "main");
    // Long pieces are taken in batches; the last, short one brings a batch to its end.
    ASSERT_TRUE(stream->Write(AsBytes(std::string_view(body).substr(0, cut))).has_value());
    ASSERT_TRUE(stream->Write(AsBytes(std::string_view(body).substr(cut, 1'000))).has_value());
    ASSERT_TRUE(stream->Write(AsBytes(std::string_view(body).substr(cut + 1'000, 90'000))));
  }
  ASSERT_TRUE(Cursor().has_value());
  const int reached = std::stoi(*Cursor());
  EXPECT_GT(reached, 2'500);
  EXPECT_LT(reached, 4'999);
  // What it refused and could not tell waits to be asked for.
  EXPECT_THAT(services_->StreamPlace(host_.id, "main")->refused, HasSubstr("\"line\":1"));
  const std::string next = fmt::format(R"("cursor":"{}")", reached);
  const size_t from = body.find('\n', body.find(next)) + 1;
  const auto summary = Send(std::string_view(body).substr(from));
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->cursor, "4999");
  EXPECT_EQ(services_->StreamPlace(host_.id, "main")->refused, "");
  EXPECT_EQ(Texts(anna).size(), 5'000u);
}

TEST_F(IngestTest, TheCursorIsKeptOnlyWithItsRecords) {
  const std::string anna = AddAccount("x1", "anna");
  std::string body;
  while (body.size() < 200'000)
    body += PutLine(R"("x1")", "p1", "text", std::to_string(body.size()));
  const auto stream = *streams_->Begin(host_, "main");
  ASSERT_TRUE(stream->Write(AsBytes(body)).has_value());
  EXPECT_EQ(Cursor(), std::nullopt);  // a long piece: more may come before it is synced
  EXPECT_EQ(stream->Summary().cursor, std::nullopt);
  ASSERT_TRUE(stream->Finish().has_value());
  EXPECT_TRUE(Cursor().has_value());
}

TEST_F(IngestTest, TheNewerOfTwoStreamsOfOneNameIsRight) {
  const std::string anna = AddAccount("x1", "anna");
  const auto older = *streams_->Begin(host_, "main");
  ASSERT_TRUE(older->Write(AsBytes(PutLine(R"("x1")", "p1", "older", "1"))).has_value());
  const auto newer = *streams_->Begin(host_, "main");
  const auto elsewhere = *streams_->Begin(host_, "elsewhere");
  EXPECT_EQ(older->Write(AsBytes(PutLine(R"("x1")", "p1", "late", "2"))).error().code,
            ErrorCode::kConflict);
  ASSERT_TRUE(newer->Write(AsBytes(PutLine(R"("x1")", "p1", "newer", "2"))).has_value());
  EXPECT_TRUE(elsewhere->Finish().has_value());
  EXPECT_TRUE(newer->Finish().has_value());
  EXPECT_THAT(Texts(anna), ElementsAre("newer"));
  EXPECT_EQ(streams_->Begin(host_, "").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(IngestTest, ManyAccountsOfLongLinesDoNotPileUp) {
  std::string accounts;
  for (int i = 0; i < 40; ++i) {
    AddAccount(fmt::format("x{}", i), fmt::format("user{}", i));
    accounts += fmt::format("{}\"x{}\"", i == 0 ? "" : ",", i);
  }
  const auto summary = Send(PutLine(accounts, "p1", std::string(500'000, 't'), "1"));
  ASSERT_TRUE(summary.has_value()) << summary.error().message;
  EXPECT_EQ(summary->applied, 1u);
  const auto last = (*members_->Find(host_, "x39")).account.account_id;
  EXPECT_EQ(Texts(last).at(0).size(), 500'000u);
}

TEST_F(IngestTest, AChangedAccountWillBeSealed) {
  const std::string anna = AddAccount("x1", "anna");
  EXPECT_EQ(*queue_->NextDue(), std::nullopt);
  ASSERT_TRUE(Send(PutLine(R"("x1")", "p1", "one", "1")).has_value());
  EXPECT_EQ(*queue_->NextDue(), clock_.Now() + kSealAfter);
  clock_.Advance(kSealAfter);
  const auto job = *queue_->Take(std::chrono::seconds{10});
  ASSERT_TRUE(job.has_value());
  EXPECT_EQ(job->kind, kSealJob);
  EXPECT_EQ(job->subject, anna);
}

TEST_F(IngestTest, AJournalThatHasGrownLongIsSealedBeforeMoreIsTaken) {
  const std::string anna = AddAccount("x1", "anna");
  const std::string line = PutLine(R"("x1")", "p1", std::string(900'000, 't'), "1");
  const auto stream = *streams_->Begin(host_, "main");
  for (int i = 0; i < 90 && seals_ == 0; ++i) ASSERT_TRUE(stream->Write(AsBytes(line)).has_value());
  EXPECT_EQ(seals_, 1);
  EXPECT_TRUE((*lives_.Get(anna))->IsEmpty());
}

TEST_F(IngestTest, SingleCallsAreDurableAndWaitForALongJournal) {
  const std::string anna = AddAccount("x1", "anna");
  LineParser parser;
  const auto put =
      *parser.ParsePut(Kind::kPost, "p1", R"({"record":{"kind":"post","text":"single"}})");
  ASSERT_TRUE(streams_->Apply(host_, "x1", put).has_value());
  EXPECT_EQ(streams_->Apply(host_, "nobody", put).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(streams_->Apply(other_, "x1", put).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE((*lives_.Get(anna))->IsEmpty());
  ASSERT_TRUE(streams_->Apply(host_, "x1", *DeleteOf(Kind::kPost, "p1")).has_value());
  EXPECT_THAT(Texts(anna), IsEmpty());
  ASSERT_TRUE(streams_->Apply(host_, "x1", put).has_value());
  EXPECT_THAT(Texts(anna), ElementsAre("single"));
  auto large = put;
  std::get<account::Post>(*large.record).text = std::string(3'000'000, 't');
  for (int i = 0; i < 30; ++i) {
    const Status applied = streams_->Apply(host_, "x1", large);
    if (applied.has_value()) continue;
    EXPECT_EQ(applied.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(*queue_->NextDue(), clock_.Now());
    return;
  }
  ADD_FAILURE() << "a journal may grow without an end";
}

// ---- accounts ----

TEST_F(IngestTest, AccountsAreMadeAndRenamedInAnyOrder) {
  const auto put = [&](std::string_view xid, std::string username) {
    return *members_->Put(host_, xid,
                          {.username = std::move(username),
                           .name = "Name",
                           .language = "fr",
                           .address = "someone@host.test"});
  };
  const auto anna = put("x1", "anna"), bea = put("x2", "bea");
  EXPECT_TRUE(anna.is_new);
  EXPECT_FALSE(put("x1", "anna").is_new);
  EXPECT_EQ(put("x1", "anna").account_id, anna.account_id);
  EXPECT_EQ(accounts_->Get(anna.account_id)->username, "anna");
  EXPECT_EQ(accounts_->Get(anna.account_id)->service, "host");
  const auto user = *users_->FindByName("anna@host");
  EXPECT_EQ(user.language, "fr");
  EXPECT_EQ(user.address, "someone@host.test");
  EXPECT_FALSE(user.has_password);
  // Two swap their names: for a while both have one.
  put("x1", "bea");
  EXPECT_EQ(users_->Get(user.id)->name, "bea~x1@host");
  put("x2", "anna");
  put("x1", "bea");
  EXPECT_EQ(users_->Get(user.id)->name, "bea@host");
  EXPECT_EQ(accounts_->Get(bea.account_id)->username, "anna");
  EXPECT_EQ(
      members_->Put(host_, "a/b", {.username = "x", .name = {}, .language = {}, .address = {}})
          .error()
          .code,
      ErrorCode::kInvalidArgument);
}

TEST_F(IngestTest, ANewAccountBeginsWithItsName) {
  const auto made = *members_->Put(
      host_, "x1", {.username = "anna", .name = "Anna A", .language = {}, .address = {}});
  const auto records = Records(made.account_id);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(std::get<account::Profile>(records[0]).name, "Anna A");
  EXPECT_EQ(std::get<account::Profile>(records[0]).username, "anna");
}

TEST_F(IngestTest, OneServiceSeesNothingOfAnother) {
  const std::string anna = AddAccount("x1", "anna");
  EXPECT_EQ(members_->Find(other_, "x1").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(members_->Erase(other_, "x1").has_value());
  EXPECT_TRUE(accounts_->Get(anna).has_value());
  const auto stream = *streams_->Begin(other_, "main");
  ASSERT_TRUE(stream->Write(AsBytes(PutLine(R"("x1")", "p1", "foreign", "1"))).has_value());
  const auto summary = stream->Finish();
  EXPECT_EQ(summary->refused, 1u);
  EXPECT_EQ(summary->told[0].error.code, ErrorCode::kNotFound);
  EXPECT_THAT(Texts(anna), IsEmpty());
}

TEST_F(IngestTest, AnErasedAccountLeavesNothing) {
  const std::string anna = AddAccount("x1", "anna");
  ASSERT_TRUE(Send(PutLine(R"("x1")", "p1", "secret", "1")).has_value());
  EXPECT_THAT(Texts(anna), ElementsAre("secret"));
  ASSERT_TRUE(Send(PutLine(R"("x1")", "p2", "waiting", "2")).has_value());
  ASSERT_TRUE(members_->Erase(host_, "x1").has_value());
  EXPECT_FALSE(fs::exists(folder_.path() / "accounts" / anna));
  EXPECT_EQ(accounts_->Get(anna).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(users_->FindByName("anna@host").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(members_->Find(host_, "x1").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(*queue_->NextDue(), std::nullopt);
  EXPECT_TRUE(members_->Erase(host_, "x1").has_value());
}

TEST_F(IngestTest, AnErasureThatWasCutIsFinishedByItsJob) {
  const std::string anna = AddAccount("x1", "anna");
  ASSERT_TRUE(Send(PutLine(R"("x1")", "p1", "secret", "1")).has_value());
  EXPECT_THAT(Texts(anna), ElementsAre("secret"));
  {
    const auto held = FileLock::TryLock(Open(anna)->folder() / "lock");  // an import runs
    ASSERT_TRUE(held.has_value());
    ASSERT_TRUE(members_->Erase(host_, "x1").has_value());
    EXPECT_TRUE(accounts_->OfOwner(users_->FindByName("anna@host")->id)->empty());
    EXPECT_TRUE(fs::exists(folder_.path() / "accounts" / anna));
  }
  const jobs::Job job{.kind = std::string(MemberAccounts::kEraseJob), .subject = anna, .lease = {}};
  EXPECT_EQ(members_->EraseNow(job).next, jobs::Outcome::Next::kDone);
  EXPECT_FALSE(fs::exists(folder_.path() / "accounts" / anna));
  EXPECT_EQ(members_->EraseNow(job).next, jobs::Outcome::Next::kDone);
}

TEST_F(IngestTest, AUserWithAPasswordOrAnotherAccountStays) {
  const std::string anna = AddAccount("x1", "anna");
  AddAccount("x2", "bea");
  const auto user = *users_->FindByName("anna@host"), bea = *users_->FindByName("bea@host");
  ASSERT_TRUE(users_->SetPassword(user.id, Secret(std::string("correct horse"))).has_value());
  ASSERT_TRUE(accounts_->Create({.id = {},
                                 .service = "instagram",
                                 .username = "b",
                                 .owner = bea.id,
                                 .head = {},
                                 .created = clock_.Now()}));
  ASSERT_TRUE(members_->Erase(host_, "x1").has_value());
  ASSERT_TRUE(members_->Erase(host_, "x2").has_value());
  EXPECT_TRUE(users_->Get(user.id).has_value());
  EXPECT_EQ(accounts_->OfOwner(bea.id)->size(), 1u);
}

TEST_F(IngestTest, AStreamMakesRenamesAndErasesInItsOrder) {
  const auto summary =
      Send(R"({"op":"account","account":"x1","username":"anna"})"
           "\n" +
           PutLine(R"("x1")", "p1", "one", "1") + R"({"op":"erase_account","account":"x1"})" +
           "\n" + PutLine(R"("x1")", "p2", "to nobody", "2") +
           R"({"op":"account","account":"x1","username":"anna"})" + "\n" +
           PutLine(R"("x1")", "p3", "anew", "3"));
  ASSERT_TRUE(summary.has_value()) << summary.error().message;
  EXPECT_EQ(summary->applied, 5u);
  EXPECT_EQ(summary->refused, 1u);
  EXPECT_THAT(Texts(members_->Find(host_, "x1")->account.account_id), ElementsAre("anew"));
}

TEST_F(IngestTest, AStreamGoesOnWhenAnotherCallErasesAnAccount) {
  AddAccount("x1", "anna");
  const std::string bea = AddAccount("x2", "bea");
  const auto stream = *streams_->Begin(host_, "main");
  ASSERT_TRUE(stream->Write(AsBytes(PutLine(R"("x1","x2")", "p1", "one", "1"))).has_value());
  const std::string anna = members_->Find(host_, "x1")->account.account_id;
  ASSERT_TRUE(members_->Erase(host_, "x1").has_value());
  ASSERT_TRUE(stream->Write(AsBytes(PutLine(R"("x1","x2")", "p2", "two", "2"))).has_value());
  ASSERT_TRUE(stream->Finish().has_value());
  EXPECT_FALSE(fs::exists(folder_.path() / "accounts" / anna));
  EXPECT_THAT(Texts(bea), ElementsAre("one", "two"));
}

// ---- reconciliation ----

TEST_F(IngestTest, ReconciliationIsOfIdsAndVersionsByKindAndMonth) {
  const std::string anna = AddAccount("x1", "anna");
  ASSERT_TRUE(
      Send(R"({"op":"put","account":"x1","id":"p2","version":"7","record":{"kind":"post",)"
           R"("time":"2026-11-01T00:00:00Z"}})"
           "\n"
           R"({"op":"put","account":"x1","id":"p10","version":"1","record":{"kind":"post",)"
           R"("time":"2026-11-30T23:59:59Z"}})"
           "\n"
           R"({"op":"put","account":"x1","id":"p3","record":{"kind":"post",)"
           R"("time":"2026-12-01T00:00:00Z"}})"
           "\n"
           R"({"op":"put","account":"x1","id":"gone","record":{"kind":"post"}})"
           "\n"
           R"({"op":"delete","account":"x1","kind":"post","id":"gone"})"
           "\n"
           R"({"op":"put","account":"x1","id":"me","version":"v","record":{"kind":"profile",)"
           R"("name":"Anna"}})"
           "\n")
          .has_value());
  ASSERT_TRUE(Seal(anna).has_value());
  const auto sums = Reconcile(*Open(anna));
  ASSERT_TRUE(sums.has_value()) << sums.error().message;
  ASSERT_EQ(sums->kinds.size(), 2u);
  EXPECT_EQ(sums->kinds[0].kind, Kind::kProfile);
  EXPECT_EQ(sums->kinds[0].months[0].month, "");
  EXPECT_EQ(sums->kinds[0].months[0].digest, Sha256("me v\n"));
  const auto& posts = sums->kinds[1].months;
  ASSERT_EQ(posts.size(), 2u);
  EXPECT_EQ(posts[0].month, "2026-11");
  EXPECT_EQ(posts[0].count, 2u);
  EXPECT_EQ(posts[0].digest, Sha256("p10 1\np2 7\n"));
  EXPECT_EQ(posts[1].month, "2026-12");
  EXPECT_EQ(posts[1].digest, Sha256("p3 \n"));
  EXPECT_TRUE(Reconcile(*Open(AddAccount("x2", "bea")))->kinds.empty());
}

}  // namespace
}  // namespace valise::ingest
