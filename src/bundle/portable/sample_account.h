// An invented account in memory, sealed as the library would, for tests and benches of this room.
//
// Thread safety: test code.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "account/record_json.h"
#include "base/crc32.h"
#include "base/deflate.h"
#include "bundle/bundle_format.h"
#include "library/document.h"

namespace valise::bundle {

class SampleAccount {
 public:
  explicit SampleAccount(blob::BlobStore& blobs) : blobs_(blobs) {
    head_.service = "instagram";
    head_.username = "ann.example";
    head_.time = ParseTime("2024-07-07T20:35:31Z").value();
  }

  // A medium with this content; returns its digest. `time` names it.
  Digest AddMedium(std::string_view content, std::string_view type, std::optional<Timestamp> time,
                   std::vector<account::Kind> used_by) {
    const Digest digest = Sha256(content);
    const auto info = blobs_.Put(digest, blob::Encoding::kIdentity, AsBytes(content)).value();
    library::MediumRow row{.digest = digest,
                           .crc = Crc32(AsBytes(content)),
                           .size = content.size(),
                           .stored_size = info.stored_size,
                           .type = std::string(type),
                           .time = time,
                           .used_by = std::move(used_by)};
    AddMediumRow(std::move(row));
    return digest;
  }
  void AddMediumRow(library::MediumRow row) {
    const std::string year = row.time ? FormatTime(*row.time).substr(0, 4) : "undated";
    const std::string stem = row.time ? FormatTime(*row.time).substr(0, 10) + "_" : "";
    const std::string extension = row.type == "video/mp4" ? "mp4" : "jpg";
    row.name = fmt::format("{}/{}{}.{}", year, stem, row.digest.Hex().substr(0, 12), extension);
    head_.counts.media += 1;
    head_.counts.media_bytes += row.size;
    (IsVideo(row.type) ? head_.counts.videos : head_.counts.photos) += 1;
    (IsVideo(row.type) ? head_.counts.video_bytes : head_.counts.photo_bytes) += row.size;
    media_["media/" + year].push_back(std::move(row));
  }

  account::MediaItem ItemOf(const Digest& digest) const {
    return {.digest = digest,
            .size = 1,
            .type = "image/jpeg",
            .path = "media/posts/" + digest.Hex() + ".jpg"};
  }

  // Seals `records`, all of one kind, as a document.
  void AddDocument(std::string name, std::vector<account::Record> records,
                   std::optional<Key> conversation = {}) {
    library::DocumentRow row{.name = std::move(name), .conversation = conversation};
    library::TextBuilder text;
    for (account::Record& record : records) {
      account::Common& common = account::CommonOf(record);
      if (!common.key) common.key = Key::Of(std::to_string(next_key_++));
      row.kind = account::KindOf(record);
      text.Line(account::ToJson(record));
      row.missing += account::MissingMediaOf(record);
      row.absent += account::CommonOf(record).absent_since ? 1 : 0;
      const auto time = account::TimeOf(record);
      if (time && (!row.first || *time < *row.first)) row.first = time;
      if (time && (!row.last || *time > *row.last)) row.last = time;
    }
    row.records = records.size();
    head_.counts.records[static_cast<size_t>(row.kind)] += row.records;
    library::SetSeal(row, library::SealText(blobs_, text.Take()).value());
    head_.documents.push_back(std::move(row));
  }

  // An import and its files; content of those that are kept lies in the store, deflated if
  // `deflated`.
  void AddImport(account::ImportInfo info, std::vector<account::OriginalFile> files) {
    library::TextBuilder text;
    library::ListRow list{.name = "originals/" + info.id};
    for (const account::OriginalFile& file : files) {
      text.Line(account::ToJson(file));
      list.bytes += file.size;
    }
    list.rows = files.size();
    library::SetSeal(list, library::SealText(blobs_, text.Take()).value());
    head_.imports.push_back({.info = std::move(info), .files = std::move(list)});
  }
  account::OriginalFile Keep(std::string path, account::Fate fate, std::string_view content) {
    const std::string stored = DeflateComplete(AsBytes(content));
    const auto info =
        blobs_.Put(Sha256(content), blob::Encoding::kDeflate, AsBytes(stored)).value();
    return {.path = std::move(path),
            .fate = fate,
            .digest = Sha256(content),
            .size = content.size(),
            .crc = Crc32(AsBytes(content)),
            .stored_size = info.stored_size,
            .deflated = info.encoding == blob::Encoding::kDeflate,
            .seen = 2,
            .understood = 2};
  }

  void AddIssue(std::string_view code, std::string_view path, std::string_view message,
                uint64_t count) {
    JsonWriter line;
    line.BeginObject()
        .Member("import", "9f1c000000000001")
        .Member("code", code)
        .Member("path", path);
    line.Member("message", message).Member("count", count).EndObject();
    issues_.Line(line.text());
  }

  // Seals the lists and gives the head. Once.
  const library::Head& Finish() {
    for (auto& [name, rows] : media_) {
      library::TextBuilder text;
      library::ListRow list{.name = name};
      for (const library::MediumRow& row : rows) {
        text.Line(library::ToJson(row));
        list.bytes += row.size;
      }
      list.rows = rows.size();
      library::SetSeal(list, library::SealText(blobs_, text.Take()).value());
      head_.media.push_back(std::move(list));
    }
    if (issues_.lines() > 0) {
      library::ListRow list{.name = "issues", .rows = issues_.lines()};
      library::SetSeal(list, library::SealText(blobs_, issues_.Take()).value());
      head_.issues = list;
    }
    std::ranges::sort(head_.documents, {}, &library::DocumentRow::name);
    digest_ = library::PutHead(blobs_, head_).value();
    return head_;
  }

  Account account() const { return {.blobs = blobs_, .head_digest = digest_, .head = head_}; }
  library::Head& head() { return head_; }

 private:
  blob::BlobStore& blobs_;
  library::Head head_;
  Digest digest_;
  std::map<std::string, std::vector<library::MediumRow>> media_;
  library::TextBuilder issues_;
  int next_key_ = 0;
};

// A small account with everything in it: posts and stories of two years, two conversations,
// comments, a follower, one missing medium, one medium that no record shows, originals with an
// unsafe name.
inline void FillSample(SampleAccount& to) {
  using account::Kind;
  const auto at = [](std::string_view text) { return ParseTime(text).value(); };
  const auto old_photo = to.AddMedium(std::string(5'000, 'o'), "image/jpeg",
                                      at("2023-05-01T10:00:00Z"), {Kind::kPost});
  const auto photo = to.AddMedium(std::string(9'000, 'n'), "image/jpeg", at("2024-02-01T10:00:00Z"),
                                  {Kind::kPost});
  const auto video = to.AddMedium(std::string(90'000, 'v'), "video/mp4", at("2024-03-01T10:00:00Z"),
                                  {Kind::kStory});
  const auto sent = to.AddMedium(std::string(700, 's'), "image/jpeg", at("2024-03-05T10:00:00Z"),
                                 {Kind::kMessage});
  to.AddMedium("shown by nobody", "image/jpeg", std::nullopt, {});

  to.AddDocument("profile", {account::Profile{{}, "ann.example", "Ann <3 & co", "bio"}});
  account::Post old_post{
      {}, at("2023-05-01T10:00:00Z"), "post", "old \xF0\x9F\x98\x80", {to.ItemOf(old_photo)}};
  account::Post new_post{
      {}, at("2024-02-01T10:00:00Z"), "post", "says \"digest\":\"no\"", {to.ItemOf(photo)}};
  account::Post lost_post{{},
                          at("2024-06-01T10:00:00Z"),
                          "post",
                          "lost",
                          {account::MediaItem{.path = "media/posts/gone.jpg"}}};
  to.AddDocument("posts/2023", {old_post});
  to.AddDocument("posts/2024", {new_post, lost_post});
  to.AddDocument("stories/2024",
                 {account::Story{{}, at("2024-03-01T10:00:00Z"), "", to.ItemOf(video)}});
  to.AddDocument("comments/undated", {account::Comment{{}, {}, "posts", "bob", "when?"}});
  to.AddDocument("connections/follower",
                 {account::Connection{{}, "follower", "bob", "", at("2024-01-01T00:00:00Z")},
                  account::Connection{{}, "follower", "old", "", {}}});
  const Key ann = Key::Of("conversation ann");
  const Key bob = Key::Of("conversation bob");
  account::Conversation with_ann{{}, "Ann", "inbox", {"Ann", "Me"}};
  account::Conversation with_bob{{}, "Bob", "inbox", {"Bob", "Me"}};
  with_ann.key = ann;
  with_bob.key = bob;
  to.AddDocument("conversations", {with_ann, with_bob});
  account::Message early{{}, ann.Hex(), at("2024-03-05T10:00:00Z"), "Ann",
                         "", "look",    {to.ItemOf(sent)}};
  account::Message late{{}, ann.Hex(), at("2024-09-05T10:00:00Z"), "Me", "", "later"};
  to.AddDocument("messages/ann-000001/2024", {early, late}, ann);
  to.AddDocument("messages/bob-000002/2023",
                 {account::Message{{}, bob.Hex(), at("2023-01-05T10:00:00Z"), "Bob", "", "hi"}},
                 bob);

  account::OriginalFile medium{
      .path = "media/posts/a.jpg", .fate = account::Fate::kMedium, .digest = photo, .size = 9'000};
  to.AddImport({.id = "9f1c000000000001",
                .service = "instagram",
                .generation = "instagram G4",
                .time = at("2024-07-07T20:00:00Z"),
                .parts = {"a.zip"}},
               {to.Keep("aux.json", account::Fate::kKept, "reserved on Windows"),
                to.Keep("content/posts_1.json", account::Fate::kParsed, "[{\"title\":\"x\"}]"),
                medium,
                to.Keep("what%20is this?.json", account::Fate::kKept, "unsafe name"),
                {.path = "__MACOSX/x", .fate = account::Fate::kJunk, .size = 3}});
  to.AddIssue("missing_media", "content/posts_1.json", "media/posts/gone.jpg is not in the archive",
              1);
  to.AddIssue("unknown_member", "content/posts_1.json",
              "\"x\" is not understood; it is kept in the original", 4);
}

}  // namespace valise::bundle
