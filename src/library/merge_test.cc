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

namespace valise::library {
namespace {

using account::Told;
using testing::ElementsAre;
using testing::IsEmpty;

std::string ImportOf(size_t archive) { return fmt::format("{:016x}", 0xa0 + archive); }

// Archive n is of January of the year 2020 + n.
ImportDates Dates(size_t archives, std::vector<size_t> coarse = {}) {
  ImportDates dates;
  for (size_t i = 0; i < archives; ++i) {
    account::ImportInfo info;
    info.id = ImportOf(i);
    info.date = *ParseTime(fmt::format("{}-01-01T00:00:00Z", 2020 + i));
    info.coarse_times = std::ranges::find(coarse, i) != coarse.end();
    dates.Add(info);
  }
  return dates;
}

template <typename T>
account::Record In(size_t archive, T record) {
  record.provenance = {{ImportOf(archive), 1, 0}};
  return record;
}

// Records as the archives tell them, taken in in an order.
account::Record TakeIn(const std::vector<account::Record>& told, const std::vector<size_t>& order,
                       const ImportDates& dates) {
  account::Record record = told[order[0]];
  for (size_t i = 1; i < order.size(); ++i) Merge(record, told[order[i]], dates);
  return record;
}

// As text, in which no order of lists that are united shows.
std::string Plain(account::Record record) {
  std::ranges::sort(account::CommonOf(record).evidence);
  if (auto* message = std::get_if<account::Message>(&record)) {
    std::ranges::sort(message->reactions, {}, [](const auto& r) { return r.reaction + r.actor; });
  }
  return account::ToJson(record);
}

// Every order of the archives gives the same record.
void ExpectNoOrderMatters(const std::vector<account::Record>& told, const ImportDates& dates) {
  std::vector<size_t> order(told.size());
  std::iota(order.begin(), order.end(), 0);
  const std::string expected = Plain(TakeIn(told, order, dates));
  do {
    ASSERT_EQ(Plain(TakeIn(told, order, dates)), expected)
        << "in the order " << testing::PrintToString(order);
  } while (std::ranges::next_permutation(order).found);
}

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

account::Message Reacted(std::string sender, std::vector<account::Reaction> reactions) {
  account::Message message;
  message.sender = std::move(sender);
  message.reactions = std::move(reactions);
  return message;
}

account::Reaction Heart(std::string actor) { return {std::move(actor), "\u2764", {}}; }
account::Reaction Laugh(std::string actor) { return {std::move(actor), "\U0001F602", {}}; }

// Messages of archives, each a year newer, give the same in every order: these reactions.
account::Record ExpectReactions(const std::vector<account::Message>& told,
                                const std::vector<account::Reaction>& expected) {
  std::vector<account::Record> records;
  for (size_t i = 0; i < told.size(); ++i) records.push_back(In(i, told[i]));
  ExpectNoOrderMatters(records, Dates(told.size()));
  std::vector<size_t> order(told.size());
  std::iota(order.begin(), order.end(), 0);
  account::Record record = TakeIn(records, order, Dates(told.size()));
  EXPECT_THAT(std::get<account::Message>(record).reactions,
              testing::UnorderedElementsAreArray(expected));
  return record;
}

TEST(Reactions, OfARenamedSenderAreHisWhereTheNewestHasNone) {
  const auto record =
      ExpectReactions({Reacted("Bob", {Heart("Bob"), Heart("Ann")}),
                       Reacted("Robert", {Heart("Robert"), Heart("Ann")}), Reacted("Robert", {})},
                      {Heart("Robert"), Heart("Ann")});
  EXPECT_THAT(account::CommonOf(record).told, ElementsAre(Told{"reactions.\u2764", ImportOf(1)}));
}

TEST(Reactions, UnderUserNamesWaitForDisplayNames) {
  ExpectReactions(
      {Reacted("bob.b", {Heart("ann")}), Reacted("Bob B", {Heart("Ann A")}), Reacted("Bob B", {})},
      {Heart("Ann A")});
  ExpectReactions(
      {Reacted("bob.b", {Heart("ann")}), Reacted("Bob B", {}), Reacted("Bob B", {Heart("Ann A")})},
      {Heart("Ann A")});
  // Of another emoji than the newest has, too.
  ExpectReactions({Reacted("bob.b", {Heart("ann")}), Reacted("Bob B", {Heart("Ann A")}),
                   Reacted("Bob B", {Laugh("Cat C")})},
                  {Heart("Ann A"), Laugh("Cat C")});
  // Under three names.
  ExpectReactions(
      {Reacted("bob.b", {Heart("ann")}), Reacted("Bob", {Heart("Ann")}), Reacted("Robert", {})},
      {Heart("Ann")});
}

TEST(Reactions, SayWhoseNamesTheyHave) {
  const auto record = ExpectReactions(
      {Reacted("bob.b", {Heart("ann"), Laugh("ann")}), Reacted("Bob B", {Laugh("Ann A")})},
      {Heart("ann"), Laugh("Ann A")});
  EXPECT_THAT(account::CommonOf(record).told,
              ElementsAre(Told{"reactions.\u2764.sender.bob.b", ImportOf(0)}));
}

TEST(Reactions, OfOneNameAreNotPairedThoughTheNewestHasAnother) {
  ExpectReactions(
      {Reacted("Bob", {Heart("Ann")}), Reacted("Bob", {Heart("Cat")}), Reacted("Robert", {})},
      {Heart("Ann"), Heart("Cat")});
}

TEST(Reactions, OfTheSenderAreNobodyElses) {
  ExpectReactions({Reacted("Bob", {Heart("Ann")}), Reacted("Robert", {Heart("Robert")})},
                  {Heart("Ann"), Heart("Robert")});
  ExpectReactions({Reacted("Bob", {Heart("Bob")}), Reacted("Robert", {Heart("Ann")})},
                  {Heart("Robert"), Heart("Ann")});
  ExpectReactions({Reacted("Bob", {Heart("Ann")}), Reacted("Robert", {Heart("Cat"), Laugh("Ann")})},
                  {Heart("Ann"), Heart("Cat"), Laugh("Ann")});
}

TEST(Reactions, OfEqualActorsAreOneBeforeOthers) {
  const auto early = FromSeconds(1);
  const auto late = FromSeconds(2);
  ExpectReactions({Reacted("bob.b", {{"ann", "\u2764", early}, {"cat", "\u2764", late}}),
                   Reacted("Bob B", {Heart("cat"), Heart("Ann A")})},
                  {{"Ann A", "\u2764", early}, {"cat", "\u2764", late}});
}

// People have other names in some archives, and all who reacted with an emoji are told of or none.
std::vector<account::Record> ReactionsUnderNames(std::minstd_rand& chance, size_t archives) {
  std::vector<std::vector<size_t>> people(2);  // by emoji; who has number 0 is the sender
  for (auto& of_emoji : people) {
    for (size_t person = 0; person < 4; ++person) {
      if (chance() % 2 == 0) of_emoji.push_back(person);
    }
  }
  std::vector<account::Record> told;
  for (size_t archive = 0; archive < archives; ++archive) {
    const uint32_t names = chance() % 3;
    // The last one is never renamed.
    const auto name = [&](size_t person) {
      return fmt::format("person {}, name {}", person, person == 3 ? 0 : names);
    };
    std::vector<account::Reaction> reactions;
    for (size_t emoji = 0; emoji < people.size(); ++emoji) {
      if (chance() % 3 == 0) continue;
      for (const size_t person : people[emoji]) {
        reactions.push_back(emoji == 0 ? Heart(name(person)) : Laugh(name(person)));
        if (chance() % 2 == 0) reactions.back().time = FromSeconds(static_cast<int64_t>(person));
        if (emoji == 0 && chance() % 2 == 0) reactions.back().reaction += "\uFE0F";
      }
    }
    told.push_back(In(archive, Reacted(name(0), reactions)));
  }
  return told;
}

TEST(Reactions, UnderAnyNamesAreTheSameInAllOrders) {
  std::minstd_rand chance(1);
  for (int i = 0; i < 300; ++i) {
    SCOPED_TRACE(i);
    const size_t archives = 2 + chance() % 3;
    const auto told = ReactionsUnderNames(chance, archives);
    ASSERT_NO_FATAL_FAILURE(ExpectNoOrderMatters(told, Dates(archives)));
    const ImportDates dates = Dates(archives);
    std::vector<size_t> order(archives);
    std::iota(order.begin(), order.end(), 0);
    const account::Record whole = TakeIn(told, order, dates);
    for (const account::Record& again : told) {
      account::Record record = whole;
      EXPECT_FALSE(Merge(record, again, dates, OfOneImport::kReadAgain));
      ASSERT_EQ(account::ToJson(record), account::ToJson(whole));
    }
  }
}

// Parts of one archive.
ImportDates OneDate(size_t parts) {
  ImportDates dates;
  for (size_t i = 0; i < parts; ++i) {
    account::ImportInfo info;
    info.id = ImportOf(i);
    info.date = *ParseTime("2021-09-30T00:00:00Z");
    info.coarse_times = false;
    dates.Add(info);
  }
  return dates;
}

account::Profile WithPictures(const std::vector<std::string>& paths) {
  account::Profile profile;
  for (const std::string& path : paths) profile.pictures.emplace_back().path = path;
  return profile;
}

TEST(Pictures, OfThePartsOfAnArchiveAreTheLongerList) {
  const std::vector<account::Profile> parts = {WithPictures({}), WithPictures({"now.jpg"}),
                                               WithPictures({"now.jpg", "then.jpg"})};
  std::vector<size_t> ids = {0, 1, 2};
  do {
    std::vector<account::Record> told;
    for (size_t i = 0; i < parts.size(); ++i) told.push_back(In(ids[i], parts[i]));
    ASSERT_NO_FATAL_FAILURE(ExpectNoOrderMatters(told, OneDate(3)));
    const account::Record record = TakeIn(told, {0, 1, 2}, OneDate(3));
    EXPECT_EQ(std::get<account::Profile>(record).pictures, parts[2].pictures);
  } while (std::ranges::next_permutation(ids).found);
}

TEST(Pictures, EquallyManyOfOneDateAreTheSameInAllOrders) {
  const std::vector<account::Record> told = {
      In(0, WithPictures({"a.jpg", "b.jpg"})), In(1, WithPictures({"c.jpg", "d.jpg"})),
      In(2, WithPictures({"e.jpg"})), In(3, WithPictures({"a.jpg", "b.jpg"}))};
  ExpectNoOrderMatters(told, OneDate(4));
}

TEST(Pictures, OfANewerArchiveAreItsOwnThoughFewer) {
  account::Record record = In(0, WithPictures({"now.jpg", "then.jpg"}));
  EXPECT_TRUE(Merge(record, In(1, WithPictures({"new.jpg"})), Dates(2)));
  EXPECT_EQ(std::get<account::Profile>(record).pictures.size(), 1u);
}

TEST(Pictures, ThatWereReadAgainStandThoughFewer) {
  account::Record record = In(0, WithPictures({"now.jpg", "wrong.jpg"}));
  EXPECT_TRUE(Merge(record, In(0, WithPictures({"now.jpg"})), OneDate(1), OfOneImport::kReadAgain));
  EXPECT_EQ(std::get<account::Profile>(record).pictures.size(), 1u);
}

}  // namespace
}  // namespace valise::library
