#include "account/schemas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "account/record_json.h"
#include "account/record_samples.h"

namespace valise::account {
namespace {

namespace dom = simdjson::dom;

std::vector<std::string> Names(dom::object object) {
  std::vector<std::string> names;
  for (const auto member : object) names.emplace_back(member.key);
  return names;
}

// A record with every member filled has just the members of its schema, in the schema's order; so
// have its parts.
TEST(Schemas, NameTheMembersThatAreWritten) {
  EXPECT_EQ(Schemas().size(), kKindCount);
  for (size_t i = 0; i < kKindCount; ++i) {
    const auto kind = static_cast<Kind>(i);
    const std::string path = std::string(KindName(kind)) + ".schema.json";
    const EmbeddedFile* file = FindEmbedded(Schemas(), path);
    ASSERT_NE(file, nullptr) << path;
    dom::parser schema_parser;
    dom::parser record_parser;
    dom::object schema;
    dom::object record;
    ASSERT_FALSE(schema_parser.parse(simdjson::padded_string(file->content)).get(schema)) << path;
    const std::string line = ToJson(SampleMaker(7, 1).Make(kind));
    ASSERT_FALSE(record_parser.parse(simdjson::padded_string(line)).get(record));

    EXPECT_EQ(Names(schema["properties"].get_object()), Names(record)) << path;
    EXPECT_EQ(std::string_view(schema["properties"]["kind"]["const"]), KindName(kind));
    EXPECT_FALSE(bool(schema["additionalProperties"]));
    dom::array media;
    if (record["media"].get_array().get(media)) continue;
    EXPECT_EQ(Names(schema["$defs"]["medium"]["properties"].get_object()),
              Names(media.at(0).get_object()));
    EXPECT_EQ(Names(schema["$defs"]["subtitle"]["properties"].get_object()),
              Names(media.at(0)["subtitles"].at(0).get_object()));
  }
}

}  // namespace
}  // namespace valise::account
