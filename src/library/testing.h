// For tests: a library in a temporary folder, and imports in a line.
//
// Thread safety: tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "account/record_json.h"
#include "library/import_run.h"
#include "library/library.h"

namespace valise::library {

// An invented archive: data files with records, and media by path.
struct TestArchive {
  std::string date = "2024-01-01T00:00:00Z";
  std::map<std::string, std::vector<account::Record>> data;
  std::map<std::string, std::string> media;  // path → bytes
  bool keeps_keys = false;
  bool coarse_times = false;
  std::string service = "instagram";
};

class TestLibrary {
 public:
  // In a folder of its own, the desk in memory.
  TestLibrary() : own_(std::make_shared<TemporaryFolder>()), folder_(own_->path()) {
    Open(*sql::OpenSqliteInMemory());
  }
  // In a folder that outlives it, the desk in a file there.
  explicit TestLibrary(const fs::path& folder) : folder_(folder) {
    Open(*sql::OpenSqlite(folder_ / "desk.sqlite"));
  }

  Library& operator*() { return *library_; }
  Library* operator->() { return library_.get(); }
  Accounts& accounts() { return *accounts_; }
  const fs::path& folder() const { return folder_; }

  // Takes the files of an archive in, up to FilesDone(). `before_done` may look at the run.
  Result<std::unique_ptr<ImportRun>> Begin(const TestArchive& archive,
                                           std::optional<ImportReport>* already) {
    std::vector<std::string> paths;
    for (const auto& [path, records] : archive.data) paths.push_back(path);
    for (const auto& [path, bytes] : archive.media) paths.push_back(path);
    std::ranges::sort(paths);
    ASSIGN_OR_RETURN(auto run, ImportRun::Begin(*library_, paths));
    for (uint32_t number = 0; number < paths.size(); ++number) {
      const std::string& path = paths[number];
      const auto medium = archive.media.find(path);
      std::string bytes;
      if (medium != archive.media.end()) {
        bytes = medium->second;
      } else {
        for (const auto& record : archive.data.at(path)) {
          bytes += (bytes.empty() ? "[\n" : ",\n") + account::ToJson(record);
        }
        // So that another archive is another file; a text is no entry.
        bytes += (bytes.empty() ? "[\n\"" : ",\n\"") + archive.date + "\"\n]\n";
      }
      account::OriginalFile file{
          .path = path,
          .fate = medium != archive.media.end() ? account::Fate::kMedium : account::Fate::kParsed,
          .digest = Sha256(bytes),
          .size = bytes.size(),
          .crc = 1,
          .stored_size = bytes.size()};
      if (medium != archive.media.end()) file.type = "image/jpeg";
      RETURN_IF_ERROR(
          library_->blobs().Put(*file.digest, blob::Encoding::kIdentity, AsBytes(bytes)));
      RETURN_IF_ERROR(run->SetFile(number, file, 1));
    }
    ImportRun::Options options;
    options.info.service = archive.service;
    options.info.generation = "test";
    options.info.date = *ParseTime(archive.date);
    options.info.time = *ParseTime("2026-01-01T00:00:00Z");
    options.info.coarse_times = archive.coarse_times;
    options.keeps_keys = archive.keeps_keys;
    ASSIGN_OR_RETURN(*already, run->FilesDone(options));
    if (*already) return run;
    const auto find = [paths](std::string_view path) -> std::optional<uint32_t> {
      const auto at = std::ranges::find(paths, path);
      if (at == paths.end()) return std::nullopt;
      return static_cast<uint32_t>(at - paths.begin());
    };
    for (const auto& [path, records] : archive.data) {
      const uint32_t number = *find(path);
      const auto sink = run->NewSink(number, find);
      uint32_t index = 0;
      for (account::Record record : records) {
        if (!archive.keeps_keys) {
          account::CommonOf(record).provenance = {{.import = {}, .file = 0, .index = index++}};
        }
        RETURN_IF_ERROR(sink->Put(std::move(record)));
      }
      run->SetCounts(number, {records.size(), records.size()});
    }
    return run;
  }

  ImportReport Import(const TestArchive& archive) {
    std::optional<ImportReport> already;
    auto run = Begin(archive, &already);
    if (!run) {
      ADD_FAILURE() << run.error().message;
      return {};
    }
    if (already) return *already;
    const auto report = (*run)->Commit(clock_, {});
    if (!report) {
      ADD_FAILURE() << report.error().message;
      return {};
    }
    return *report;
  }

  Head CurrentHead() {
    const auto current = library_->Current();
    if (!current || !*current) {
      ADD_FAILURE() << "no head";
      return {};
    }
    return (*current)->head;
  }

  // All records of a kind, in the order of the documents.
  template <typename T>
  std::vector<T> Records() {
    std::vector<T> all;
    for (const DocumentRow& row : CurrentHead().documents) {
      if (account::KindOf(account::Record(T{})) != row.kind) continue;
      const auto records = library_->ReadRecords(row);
      if (!records) {
        ADD_FAILURE() << records.error().message;
        continue;
      }
      EXPECT_EQ(records->size(), row.records);
      for (const account::Record& record : *records) all.push_back(std::get<T>(record));
    }
    return all;
  }

  ManualClock& clock() { return clock_; }

 private:
  void Open(std::unique_ptr<sql::Database> desk) {
    database_ = std::move(desk);
    accounts_ = *Accounts::Open(*database_);
    if (accounts_->List()->empty()) {
      EXPECT_TRUE(accounts_->Create({.id = "00000000000000aa",
                                     .service = "instagram",
                                     .username = "ann",
                                     .owner = "",
                                     .head = {},
                                     .created = {}}));
    }
    library_ = *Library::Open(*accounts_, folder_, "00000000000000aa");
  }

  std::shared_ptr<TemporaryFolder> own_;
  fs::path folder_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<Accounts> accounts_;
  std::unique_ptr<Library> library_;
  ManualClock clock_{FromSeconds(1'800'000'000)};
};

inline account::MediaItem TestItem(std::string path) {
  account::MediaItem item;
  item.path = std::move(path);
  return item;
}

inline account::Message TestMessage(std::string conversation, int64_t ms, std::string text,
                                    std::string sender = "Ann") {
  account::Message message;
  message.conversation = std::move(conversation);
  message.time = FromMillis(ms);
  message.sender = std::move(sender);
  message.text = std::move(text);
  return message;
}

inline account::Conversation TestConversation(std::string evidence, std::string title) {
  account::Conversation conversation;
  conversation.evidence = {std::move(evidence)};
  conversation.title = std::move(title);
  return conversation;
}

inline account::Post TestPost(std::string evidence, std::string_view time, std::string text) {
  account::Post post;
  if (!evidence.empty()) post.evidence = {std::move(evidence)};
  post.time = *ParseTime(time);
  post.form = "post";
  post.text = std::move(text);
  return post;
}

}  // namespace valise::library
