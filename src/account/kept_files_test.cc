#include "account/kept_files.h"

#include <gtest/gtest.h>

namespace valise::account {
namespace {

OriginalFile File(Fate fate, std::string category, uint64_t size) {
  OriginalFile file{.path = "x", .fate = fate, .size = size};
  file.category = std::move(category);
  return file;
}

TEST(KeptFiles, OnlyThoseThatAreOnlyKeptAreCounted) {
  KeptByCategory kept;
  for (const Fate fate : {Fate::kParsed, Fate::kMedium, Fate::kDuplicate, Fate::kJunk,
                          Fate::kBroken, Fate::kRedacted}) {
    Count(kept, File(fate, "ads", 5));
  }
  EXPECT_TRUE(kept.empty());
  Count(kept, File(Fate::kKept, "ads", 5));
  Count(kept, File(Fate::kKept, "ads", 7));
  Count(kept, File(Fate::kKept, "", 1));  // of a library made before there were categories
  Count(kept, File(Fate::kKept, "other", 2));
  EXPECT_EQ(kept, (KeptByCategory{{"ads", {2, 12}}, {"other", {2, 3}}}));
}

TEST(KeptFiles, ImportsAddUp) {
  KeptByCategory all{{"ads", {1, 10}}};
  Count(all, KeptByCategory{{"ads", {2, 5}}, {"security", {1, 0}}});
  EXPECT_EQ(all, (KeptByCategory{{"ads", {3, 15}}, {"security", {1, 0}}}));
}

TEST(KeptFiles, AsJson) {
  JsonWriter to;
  to.BeginObject().Name("kept");
  Write(to, KeptByCategory{{"security", {1, 0}}, {"ads", {3, 15}}});
  to.Name("none");
  Write(to, KeptByCategory{});
  to.EndObject();
  EXPECT_EQ(to.text(), R"({"kept":[{"category":"ads","files":3,"bytes":15},)"
                       R"({"category":"security","files":1,"bytes":0}],"none":[]})");
}

}  // namespace
}  // namespace valise::account
