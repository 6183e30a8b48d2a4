#include "bundle/deflated_text.h"

#include "base/crc32.h"
#include "base/deflate.h"

namespace valise::bundle {
namespace {

constexpr size_t kChunk = 256u << 10;
constexpr int kLevel = 1;  // as the library seals

}  // namespace

DeflatedText::Part DeflatedText::Deflate(std::string_view text) {
  return {.stored = DeflateOpen(AsBytes(text), kLevel),
          .size = text.size(),
          .crc = Crc32(AsBytes(text))};
}

Result<DeflatedText> DeflatedText::Create(const PlanWriter& writer) {
  ASSIGN_OR_RETURN(Spool stored, writer.NewSpool());
  return DeflatedText(std::move(stored));
}

Status DeflatedText::Append(std::string_view text) {
  waiting_ += text;
  return waiting_.size() < kChunk ? Status{} : Flush();
}

Status DeflatedText::Append(const Part& part) {
  if (!waiting_.empty()) RETURN_IF_ERROR(Flush());
  crc_ = Crc32Combine(crc_, part.crc, part.size);
  size_ += part.size;
  return stored_.Append(part.stored);
}

Status DeflatedText::Flush() {
  const Part part = Deflate(waiting_);
  waiting_.clear();
  return Append(part);
}

Status DeflatedText::AddTo(PlanWriter& writer, const EntryFacts& entry) {
  if (!waiting_.empty()) RETURN_IF_ERROR(Flush());
  RETURN_IF_ERROR(stored_.Append(kDeflateEnd));
  RETURN_IF_ERROR(stored_.Close());
  return writer.AddDeflated(entry, stored_, size_, crc_);
}

}  // namespace valise::bundle
