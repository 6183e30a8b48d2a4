// The layout's ZIPs as the programs of the system see them.

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/deflate.h"
#include "base/file.h"
#include "zip/layout.h"
#include "zip/test_layout.h"
#include "zip/test_tools.h"

namespace valise::zip {
namespace {

// Writes the ZIP; bodies that the table does not hold are holes (sparse).
void WriteZip(const VectorTable& table, const fs::path& path) {
  const std::vector<Checkpoint> checkpoints = MakeCheckpoints(table);
  const Layout layout(table, checkpoints);
  const File file = *File::Create(path);
  uint64_t offset = 0;
  ASSERT_TRUE(layout.ForEachPiece({0, layout.size()}, [&](const Piece& piece) -> Status {
    Bytes bytes = AsBytes(piece.bytes);
    if (piece.kind == Piece::Kind::kBody) bytes = AsBytes(table.rows[piece.entry].body);
    RETURN_IF_ERROR(file.WriteAt(offset, bytes));
    offset += piece.bytes.size() + piece.range.length;
    return {};
  }));
  ASSERT_EQ(offset, layout.size());
}

TEST(ZipLayoutTools, AcceptASmallZipOfEveryKind) {
  VectorTable table;
  table.Add("valise/bagit.txt", "BagIt-Version: 1.0\n");
  table.Add("valise/data/été 😀 写真.jpg", std::string(100'000, 'x'));
  table.Add("valise/empty", "");
  table.Add("valise/old", "before 1980", -100);
  table.Add("valise/far", "after 2038", 4'000'000'000);
  const std::string text(500'000, 'y');
  table.Add("valise/text.json", DeflateComplete(AsBytes(text)));
  table.rows.back().entry.method = Method::kDeflate;
  table.rows.back().entry.size = text.size();
  table.rows.back().entry.crc = Crc32(AsBytes(text));
  const TemporaryFolder folder;
  WriteZip(table, folder.path() / "a.zip");
  ExpectToolsAccept(folder.path() / "a.zip");
}

TEST(ZipLayoutTools, ListAZip64WithSparseBodies) {
  VectorTable table;
  table.Add("first", "small");
  table.AddSized("big", 5ull << 30, 5ull << 30);
  table.Add("after", "beyond 4 GiB");
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "big.zip";
  WriteZip(table, path);
  const fs::path log = folder.path() / "log";
  const std::pair<const char*, std::string> tools[] = {
      {"unzip", "unzip -p '" + path.string() + "' after | grep -qx 'beyond 4 GiB'"},
      {"7zz", "7zz x -so '" + path.string() + "' after | grep -qx 'beyond 4 GiB'"},
      {"python3",
       "python3 -c 'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); "
       "sys.exit(z.read(\"after\")!=b\"beyond 4 GiB\" or z.getinfo(\"big\").file_size!=5<<30)' '" +
           path.string() + "'"},
      {"zipinfo", "zipinfo '" + path.string() + "'"},
  };
  for (const auto& [name, command] : tools) {
    if (!HasTool(name)) continue;
    EXPECT_EQ(RunShell(command, log), 0) << name << *ReadFile(log);
  }
}

TEST(ZipLayoutTools, AcceptMoreEntriesThan16Bits) {
  VectorTable table;
  for (int i = 0; i < 65'536; ++i) table.Add("d/" + std::to_string(i), "");
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "many.zip";
  WriteZip(table, path);
  const std::string count =
      "python3 -c 'import sys,zipfile; "
      "sys.exit(len(zipfile.ZipFile(sys.argv[1]).namelist())!=65536)' '";
  if (HasTool("python3")) {
    EXPECT_EQ(RunShell(count + path.string() + "'", folder.path() / "log"), 0);
  }
  if (HasTool("bsdtar")) {
    EXPECT_EQ(RunShell("bsdtar -tf '" + path.string() + "' | tail -1 | grep -qx d/65535",
                       folder.path() / "log"),
              0);
  }
}

}  // namespace
}  // namespace valise::zip
