#include "bundle/portable/bag_writer.h"

#include <fmt/format.h>

#include "bag/manifest_writer.h"
#include "base/crc32.h"
#include "base/deflate.h"

namespace valise::bundle {
namespace {

constexpr int kLevel = 1;  // as the library seals
constexpr std::string_view kManifest = "manifest-sha256.txt";
constexpr std::string_view kTagManifest = "tagmanifest-sha256.txt";
constexpr std::string_view kSignature = "tagmanifest-sha256.txt.minisig";

std::string TwinBegin(const Digest& digest) {
  std::string begin(library::kTwinBegin);
  begin += digest.Hex();
  begin += library::kTwinMiddle;
  return begin;
}

}  // namespace

SealedText SealForPlan(std::string_view text) {
  SealedText sealed;
  library::Seal& seal = sealed.seal;
  seal.digest = Sha256(text);
  seal.crc = Crc32(AsBytes(text));
  seal.size = text.size();
  Hasher twin;
  twin.Update(AsBytes(TwinBegin(seal.digest)));
  twin.Update(AsBytes(text));
  twin.Update(AsBytes(library::kTwinEnd));
  seal.twin_digest = twin.Finish();
  sealed.open = DeflateOpen(AsBytes(text), kLevel);
  seal.stored_size = sealed.open->size();
  return sealed;
}

Result<BagWriter> BagWriter::Create(PlanWriter& plan, std::string top, int64_t time_s) {
  ASSIGN_OR_RETURN(Spool manifest, plan.NewSpool());
  return BagWriter(plan, std::move(top), time_s, std::move(manifest));
}

EntryFacts BagWriter::Entry(std::string_view path, std::optional<int64_t> time_s) {
  name_.assign(top_);
  name_ += '/';
  name_ += path;
  return {.name = name_, .time_s = time_s.value_or(time_s_)};
}

Status BagWriter::Payload(std::string_view path, const Digest& digest, uint64_t size) {
  ++payload_files_;
  payload_bytes_ += size;
  line_.clear();
  bag::AppendManifestLine(line_, digest, path);
  return manifest_.Append(line_);
}

void BagWriter::Tag(std::string_view path, const Digest& digest) {
  bag::AppendManifestLine(tag_manifest_, digest, path);
}

Status BagWriter::AddPayload(std::string_view path, std::string_view content) {
  RETURN_IF_ERROR(Payload(path, Sha256(content), content.size()));
  return plan_->AddStored(Entry(path), content);
}

Status BagWriter::AddPayload(std::string_view path, const SealedText& text) {
  const library::Seal& seal = text.seal;
  RETURN_IF_ERROR(Payload(path, seal.digest, seal.size));
  if (text.open) {
    const std::string stored = *text.open + std::string(kDeflateEnd);
    return plan_->AddDeflated(Entry(path), {.stored = stored, .size = seal.size, .crc = seal.crc});
  }
  return plan_->AddBlob(Entry(path), {.blob = seal.digest,
                                      .blob_size = seal.stored_size,
                                      .size = seal.size,
                                      .crc = seal.crc,
                                      .method = zip::Method::kDeflate,
                                      .prefix = {},
                                      .suffix = kDeflateEnd});
}

Status BagWriter::AddPayload(std::string_view path, const StoredFile& file,
                             std::optional<int64_t> time_s) {
  RETURN_IF_ERROR(Payload(path, file.digest, file.size));
  return plan_->AddBlob(Entry(path, time_s),
                        {.blob = file.digest,
                         .blob_size = file.stored_size,
                         .size = file.size,
                         .crc = file.crc,
                         .method = file.deflated ? zip::Method::kDeflate : zip::Method::kStored,
                         .prefix = {},
                         .suffix = {}});
}

Status BagWriter::AddTag(std::string_view path, std::string_view content) {
  Tag(path, Sha256(content));
  return plan_->AddStored(Entry(path), content);
}

Status BagWriter::AddTwin(std::string_view path, const SealedText& text) {
  const library::Seal& seal = text.seal;
  Tag(path, seal.twin_digest);
  const std::string begin = TwinBegin(seal.digest);
  const std::string before = StoredBlock(begin, false);
  const std::string after = StoredBlock(library::kTwinEnd, true);
  const uint32_t crc = Crc32Combine(Crc32Combine(Crc32(AsBytes(begin)), seal.crc, seal.size),
                                    Crc32(AsBytes(library::kTwinEnd)), library::kTwinEnd.size());
  const uint64_t size = seal.size + library::kTwinExtra;
  if (text.open) {
    const std::string stored = before + *text.open + after;
    return plan_->AddDeflated(Entry(path), {.stored = stored, .size = size, .crc = crc});
  }
  return plan_->AddBlob(Entry(path), {.blob = seal.digest,
                                      .blob_size = seal.stored_size,
                                      .size = size,
                                      .crc = crc,
                                      .method = zip::Method::kDeflate,
                                      .prefix = before,
                                      .suffix = after});
}

Status BagWriter::Finish(const Closing& closing, const bag::SigningKey* key) {
  std::string info;
  bag::AppendBagInfo(info, "Bag-Software-Agent", "Valise");
  bag::AppendBagInfo(info, "Bagging-Date", closing.date);
  bag::AppendBagInfo(info, "External-Identifier", fmt::format("urn:valise:head:{}", closing.head));
  bag::AppendBagInfo(info, "External-Description", closing.description);
  bag::AppendBagInfo(info, "Payload-Oxum", bag::PayloadOxum(payload_bytes_, payload_files_));
  RETURN_IF_ERROR(AddTag("bag-info.txt", info));
  RETURN_IF_ERROR(manifest_.Close());
  Tag(kManifest, manifest_.digest());
  RETURN_IF_ERROR(plan_->AddSpool(Entry(kManifest), manifest_));
  RETURN_IF_ERROR(plan_->AddStored(Entry(kTagManifest), tag_manifest_));
  if (key != nullptr) {
    const std::string comment = fmt::format("valise {} head:{}", closing.file_name, closing.head);
    ASSIGN_OR_RETURN(const std::string signature, key->Sign(AsBytes(tag_manifest_), comment));
    RETURN_IF_ERROR(plan_->AddStored(Entry(kSignature), signature));
  }
  return plan_->Finish(closing.file_name);
}

}  // namespace valise::bundle
