// Port: a BundleFormat turns a snapshot of an account, cut to a selection, into a plan.
//
// A format is stateless: Plan() may be called from any thread, each call with a writer of its own.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "account/records.h"
#include "bag/signature.h"
#include "base/digest.h"
#include "base/result.h"
#include "blob/blob_store.h"
#include "bundle/plan_writer.h"
#include "bundle/selection.h"
#include "library/head.h"

namespace valise::bundle {

// A snapshot and where what it names lies. Borrowed for the call.
struct Account {
  const blob::BlobStore& blobs;
  const Digest& head_digest;
  const library::Head& head;
};

// What went into a plan.
struct PlanSummary {
  std::string file_name;  // "ann-2024-07-07.zip"
  std::array<uint64_t, account::kKindCount> records{};
  uint64_t media = 0;
  uint64_t media_bytes = 0;
  uint64_t photos = 0;
  uint64_t videos = 0;
  uint64_t missing = 0;  // media that the packed records speak of and nobody brought
  uint64_t damaged = 0;  // those of them that came and could not be read
  uint64_t issues = 0;
  bool operator==(const PlanSummary&) const = default;
};

class BundleFormat {
 public:
  virtual ~BundleFormat() = default;
  virtual std::string_view name() const = 0;  // "portable"
  // Writes and finishes the plan. The same account, selection and key give the same bytes, whatever
  // the time. Without a key (nullptr) the bundle is unsigned. Errors: kNotFound or kCorrupt (a
  // document is gone or damaged), kLimitExceeded, kUnavailable.
  virtual Result<PlanSummary> Plan(const Account& account, const Selection& selection,
                                   PlanWriter& writer, const bag::SigningKey* key) const = 0;
};

// The formats that a program knows; the first is what people get who choose none.
using Formats = std::span<const BundleFormat* const>;
// nullptr when there is none of that name.
const BundleFormat* FindFormat(Formats formats, std::string_view name);

// What an account holds, for the form where a member chooses. From the head alone: costs nothing.
struct Contents {
  struct OfKind {
    uint64_t records = 0;
    uint64_t bytes = 0;  // of the documents, as they are packed
  };
  std::array<OfKind, account::kKindCount> kinds{};
  uint64_t photos = 0, photo_bytes = 0;
  uint64_t videos = 0, video_bytes = 0;
  uint64_t other_media = 0, other_media_bytes = 0;
  uint64_t original_bytes = 0;           // of received files, media included
  std::optional<Timestamp> first, last;  // of all records
};
Contents Describe(const library::Head& head);

}  // namespace valise::bundle
