// What the tests of the portable bundle share: a sample account, planned and unpacked.
//
// Thread safety: test code.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/deflate.h"
#include "blob/memory_blob_store.h"
#include "bundle/plan.h"
#include "bundle/portable/portable_format.h"
#include "bundle/portable/sample_account.h"

namespace valise::bundle {

inline constexpr EmbeddedFile kTestViewer[] = {
    {"START-HERE.html", "<html><body><!--valise:account--></body></html>"},
    {"viewer/viewer.css", "body{}"},
    {"viewer/viewer.js", "function valise(){}"}};

class PortableTest : public ::testing::Test {
 protected:
  void SetUp() override {
    FillSample(sample_);
    sample_.Finish();
  }

  std::unique_ptr<Plan> PlanOf(const Selection& selection, const bag::SigningKey* key = nullptr) {
    const fs::path path = folder_.path() / ("plan" + std::to_string(plans_++));
    auto writer = PlanWriter::Create(path).value();
    const auto summary = format_.Plan(sample_.account(), selection, *writer, key);
    EXPECT_TRUE(summary.has_value()) << summary.error().message;
    summary_ = *summary;
    return Plan::Open(path).value();
  }

  // Every entry, inflated, by its path below the top folder.
  std::map<std::string, std::string> Unpack(const Plan& plan) {
    std::map<std::string, std::string> files;
    for (uint64_t i = 0; i < plan.count(); ++i) {
      const zip::LayoutEntry entry = plan.At(i);
      const Plan::Body body = plan.BodyAt(i);
      std::string stored(body.in_blob ? body.prefix : body.bytes);
      if (body.in_blob) {
        std::string blob(body.blob_size, '\0');
        EXPECT_TRUE(blobs_.ReadAt(body.blob, 0, std::as_writable_bytes(std::span(blob))));
        stored += blob;
        stored += body.suffix;
      }
      const std::string name(entry.name.substr(entry.name.find('/') + 1));
      std::string content = entry.method == zip::Method::kStored
                                ? stored
                                : InflateExact(AsBytes(stored), entry.size).value();
      EXPECT_EQ(Crc32(AsBytes(content)), entry.crc) << name;
      EXPECT_EQ(content.size(), entry.size) << name;
      EXPECT_TRUE(files.emplace(name, std::move(content)).second) << name << " comes twice";
    }
    return files;
  }
  std::map<std::string, std::string> Files(const Selection& selection) {
    return Unpack(*PlanOf(selection));
  }

  // The ZIP as a file.
  fs::path ZipOf(const Plan& plan) {
    const fs::path path = folder_.path() / plan.file_name();
    EXPECT_TRUE(WritePlan(plan, blobs_, nullptr, File::Create(path).value(), nullptr));
    return path;
  }

  TemporaryFolder folder_;
  blob::MemoryBlobStore blobs_;
  SampleAccount sample_{blobs_};
  PortableFormat format_{kTestViewer};
  PlanSummary summary_;
  int plans_ = 0;
};

}  // namespace valise::bundle
