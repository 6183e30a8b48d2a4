#include "base/json_writer.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

TEST(JsonWriter, NestsAndSeparates) {
  JsonWriter json;
  json.BeginObject().Member("a", 1).Name("b").BeginArray().String("x").Bool(true).Null().EndArray();
  json.Member("c", 0.5).Member("t", FromSeconds(0)).EndObject();
  EXPECT_EQ(json.text(), R"({"a":1,"b":["x",true,null],"c":0.5,"t":"1970-01-01T00:00:00Z"})");
}

TEST(JsonWriter, EscapesOnlyWhatItMust) {
  std::string out;
  AppendJsonString(out, "a\"\\\n\x01\u00e9\u2028\U0001F642</script>");
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\u0001\u00e9\\u2028\U0001F642</script>\"");
}

TEST(JsonWriter, MalformedBytesBecomeReplacementCharacters) {
  std::string out;
  AppendJsonString(out, "\xFFz");
  EXPECT_EQ(out, "\"\uFFFDz\"");
}

}  // namespace
}  // namespace valise
