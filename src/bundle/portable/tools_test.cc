// What other people's programs say of a portable bundle.
#include "base/random.h"
#include "bundle/portable/portable_test.h"
#include "zip/test_tools.h"

namespace valise::bundle {
namespace {

TEST_F(PortableTest, ZipToolsAcceptTheBundle) { zip::ExpectToolsAccept(ZipOf(*PlanOf({}))); }

TEST_F(PortableTest, ZipToolsAcceptACutBundle) {
  Selection selection;
  selection.until = ParseTime("2024-05-01T00:00:00Z").value();
  zip::ExpectToolsAccept(ZipOf(*PlanOf(selection)));
}

TEST_F(PortableTest, CoreutilsAndMinisignAcceptTheUnpackedBag) {
  if (!zip::HasTool("unzip") || !zip::HasTool("sha256sum")) GTEST_SKIP() << "tools are absent";
  SystemRandom random;
  const bag::SigningKey key = bag::SigningKey::Generate(random);
  const fs::path zip = ZipOf(*PlanOf({}, &key));
  const fs::path log = folder_.path() / "log";
  ASSERT_EQ(
      zip::RunShell("cd '" + folder_.path().string() + "' && unzip -q '" + zip.string() + "'", log),
      0);
  const std::string enter = "cd '" + (folder_.path() / zip.stem()).string() + "' && ";
  EXPECT_EQ(zip::RunShell(enter + "sha256sum -c --strict --quiet manifest-sha256.txt", log), 0);
  EXPECT_EQ(zip::RunShell(enter + "sha256sum -c --strict --quiet tagmanifest-sha256.txt", log), 0);
  if (!zip::HasTool("minisign")) return;
  EXPECT_EQ(zip::RunShell(
                enter + "minisign -Vm tagmanifest-sha256.txt -P " + key.public_key().Line(), log),
            0);
}

TEST_F(PortableTest, ReportFitsItsSchema) {
  const fs::path log = folder_.path() / "log";
  if (zip::RunShell("python3 -c 'import jsonschema'", log) != 0) GTEST_SKIP() << "no jsonschema";
  const auto files = Unpack(*PlanOf({}));
  for (const char* name : {"data/report.json", "data/schema/report.schema.json"}) {
    const File file = File::Create(folder_.path() / fs::path(name).filename()).value();
    ASSERT_TRUE(file.Append(AsBytes(files.at(name))));
  }
  const std::string check =
      "python3 -c 'import json, jsonschema; jsonschema.Draft202012Validator(json.load(open("
      "\"report.schema.json\"))).validate(json.load(open(\"report.json\")))'";
  EXPECT_EQ(zip::RunShell("cd '" + folder_.path().string() + "' && " + check, log), 0)
      << ReadFile(log).value_or("");
}

}  // namespace
}  // namespace valise::bundle
