#include "base/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace valise::cli {
namespace {

using std::filesystem::path;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::internal::CaptureStderr;
using testing::internal::CaptureStdout;
using testing::internal::GetCapturedStderr;
using testing::internal::GetCapturedStdout;

// A program with an option of each kind.
class CommandTest : public testing::Test {
 protected:
  CommandTest() {
    program_.RequireCommand();
    program_.TakeOptionsAnywhere();
    program_.AddVersion("--version", "1.2.3");
    program_.AddOption("--data", data_, "where it lies").TypeName("DIR").ShowDefault();
    Command pack = program_.AddCommand("pack", "puts things in");
    pack.Footer("Examples:\n  case pack a b");
    pack.AddOption("things", things_, "what to put in").Required();
    pack.AddOption("-n,--name", name_, "its name");
    pack.AddOption("--port", port_, "a port").ShowDefault();
    pack.AddOption("--limit", limit_, "how many");
    pack.AddOption("--weight", weight_, "at most").Between(1, 10);
    pack.AddOption("--kind", kinds_, "small or large").OneOf({"small", "large"}).SplitBy(',');
    pack.AddFlag("--dry", dry_, "only say so");
    pack.OnRun([this] { ++packed_; });
  }

  std::optional<int> Parse(std::vector<const char*> words) {
    words.insert(words.begin(), "case");
    return program_.Parse(static_cast<int>(words.size()), words.data());
  }
  // What is said of a wrong command line.
  std::string ErrorOf(const std::vector<const char*>& words) {
    CaptureStderr();
    const std::optional<int> code = Parse(words);
    const std::string said = GetCapturedStderr();
    EXPECT_TRUE(code.has_value() && *code != 0);
    return said;
  }

  Program program_{"Packs.", "case"};
  path data_ = "here";
  std::vector<path> things_;
  std::string name_;
  uint16_t port_ = 8460;
  uint32_t limit_ = 20;
  std::optional<uint64_t> weight_;
  std::vector<std::string> kinds_;
  bool dry_ = false;
  int packed_ = 0;
};

TEST_F(CommandTest, OptionsGoToTheirVariablesAndTheWorkIsDone) {
  EXPECT_EQ(Parse({"pack", "a", "b", "-n", "mine", "--port", "80", "--limit", "3", "--weight", "7",
                   "--dry", "--data", "there"}),
            std::nullopt);
  EXPECT_THAT(things_, ElementsAre("a", "b"));
  EXPECT_EQ(name_, "mine");
  EXPECT_EQ(port_, 80);
  EXPECT_EQ(limit_, 3u);
  EXPECT_EQ(weight_, 7u);
  EXPECT_TRUE(dry_);
  EXPECT_EQ(data_, "there");
  EXPECT_EQ(packed_, 1);
}

TEST_F(CommandTest, WhatIsNotGivenStaysAsItIs) {
  EXPECT_EQ(Parse({"pack", "a"}), std::nullopt);
  EXPECT_EQ(port_, 8460);
  EXPECT_EQ(weight_, std::nullopt);
  EXPECT_FALSE(dry_);
}

TEST_F(CommandTest, OneWordMayHoldSeveralValues) {
  EXPECT_EQ(Parse({"pack", "a", "--kind", "small,large"}), std::nullopt);
  EXPECT_THAT(kinds_, ElementsAre("small", "large"));
}

TEST_F(CommandTest, HelpAndVersionAreSaidAndEndWithZero) {
  CaptureStdout();
  EXPECT_EQ(Parse({"pack", "--help"}), 0);
  const std::string help = GetCapturedStdout();
  EXPECT_THAT(help, HasSubstr("puts things in"));
  EXPECT_THAT(help, HasSubstr("=8460"));
  EXPECT_THAT(help, HasSubstr("Examples:\n  case pack a b"));
  CaptureStdout();
  EXPECT_EQ(Parse({"--version"}), 0);
  EXPECT_EQ(GetCapturedStdout(), "1.2.3\n");
  EXPECT_EQ(packed_, 0);
}

TEST_F(CommandTest, WrongCommandLinesAreRefusedAndNothingIsDone) {
  EXPECT_THAT(ErrorOf({}), HasSubstr("subcommand is required"));
  EXPECT_THAT(ErrorOf({"unpack"}), HasSubstr("subcommand is required"));
  EXPECT_THAT(ErrorOf({"pack"}), HasSubstr("things is required"));
  EXPECT_THAT(ErrorOf({"pack", "a", "--port", "70000"}), HasSubstr("--port"));
  EXPECT_THAT(ErrorOf({"pack", "a", "--limit", "-1"}), HasSubstr("--limit"));
  EXPECT_THAT(ErrorOf({"pack", "a", "--weight", "11"}), HasSubstr("--weight"));
  EXPECT_THAT(ErrorOf({"pack", "a", "--kind", "huge"}), HasSubstr("--kind"));
  EXPECT_EQ(packed_, 0);
}

TEST(OneOfTest, ExactlyOneMustBeGiven) {
  for (const auto& words : {std::vector<const char*>{"case"}, {"case", "a", "--key", "b"}}) {
    std::string word, key;
    Program program{"Finds things.", "case"};
    Command what = program.AddOneOf("what");
    what.AddOption("word", word, "by a word");
    what.AddOption("--key", key, "by a key");
    CaptureStderr();
    EXPECT_NE(program.Parse(static_cast<int>(words.size()), words.data()).value_or(0), 0);
    EXPECT_THAT(GetCapturedStderr(), HasSubstr("Exactly 1 option from [word,--key]"));
  }
}

class ConfigFileTest : public testing::Test {
 protected:
  // Takes `text` as the file of options, after a command line with --port 80.
  Status Take(const std::string& text) {
    const path file = path(testing::TempDir()) / "command_line_test.conf";
    std::ofstream(file) << text;
    Program program{"Serves.", "case"};
    Command serve = program.AddCommand("serve", "serves");
    serve.AddOption("--port", port_, "a port");
    serve.AddOption("--name", name_, "its name");
    serve.AddFlag("--quiet", quiet_, "say less");
    Status taken;
    serve.OnRun([&] { taken = serve.TakeConfigFile(file); });
    const std::vector<const char*> words{"case", "serve", "--port", "80"};
    EXPECT_EQ(program.Parse(static_cast<int>(words.size()), words.data()), std::nullopt);
    std::filesystem::remove(file);
    return taken;
  }

  uint16_t port_ = 0;
  std::string name_;
  bool quiet_ = false;
};

TEST_F(ConfigFileTest, GivesWhatTheCommandLineDidNot) {
  EXPECT_TRUE(Take("port = 1\nname = \"A b\"\nquiet = true\n").has_value());
  EXPECT_EQ(port_, 80);
  EXPECT_EQ(name_, "A b");
  EXPECT_TRUE(quiet_);
}

TEST_F(ConfigFileTest, SaysWhatItDoesNotKnow) {
  const Status unknown = Take("colour = red\n");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(unknown.error().message, HasSubstr("colour"));
  EXPECT_THAT(unknown.error().message, HasSubstr("case serve --help"));
  EXPECT_FALSE(Take("quiet = perhaps\n").has_value());
}

}  // namespace
}  // namespace valise::cli
