#include "account/kept_files.h"

namespace valise::account {

void Count(KeptByCategory& kept, const OriginalFile& file) {
  if (file.fate != Fate::kKept) return;
  KeptFiles& of = kept[file.category.empty() ? std::string(kOtherCategory) : file.category];
  ++of.files;
  of.bytes += file.size;
}

void Count(KeptByCategory& kept, const KeptByCategory& other) {
  for (const auto& [category, of] : other) {
    kept[category].files += of.files;
    kept[category].bytes += of.bytes;
  }
}

void Write(JsonWriter& to, const KeptByCategory& kept) {
  to.BeginArray();
  for (const auto& [category, of] : kept) {
    to.BeginObject().Member("category", category).Member("files", of.files);
    to.Member("bytes", of.bytes).EndObject();
  }
  to.EndArray();
}

}  // namespace valise::account
