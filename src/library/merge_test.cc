// Fields of records that are the same: no order of archives matters (docs/formats/documents.md,
// "Merging").
#include "library/merge.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "account/record_json.h"
#include "library/merge_testing.h"

namespace valise::library {
namespace {

using account::Told;
using testing::ElementsAre;
using testing::IsEmpty;

// Makes records that tell some fields and not others.
class Teller {
 public:
  explicit Teller(uint32_t seed) : chance_(seed) {}

  template <typename T>
  account::Record Tell(size_t archive, T record) {
    archive_ = archive;
    Fields(record);
    return In(archive, std::move(record));
  }

 private:
  bool Knows() { return chance_() % 3 != 0; }
  // Sometimes what another archive tells too.
  std::string Word() { return fmt::format("word {}", chance_() % 3 != 0 ? archive_ : 99); }
  void Some(std::string& to) {
    if (Knows()) to = Word();
  }
  template <typename T>
  void Some(std::optional<T>& to, T value) {
    if (Knows()) to = std::move(value);
  }
  account::MediaItem Medium(const std::string& path) {
    account::MediaItem item;
    item.path = path;
    if (Knows()) {
      item.digest = Sha256(Word());
      item.size = item.digest->bytes.size() + archive_;
      item.type = "image/jpeg";
    }
    Some(item.text);
    Some(item.alt);
    return item;
  }
  // Either the same media as all, of which each archive knows something else, or others.
  std::vector<account::MediaItem> Media() {
    if (!Knows()) return {};
    return {Medium("2019/a.jpg"), Medium("2019/b.jpg")};
  }

  void Fields(account::Profile& r) {
    for (std::string* field :
         {&r.username, &r.name, &r.bio, &r.website, &r.email, &r.phone, &r.gender, &r.birthday}) {
      Some(*field);
    }
    Some(r.is_private, archive_ % 2 == 0);
    Some(r.joined, FromSeconds(static_cast<int64_t>(archive_)));
    r.pictures = Media();
  }
  void Fields(account::Post& r) {
    Some(r.form);
    Some(r.text);
    r.media = Media();
    Some(r.place, account::Place{.name = Word()});
    Some(r.like_count, static_cast<uint32_t>(archive_));
    Some(r.comment_count, static_cast<uint32_t>(archive_));
  }
  void Fields(account::Story& r) {
    Some(r.text);
    if (Knows()) r.media = Medium("story.jpg");
    Some(r.place, account::Place{.name = Word()});
  }
  void Fields(account::Comment& r) {
    for (std::string* field : {&r.owner, &r.text, &r.link, &r.author, &r.on}) Some(*field);
    r.media = Media();
    Some(r.like_count, static_cast<uint32_t>(archive_));
  }
  void Fields(account::Conversation& r) {
    Some(r.title);
    Some(r.folder);
    if (Knows()) r.participants = {Word(), "me"};
    Some(r.is_participant, archive_ % 2 == 0);
    if (Knows()) r.picture = Medium("group.jpg");
    if (Knows()) r.evidence = {Word()};
  }
  void Fields(account::Message& r) {
    r.sender = "Ann";
    Some(r.form);
    Some(r.text);
    r.media = Media();
    Some(r.share, account::Share{.link = Word()});
    if (Knows()) r.reactions = {{"Bob", chance_() % 2 == 0 ? "\u2764" : "\u2764\uFE0F", {}}};
    Some(r.call_seconds, static_cast<uint32_t>(archive_ + 1));
    r.is_unsent = !Knows();
  }
  void Fields(account::Connection& r) {
    r.relation = "follower";
    Some(r.username);
    Some(r.link);
  }
  void Fields(account::Like& r) {
    for (std::string* field : {&r.owner, &r.link, &r.text}) Some(*field);
  }
  void Fields(account::Saved& r) {
    for (std::string* field : {&r.collection, &r.owner, &r.link, &r.text}) Some(*field);
  }
  void Fields(account::Activity& r) {
    Some(r.text);
    Some(r.link);
    if (Knows()) r.details = {{Word(), "x"}};
    r.media = Media();
  }

  std::minstd_rand chance_;
  size_t archive_ = 0;
};

template <typename T>
class EveryKind : public testing::Test {};
using Kinds = testing::Types<account::Profile, account::Post, account::Story, account::Comment,
                             account::Conversation, account::Message, account::Connection,
                             account::Like, account::Saved, account::Activity>;
TYPED_TEST_SUITE(EveryKind, Kinds);

TYPED_TEST(EveryKind, IsTheSameInAllOrdersOfThreeArchives) {
  for (uint32_t seed = 1; seed <= 150; ++seed) {
    Teller teller(seed);
    std::vector<account::Record> told;
    for (size_t i = 0; i < 3; ++i) told.push_back(teller.Tell(i, TypeParam{}));
    SCOPED_TRACE(seed);
    ASSERT_NO_FATAL_FAILURE(ExpectNoOrderMatters(told, Dates(3)));
  }
}

TYPED_TEST(EveryKind, IsTheSameInAllOrdersOfFourArchivesWithPagesAmongThem) {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    Teller teller(seed);
    std::vector<account::Record> told;
    for (size_t i = 0; i < 4; ++i) told.push_back(teller.Tell(i, TypeParam{}));
    SCOPED_TRACE(seed);
    ASSERT_NO_FATAL_FAILURE(ExpectNoOrderMatters(told, Dates(4, {2})));
  }
}

// The same archive once more adds nothing, not even who told what.
TYPED_TEST(EveryKind, LearnsNothingFromAnArchiveThatItHas) {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    Teller teller(seed);
    std::vector<account::Record> told;
    for (size_t i = 0; i < 3; ++i) told.push_back(teller.Tell(i, TypeParam{}));
    const ImportDates dates = Dates(3);
    const account::Record whole = TakeIn(told, {0, 2, 1}, dates);
    for (const account::Record& again : told) {
      for (const OfOneImport tie : {OfOneImport::kFirst, OfOneImport::kReadAgain}) {
        account::Record record = whole;
        EXPECT_FALSE(Merge(record, again, dates, tie)) << seed;
        EXPECT_EQ(account::ToJson(record), account::ToJson(whole));
      }
    }
    account::Record record = whole;
    EXPECT_FALSE(Merge(record, whole, dates)) << "as it comes back in a bundle";
    EXPECT_EQ(account::ToJson(record), account::ToJson(whole));
  }
}

account::Post PostOf(std::string text, std::string place) {
  account::Post post;
  post.text = std::move(text);
  if (!place.empty()) post.place = account::Place{.name = std::move(place)};
  return post;
}

TEST(Told, NamesWhoToldWhatTheNewestDoesNot) {
  const ImportDates dates = Dates(3);
  account::Record record = In(0, PostOf("a", "Paris"));
  EXPECT_THAT(account::CommonOf(record).told, IsEmpty());
  EXPECT_TRUE(Merge(record, In(2, PostOf("c", "")), dates));
  EXPECT_THAT(account::CommonOf(record).told, ElementsAre(Told{"place", ImportOf(0)}));
  EXPECT_TRUE(Merge(record, In(1, PostOf("b", "Rome")), dates));
  EXPECT_EQ(std::get<account::Post>(record).text, "c");
  EXPECT_EQ(std::get<account::Post>(record).place->name, "Rome");
  EXPECT_THAT(account::CommonOf(record).told, ElementsAre(Told{"place", ImportOf(1)}));
}

TEST(Told, ByItselfIsNothingLearnt) {
  const ImportDates dates = Dates(3);
  account::Record record = In(0, PostOf("a", "Rome"));
  Merge(record, In(2, PostOf("a", "")), dates);
  EXPECT_FALSE(Merge(record, In(1, PostOf("", "Rome")), dates));
  EXPECT_THAT(account::CommonOf(record).told, ElementsAre(Told{"place", ImportOf(1)}));
}

TEST(Told, IsSortedByField) {
  account::Profile old;
  old.username = "ann";
  old.bio = "hi";
  old.email = "a@example.org";
  account::Record record = In(0, old);
  Merge(record, In(1, account::Profile{}), Dates(2));
  EXPECT_THAT(account::CommonOf(record).told,
              ElementsAre(Told{"bio", ImportOf(0)}, Told{"email", ImportOf(0)},
                          Told{"username", ImportOf(0)}));
}

// A library of a Valise that did not note who told what.
TEST(Told, ARecordWithoutItIsOfItsNewestArchive) {
  const ImportDates dates = Dates(3);
  account::Record record = In(2, PostOf("c", "Paris"));
  account::CommonOf(record).provenance.insert(account::CommonOf(record).provenance.begin(),
                                              {ImportOf(0), 1, 0});
  EXPECT_FALSE(Merge(record, In(1, PostOf("b", "Rome")), dates));
  EXPECT_EQ(std::get<account::Post>(record).place->name, "Paris");
  EXPECT_THAT(account::CommonOf(record).told, IsEmpty());
}

TEST(Told, WhatIsNoFieldOrIsEmptyGoes) {
  account::Record record = In(1, PostOf("b", ""));
  account::CommonOf(record).told = {{"media.7.text", ImportOf(0)},
                                    {"no such", ImportOf(0)},
                                    {"place", ImportOf(0)},
                                    {"text", "an import that nobody knows"}};
  Merge(record, In(0, PostOf("a", "")), Dates(2));
  EXPECT_EQ(std::get<account::Post>(record).text, "a") << "an unknown import is the oldest";
  EXPECT_THAT(account::CommonOf(record).told, ElementsAre(Told{"text", ImportOf(0)}));
}

TEST(Told, OfMediaNamesWhoFilledThemIn) {
  account::Post lacking;
  lacking.media.resize(1);
  lacking.media[0].path = "a.jpg";
  account::Post early = lacking;
  early.media[0].alt = "the sea";
  early.media[0].digest = Sha256(std::string("early"));
  early.media[0].size = 5;
  account::Post later = lacking;
  later.media[0].digest = Sha256(std::string("late"));
  later.media[0].size = 4;
  const ImportDates dates = Dates(3);
  account::Record record = In(0, early);
  Merge(record, In(2, lacking), dates);
  EXPECT_THAT(account::CommonOf(record).told,
              ElementsAre(Told{"media.0.alt", ImportOf(0)}, Told{"media.0.digest", ImportOf(0)}));
  EXPECT_TRUE(Merge(record, In(1, later), dates));
  const account::MediaItem& item = std::get<account::Post>(record).media[0];
  EXPECT_EQ(item.size, 4u);
  EXPECT_EQ(item.alt, "the sea");
  EXPECT_THAT(account::CommonOf(record).told,
              ElementsAre(Told{"media.0.alt", ImportOf(0)}, Told{"media.0.digest", ImportOf(1)}));
}

TEST(Edits, AreOfTheirDateWholly) {
  const ImportDates dates = Dates(4);
  account::Record record = In(0, PostOf("a", "Paris"));
  Merge(record, In(1, PostOf("b", "")), dates);
  account::Common& common = account::CommonOf(record);
  common.provenance.push_back({EditImport(*ParseTime("2022-06-01T00:00:00Z")), 0, 0});
  std::get<account::Post>(record).text.clear();
  // Older than the edit, though newer than who told the place: nothing of it is taken.
  EXPECT_FALSE(Merge(record, In(2, PostOf("c", "Rome")), dates));
  EXPECT_EQ(std::get<account::Post>(record).place->name, "Paris");
  EXPECT_EQ(std::get<account::Post>(record).text, "");
  // Newer: all that it tells.
  EXPECT_TRUE(Merge(record, In(3, PostOf("", "Oslo")), dates));
  EXPECT_EQ(std::get<account::Post>(record).place->name, "Oslo");
  // What the owner left empty stays so for older archives, also when a newer one has come.
  EXPECT_FALSE(Merge(record, In(1, PostOf("b", "")), dates));
  EXPECT_EQ(std::get<account::Post>(record).text, "");
}

TEST(Edits, ByAServiceTellAll) {
  account::Record record = In(0, PostOf("a", "Paris"));
  Merge(record, In(1, PostOf("b", "")), Dates(2));
  account::Record said = PostOf("live", "Paris");
  account::CommonOf(said).provenance = {
      {LiveImport(*ParseTime("2023-01-01T00:00:00Z"), "1"), 0, 0}};
  EXPECT_TRUE(Overrule(record, said));
  EXPECT_THAT(account::CommonOf(record).told, IsEmpty());
}

TEST(ReadAgain, MendsWhatTheImportTold) {
  const ImportDates dates = Dates(2);
  account::Record record = In(0, PostOf("a", "Pa?is"));
  Merge(record, In(1, PostOf("b", "")), dates);
  EXPECT_TRUE(Merge(record, In(0, PostOf("A", "Paris")), dates, OfOneImport::kReadAgain));
  EXPECT_EQ(std::get<account::Post>(record).text, "b") << "a newer archive told it";
  EXPECT_EQ(std::get<account::Post>(record).place->name, "Paris");
}

}  // namespace
}  // namespace valise::library
