// Puts entries into a plan as a BagIt bag: payload and tag files, their manifests, the signature
// (docs/formats/portable.md).
//
// Thread safety: belongs to one thread. Lifetime: borrows the PlanWriter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "bundle/bundle_format.h"
#include "bundle/plan_writer.h"
#include "library/document.h"

namespace valise::bundle {

// A sealed text: a blob of the library, or one that was sealed anew for this bundle and lies in the
// plan.
struct SealedText {
  library::Seal seal;
  std::optional<std::string> open;  // its open deflate stream when it is not a blob
};

// Seals `text` without storing it.
SealedText SealForPlan(std::string_view text);

// A received file or a medium, kept as it is or as a complete deflate stream.
struct StoredFile {
  Digest digest;
  uint64_t size = 0;
  uint64_t stored_size = 0;
  uint32_t crc = 0;
  bool deflated = false;
};

class BagWriter {
 public:
  // `top` is the top folder; `time_s` the time of what has none of its own.
  static Result<BagWriter> Create(PlanWriter& plan, std::string top, int64_t time_s);

  // Paths are relative to the top folder. Payload lies below data/.
  Status AddPayload(std::string_view path, std::string_view content);
  Status AddPayload(std::string_view path, const SealedText& text);
  Status AddPayload(std::string_view path, const StoredFile& file, std::optional<int64_t> time_s);
  Status AddTag(std::string_view path, std::string_view content);
  // The .js twin of a sealed text.
  Status AddTwin(std::string_view path, const SealedText& text);

  // bag-info.txt, manifests, signature (when there is a key); then finishes the plan.
  struct Closing {
    std::string date;  // YYYY-MM-DD
    std::string head;  // hex
    std::string description;
    std::string file_name;
  };
  Status Finish(const Closing& closing, const bag::SigningKey* key);

 private:
  BagWriter(PlanWriter& plan, std::string top, int64_t time_s, Spool manifest)
      : plan_(&plan), top_(std::move(top)), time_s_(time_s), manifest_(std::move(manifest)) {}
  EntryFacts Entry(std::string_view path, std::optional<int64_t> time_s = {});
  Status Payload(std::string_view path, const Digest& digest, uint64_t size);
  void Tag(std::string_view path, const Digest& digest);

  PlanWriter* plan_;
  std::string top_;
  int64_t time_s_;
  Spool manifest_;  // of the payload
  std::string tag_manifest_;
  std::string name_;  // the entry being added: top folder and path
  std::string line_;
  uint64_t payload_files_ = 0;
  uint64_t payload_bytes_ = 0;
};

}  // namespace valise::bundle
