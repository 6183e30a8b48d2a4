// For tests of the format: an invented account, exported, unpacked and read again.
//
// Thread safety: test code.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "account/record_json.h"
#include "bundle/portable/portable_test.h"
#include "services/instagram/instagram_format.h"
#include "services/instagram/memory_archive.h"

namespace valise::services::instagram {

using ArchiveFiles = std::map<std::string, std::string>;

inline Timestamp At(std::string_view text) { return ParseTime(text).value(); }

class InstagramFormatTest : public ::testing::Test {
 protected:
  ArchiveFiles Export(const bundle::Selection& selection = {}) {
    sealed_ = sealed_ || (account_.Finish(), true);
    const fs::path path = folder_.path() / "plan";
    auto writer = bundle::PlanWriter::Create(path).value();
    const auto summary = InstagramFormat().Plan(account_.account(), selection, *writer, nullptr);
    EXPECT_TRUE(summary.has_value()) << summary.error().message;
    if (summary) summary_ = *summary;
    plan_ = bundle::Plan::Open(path).value();
    ArchiveFiles files;
    names_.clear();
    for (uint64_t i = 0; i < plan_->count(); ++i) {
      const zip::LayoutEntry entry = plan_->At(i);
      names_.emplace_back(entry.name);
      EXPECT_TRUE(files.emplace(entry.name, ContentOf(i)).second) << entry.name;
    }
    return files;
  }

  std::string ContentOf(uint64_t i) const {
    const zip::LayoutEntry entry = plan_->At(i);
    const bundle::Plan::Body body = plan_->BodyAt(i);
    std::string stored(body.bytes);
    if (body.in_blob) {
      stored.assign(body.blob_size, '\0');
      EXPECT_TRUE(blobs_.ReadAt(body.blob, 0, std::as_writable_bytes(std::span(stored))));
    }
    std::string content = entry.method == zip::Method::kStored
                              ? stored
                              : InflateExact(AsBytes(stored), entry.size).value();
    EXPECT_EQ(Crc32(AsBytes(content)), entry.crc) << entry.name;
    return content;
  }

  // What our own reader makes of it, media found by path as an import does.
  std::vector<account::Record> Read(const ArchiveFiles& files) {
    std::vector<std::string> paths;
    for (const auto& [path, content] : files) paths.push_back(path);
    const MemoryArchive archive(paths, {summary_.file_name});
    const InstagramSource source;
    EXPECT_GT(source.Recognize(archive.listing()), 0);
    const auto reading = source.Begin(archive.listing(), archive).value();
    ListSink sink;
    for (const auto& [path, content] : files) {
      if (reading->RoleOf(path) != FileRole::kData) continue;
      MemoryFile file{path, content};
      const auto counts = reading->ReadData(file, sink);
      EXPECT_TRUE(counts && counts->seen == counts->understood) << path;
    }
    EXPECT_TRUE(sink.issues.empty()) << sink.issues[0].path << sink.issues[0].message;
    for (account::Record& record : sink.records) {
      for (account::MediaItem* item : account::MediaOf(record)) {
        const auto found = files.find(item->path);
        if (found == files.end()) continue;
        item->digest = Sha256(found->second);
        item->size = found->second.size();
        item->type = "image/jpeg";
      }
    }
    return sink.records;
  }

  // The records without what the way back changes (docs/formats/instagram-bundle.md).
  static std::multiset<std::string> Comparable(std::vector<account::Record> records) {
    std::multiset<std::string> lines;
    for (account::Record& record : records) {
      account::Common& common = account::CommonOf(record);
      common.key.reset();
      common.provenance.clear();
      for (account::MediaItem* item : account::MediaOf(record)) {
        if (item->digest) item->path.clear();
      }
      if (auto* message = std::get_if<account::Message>(&record)) message->conversation.clear();
      lines.insert(account::ToJson(record));
    }
    return lines;
  }

  account::MediaItem Photo(std::string_view content, std::string id, std::string_view time) {
    const Digest digest =
        account_.AddMedium(content, "image/jpeg", At(time), {account::Kind::kPost});
    return {.digest = digest,
            .size = content.size(),
            .type = "image/jpeg",
            .source_id = std::move(id),
            .time = At(time)};
  }

  TemporaryFolder folder_;
  blob::MemoryBlobStore blobs_;
  bundle::SampleAccount account_{blobs_};
  bool sealed_ = false;
  bundle::PlanSummary summary_;
  std::unique_ptr<bundle::Plan> plan_;
  std::vector<std::string> names_;
};

inline account::Post PostOf(std::string_view time, std::string text,
                            std::vector<account::MediaItem> media, std::string form = "post") {
  account::Post post;
  post.time = At(time);
  post.form = std::move(form);
  post.text = std::move(text);
  if (!media.empty() && !media[0].source_id.empty()) {
    post.evidence.push_back("media:" + media[0].source_id);
  }
  post.media = std::move(media);
  return post;
}

}  // namespace valise::services::instagram
