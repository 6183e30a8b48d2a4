#include "media_store.h"

#include <fmt/format.h>

namespace valise::host {
namespace {

constexpr size_t kSniffed = 16;

}  // namespace

std::string_view Sniff(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return "image/png";
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return "image/gif";
  if (bytes.starts_with("RIFF") && bytes.substr(8).starts_with("WEBP")) return "image/webp";
  if (bytes.starts_with("\x1A\x45\xDF\xA3")) return "video/webm";
  if (bytes.size() >= 12 && bytes.substr(4).starts_with("ftyp")) {
    const std::string_view brand = bytes.substr(8, 4);
    if (brand == "avif") return "image/avif";
    for (const std::string_view video :
         {"isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash"}) {
      if (brand == video) return "video/mp4";
    }
    if (brand == "qt  ") return "video/quicktime";
  }
  return "";
}

Result<std::unique_ptr<MediaStore>> MediaStore::Open(const fs::path& folder, Random& random) {
  // What a crash left half written.
  std::error_code ignored;
  fs::remove_all(folder / "coming", ignored);
  RETURN_IF_ERROR(MakeFolders(folder / "coming"));
  return std::unique_ptr<MediaStore>(new MediaStore(folder, random));
}

fs::path MediaStore::PathOf(std::string_view sha256) const {
  return folder_ / sha256.substr(0, 2) / sha256;
}

Status MediaStore::Remove(std::string_view sha256) const {
  std::error_code failed;
  fs::remove(PathOf(sha256), failed);
  if (failed) return std::unexpected(ErrnoError("remove a medium", failed.value()));
  return {};
}

Result<std::unique_ptr<MediaStore::Incoming>> MediaStore::Begin() const {
  fs::path path = folder_ / "coming" / random_.HexToken(16);
  ASSIGN_OR_RETURN(File file, File::Create(path));
  return std::unique_ptr<Incoming>(new Incoming(*this, std::move(path), std::move(file)));
}

Result<Medium> MediaStore::Add(const fs::path& file) const {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kMaxVideo));
  ASSIGN_OR_RETURN(const auto incoming, Begin());
  RETURN_IF_ERROR(incoming->Write(bytes));
  return incoming->Finish();
}

MediaStore::Incoming::~Incoming() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove(path_, ignored);
}

Status MediaStore::Incoming::Check() const {
  const std::string_view type = Sniff(head_);
  if (type.empty()) {
    return Fail(ErrorCode::kUnsupported,
                "this is not a photo or a video: JPEG, PNG, WebP, GIF, AVIF, MP4 and WebM can be "
                "shared here");
  }
  const int64_t limit = type.starts_with("video/") ? kMaxVideo : kMaxPhoto;
  if (size_ > limit) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("this file is too large: at most {} MB", limit >> 20));
  }
  return {};
}

Status MediaStore::Incoming::Write(std::string_view bytes) {
  if (head_.size() < kSniffed) head_ += bytes.substr(0, kSniffed - head_.size());
  size_ += static_cast<int64_t>(bytes.size());
  if (head_.size() == kSniffed) RETURN_IF_ERROR(Check());
  hasher_.Update(AsBytes(bytes));
  return file_.Append(AsBytes(bytes));
}

Result<Medium> MediaStore::Incoming::Finish() {
  RETURN_IF_ERROR(Check());
  RETURN_IF_ERROR(file_.Sync());
  Medium medium{.sha256 = hasher_.Finish().Hex(),
                .type = std::string(Sniff(head_)),
                .size = size_,
                .alt = {}};
  const fs::path home = store_.PathOf(medium.sha256);
  RETURN_IF_ERROR(MakeFolders(home.parent_path()));
  std::error_code failed;
  fs::rename(path_, home, failed);
  if (failed) return std::unexpected(ErrnoError("keep a medium", failed.value()));
  path_.clear();
  RETURN_IF_ERROR(SyncFolder(home.parent_path()));
  return medium;
}

}  // namespace valise::host
