// For tests of any room: writes small ZIPs, honest or hostile, byte by byte and apart from Layout.
//
// Thread safety: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/crc32.h"
#include "base/deflate.h"
#include "base/file.h"

namespace valise::zip {

// An honest stored entry when only name and content are given; every other field is a lie or a
// variant.
struct TestEntry {
  std::string name;
  std::string content;
  bool deflate = false;
  bool descriptor = false;  // sizes and CRC follow the data; zeros in the local header
  bool zip64 = false;       // sizes in ZIP64 extras
  uint16_t flags = 0x0800;
  uint16_t made_by = 0x0314;  // UNIX
  uint32_t attributes = 0100644u << 16;
  std::string extra = {};  // in both headers
  std::optional<uint16_t> method = {};
  std::optional<uint32_t> crc = {};
  std::optional<uint64_t> size = {};         // declared, both headers
  std::optional<uint64_t> stored_size = {};  // declared, both headers
  std::optional<std::string> stored = {};    // the bytes of the body
  std::optional<std::string> local_name = {};
  std::optional<uint16_t> local_method = {};
  std::optional<uint32_t> local_size = {};
  std::optional<uint64_t> offset = {};  // of the local header, as the directory says
};

struct TestZipOptions {
  std::string junk = {};  // before the first header; offsets do not count it
  std::string comment = {};
  std::string trailing = {};  // after the end record
  std::optional<uint16_t> count = {};
  bool zip64_end = false;
  uint16_t disk = 0;
};

class TestZipWriter {
 public:
  explicit TestZipWriter(const TestZipOptions& options) : options_(options) {}

  std::string Write(std::span<const TestEntry> entries) {
    for (const TestEntry& entry : entries) Add(entry);
    const uint64_t directory = local_.size();
    std::string out = options_.junk + local_ + central_;
    if (options_.zip64_end) AppendZip64End(out, entries.size(), directory);
    out += "PK\x05\x06";
    AppendLe(out, options_.disk);
    AppendLe(out, uint16_t{0});
    const auto count = options_.count.value_or(static_cast<uint16_t>(entries.size()));
    AppendLe(out, options_.zip64_end ? uint16_t{0xFFFF} : count);
    AppendLe(out, options_.zip64_end ? uint16_t{0xFFFF} : count);
    AppendLe(out, options_.zip64_end ? ~0u : static_cast<uint32_t>(central_.size()));
    AppendLe(out, options_.zip64_end ? ~0u : static_cast<uint32_t>(directory));
    AppendLe(out, static_cast<uint16_t>(options_.comment.size()));
    return out + options_.comment + options_.trailing;
  }

 private:
  struct Values {
    uint16_t method;
    uint32_t crc;
    uint64_t size, stored_size;
  };

  void Add(const TestEntry& e) {
    const std::string body =
        e.stored.value_or(e.deflate ? DeflateComplete(AsBytes(e.content)) : e.content);
    const Values v{.method = e.method.value_or(e.deflate ? 8 : 0),
                   .crc = e.crc.value_or(Crc32(AsBytes(e.content))),
                   .size = e.size.value_or(e.content.size()),
                   .stored_size = e.stored_size.value_or(body.size())};
    const uint64_t offset = e.offset.value_or(local_.size());
    AppendLocal(e, v);
    local_ += body;
    if (e.descriptor) {
      local_ += "PK\x07\x08";
      AppendLe(local_, v.crc);
      AppendLe(local_, static_cast<uint32_t>(v.stored_size));
      AppendLe(local_, static_cast<uint32_t>(v.size));
    }
    AppendCentral(e, v, offset);
  }

  static std::string Extra(const TestEntry& e, const Values& v) {
    std::string extra;
    if (e.zip64) {
      AppendLe(extra, uint16_t{1});
      AppendLe(extra, uint16_t{16});
      AppendLe(extra, v.size);
      AppendLe(extra, v.stored_size);
    }
    return extra + e.extra;
  }

  static uint16_t Flags(const TestEntry& e) {
    return static_cast<uint16_t>(e.flags | (e.descriptor ? 8 : 0));
  }

  void AppendLocal(const TestEntry& e, const Values& v) {
    const std::string name = e.local_name.value_or(e.name);
    const std::string extra = Extra(e, v);
    local_ += "PK\x03\x04";
    AppendLe(local_, uint16_t{20});
    AppendLe(local_, Flags(e));
    AppendLe(local_, e.local_method.value_or(v.method));
    AppendLe(local_, uint32_t{0x4EEE645C});
    AppendLe(local_, e.descriptor ? 0u : v.crc);
    AppendLe(local_, e.descriptor ? 0u : e.zip64 ? ~0u : static_cast<uint32_t>(v.stored_size));
    AppendLe(local_, e.descriptor ? 0u
                     : e.zip64    ? ~0u
                                  : e.local_size.value_or(static_cast<uint32_t>(v.size)));
    AppendLe(local_, static_cast<uint16_t>(name.size()));
    AppendLe(local_, static_cast<uint16_t>(extra.size()));
    local_ += name + extra;
  }

  void AppendCentral(const TestEntry& e, const Values& v, uint64_t offset) {
    const std::string extra = Extra(e, v);
    central_ += "PK\x01\x02";
    AppendLe(central_, e.made_by);
    AppendLe(central_, uint16_t{20});
    AppendLe(central_, Flags(e));
    AppendLe(central_, v.method);
    AppendLe(central_, uint32_t{0x4EEE645C});
    AppendLe(central_, v.crc);
    AppendLe(central_, e.zip64 ? ~0u : static_cast<uint32_t>(v.stored_size));
    AppendLe(central_, e.zip64 ? ~0u : static_cast<uint32_t>(v.size));
    AppendLe(central_, static_cast<uint16_t>(e.name.size()));
    AppendLe(central_, static_cast<uint16_t>(extra.size()));
    AppendLe(central_, uint16_t{0});
    AppendLe(central_, uint32_t{0});
    AppendLe(central_, e.attributes);
    AppendLe(central_, static_cast<uint32_t>(offset));
    central_ += e.name + extra;
  }

  void AppendZip64End(std::string& out, uint64_t count, uint64_t directory) const {
    const uint64_t at = directory + central_.size();
    out += "PK\x06\x06";
    AppendLe(out, uint64_t{44});
    AppendLe(out, uint32_t{45u << 16 | 45u});
    AppendLe(out, uint64_t{0});
    AppendLe(out, count);
    AppendLe(out, count);
    AppendLe(out, uint64_t{central_.size()});
    AppendLe(out, directory);
    out += "PK\x06\x07";
    AppendLe(out, uint32_t{0});
    AppendLe(out, at);
    AppendLe(out, uint32_t{1});
  }

  const TestZipOptions& options_;
  std::string local_;
  std::string central_;
};

inline std::string MakeTestZip(std::span<const TestEntry> entries,
                               const TestZipOptions& options = {}) {
  return TestZipWriter(options).Write(entries);
}
inline std::string MakeTestZip(std::initializer_list<TestEntry> entries,
                               const TestZipOptions& options = {}) {
  return MakeTestZip(std::span(entries.begin(), entries.size()), options);
}

// Writes it to `path`, which is returned.
inline fs::path WriteTestFile(const fs::path& path, std::string_view content) {
  CHECK(MakeFolders(path.parent_path()).has_value());
  const Result<File> file = File::Create(path);
  CHECK(file.has_value());
  CHECK(file->Append(AsBytes(content)).has_value());
  return path;
}

// Two names for one body: the seed of every overlapping bomb.
inline std::string MakeOverlappingBomb() {
  const std::string zeros(1 << 20, '\0');
  return MakeTestZip({{.name = "a", .content = zeros, .deflate = true},
                      {.name = "a", .content = zeros, .deflate = true, .offset = 0}});
}

// An entry that says of a few bytes that they are 4 TB.
inline std::string MakeRatioBomb() {
  return MakeTestZip({{.name = "good.txt", .content = "good"},
                      {.name = "bomb",
                       .content = std::string(5000, 'x'),
                       .deflate = true,
                       .zip64 = true,
                       .size = 1ull << 41}});
}

// Names that lead out of any folder, and one that does not.
inline std::string MakeZipSlip() {
  return MakeTestZip({{.name = "../../etc/passwd", .content = "x"},
                      {.name = "/etc/passwd", .content = "x"},
                      {.name = "a/../../b", .content = "x"},
                      {.name = "C:\\Windows\\x", .content = "x"},
                      {.name = "..\\..\\x", .content = "x"},
                      {.name = std::string("a\0b", 3), .content = "x"},
                      {.name = "fine/a.txt", .content = "fine"}});
}

// A ZIP whose second half is missing.
inline std::string MakeTruncated() {
  const std::string whole = MakeTestZip({{.name = "a", .content = std::string(10'000, 'a')}});
  return whole.substr(0, whole.size() / 2);
}

// An entry whose content does not match its CRC, and one that does.
inline std::string MakeWrongCrc() {
  return MakeTestZip(
      {{.name = "bad.txt", .content = "bad", .crc = 1}, {.name = "good.txt", .content = "good"}});
}

}  // namespace valise::zip
