#include "media/sniff.h"

#include <algorithm>
#include <array>
#include <string>

namespace valise::media {
namespace {

using namespace std::string_view_literals;

struct Signature {
  size_t offset;
  std::string_view bytes;
  std::string_view type;
};

// Longer and more certain ones first. Brands of ISO base media files: ISO/IEC 14496-12 §4.3.
constexpr auto kSignatures = std::to_array<Signature>({
    {0, "\xFF\xD8\xFF"sv, "image/jpeg"}, {0, "\x89PNG\r\n\x1A\n"sv, "image/png"},
    {0, "GIF87a"sv, "image/gif"},        {0, "GIF89a"sv, "image/gif"},
    {8, "WEBPVP8"sv, "image/webp"},      {4, "ftypheic"sv, "image/heic"},
    {4, "ftypheix"sv, "image/heic"},     {4, "ftypmif1"sv, "image/heif"},
    {4, "ftypavif"sv, "image/avif"},     {4, "ftypM4A "sv, "audio/mp4"},
    {4, "ftypM4B "sv, "audio/mp4"},      {4, "ftypqt  "sv, "video/quicktime"},
    {4, "ftyp"sv, "video/mp4"},          {0, "\x1A\x45\xDF\xA3"sv, "video/webm"},
    {0, "OggS"sv, "audio/ogg"},          {0, "ID3"sv, "audio/mpeg"},
    {0, "\xFF\xFB"sv, "audio/mpeg"},     {0, "\xFF\xF3"sv, "audio/mpeg"},
    {0, "\xFF\xF1"sv, "audio/aac"},      {0, "\xFF\xF9"sv, "audio/aac"},
    {8, "WAVEfmt "sv, "audio/wav"},      {8, "AVI "sv, "video/x-msvideo"},
});

struct Extension {
  std::string_view type;
  std::string_view extension;
};

constexpr auto kExtensions = std::to_array<Extension>({
    {"image/jpeg", ".jpg"},
    {"image/png", ".png"},
    {"image/gif", ".gif"},
    {"image/webp", ".webp"},
    {"image/heic", ".heic"},
    {"image/heif", ".heif"},
    {"image/avif", ".avif"},
    {"audio/mp4", ".m4a"},
    {"video/quicktime", ".mov"},
    {"video/mp4", ".mp4"},
    {"video/webm", ".webm"},
    {"audio/ogg", ".ogg"},
    {"audio/mpeg", ".mp3"},
    {"audio/aac", ".aac"},
    {"audio/wav", ".wav"},
    {"video/x-msvideo", ".avi"},
    {"application/x-subrip", ".srt"},
    {"text/vtt", ".vtt"},
});

}  // namespace

std::string_view Sniff(Bytes first_bytes) {
  const std::string_view text = AsText(first_bytes);
  const auto found = std::ranges::find_if(kSignatures, [&](const Signature& s) {
    return text.size() >= s.offset + s.bytes.size() &&
           text.substr(s.offset, s.bytes.size()) == s.bytes;
  });
  return found == kSignatures.end() ? ""sv : found->type;
}

std::string_view ExtensionOf(std::string_view type) {
  const auto found = std::ranges::find(kExtensions, type, &Extension::type);
  return found == kExtensions.end() ? ""sv : found->extension;
}

std::string_view TypeOfName(std::string_view path) {
  const size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return "";
  std::string extension(path.substr(dot));
  std::ranges::transform(extension, extension.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  if (extension == ".jpeg") return "image/jpeg";
  const auto found = std::ranges::find(kExtensions, extension, &Extension::extension);
  return found == kExtensions.end() ? ""sv : found->type;
}

}  // namespace valise::media
