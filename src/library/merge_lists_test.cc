// Reactions and pictures: lists of which archives tell other parts, or under other names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "library/merge_testing.h"

namespace valise::library {
namespace {

using account::Told;
using testing::ElementsAre;
using testing::IsEmpty;

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
