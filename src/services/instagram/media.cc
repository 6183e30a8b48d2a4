#include "services/instagram/media.h"

#include <algorithm>
#include <array>

namespace valise::services::instagram {
namespace {

// Known, and of no use outside Instagram.
constexpr std::array<std::string_view, 6> kPassedOver = {"cross_post_source", "dubbing_info",
                                                         "media_variants",    "interest_topics",
                                                         "ai_stickers",       "fbid"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The EXIF of one photo may stand in several objects (place in the first, camera in the second):
// all are merged.
JsonError ReadExif(od::value list, account::Place& place) {
  return EachElement(list, [&](od::value entry) {
    return EachMember(entry, [&](std::string_view name, od::value value) {
      double degrees = 0;
      if (name == "latitude") {
        const JsonError error = UnlessType(value.get_double().get(degrees), value);
        place.latitude = degrees;
        return error;
      }
      if (name == "longitude") {
        const JsonError error = UnlessType(value.get_double().get(degrees), value);
        place.longitude = degrees;
        return error;
      }
      return simdjson::SUCCESS;
    });
  });
}

JsonError ReadSubtitle(od::value value, account::MediaItem& video) {
  account::MediaItem subtitle;
  const JsonError error = EachMember(value, [&](std::string_view name, od::value part) {
    if (name == "uri") return ReadRaw(part, subtitle.path);
    if (name == "creation_timestamp") return ReadSeconds(part, subtitle.time);
    return simdjson::SUCCESS;
  });
  if (!subtitle.path.empty()) video.subtitles.push_back(std::move(subtitle));
  return error;
}

bool IsPlace(const account::Place& place) {
  if (!place.latitude || !place.longitude) return false;
  const double lat = *place.latitude;
  const double lon = *place.longitude;
  const bool unset = lat == 0 && lon == 0;
  return !unset && lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180;
}

JsonError ReadMetadata(od::value metadata, account::MediaItem& item) {
  account::Place place;
  const JsonError error = EachMember(metadata, [&](std::string_view, od::value section) {
    return EachMember(section, [&](std::string_view name, od::value value) {
      if (name == "exif_data") return ReadExif(value, place);
      if (name == "subtitles") return ReadSubtitle(value, item);
      return simdjson::SUCCESS;
    });
  });
  if (IsPlace(place)) item.place = place;
  return error;
}

}  // namespace

std::string_view MediaId(std::string_view path) {
  const size_t slash = path.rfind('/');
  std::string_view stem = slash == std::string_view::npos ? path : path.substr(slash + 1);
  stem = stem.substr(0, stem.find('.'));
  const size_t underscore = stem.rfind('_');
  if (underscore != std::string_view::npos) stem.remove_prefix(underscore + 1);
  const bool is_id = (stem.size() == 17 || stem.size() == 18) && std::ranges::all_of(stem, IsDigit);
  return is_id ? stem : std::string_view{};
}

bool ReadMediaMember(std::string_view name, od::value value, MediaObject& to, JsonError& error) {
  error = simdjson::SUCCESS;
  if (name == "uri") {
    error = ReadRaw(value, to.item.path);
  } else if (name == "creation_timestamp") {
    error = ReadSeconds(value, to.item.time);
  } else if (name == "title") {
    error = ReadText(value, to.item.text);
  } else if (name == "media_metadata") {
    error = ReadMetadata(value, to.item);
  } else if (name == "is_profile_picture") {
    error = ReadBool(value, to.is_current_picture);
  } else if (name == "backup_uri") {
    error = ReadRaw(value, to.backup_url);
  } else {
    return std::ranges::find(kPassedOver, name) != kPassedOver.end();
  }
  return true;
}

account::MediaItem Completed(MediaObject object) {
  account::MediaItem item = std::move(object.item);
  if (item.path.empty()) item.path = std::move(object.backup_url);
  item.source_id = MediaId(item.path);
  item.text = UnescapedCaption(std::move(item.text));
  return item;
}

JsonError ReadMedia(od::value value, std::vector<account::MediaItem>& to, Output& output) {
  MediaObject object;
  const JsonError error = EachMember(value, [&](std::string_view name, od::value part) {
    JsonError wrong = simdjson::SUCCESS;
    if (!ReadMediaMember(name, part, object, wrong)) output.Unknown(name);
    return wrong;
  });
  if (error != simdjson::SUCCESS) return error;
  account::MediaItem item = Completed(std::move(object));
  if (!item.path.empty()) to.push_back(std::move(item));
  return simdjson::SUCCESS;
}

JsonError ReadMediaList(od::value value, std::vector<account::MediaItem>& to, Output& output) {
  od::json_type type;
  if (const JsonError error = value.type().get(type)) return error;
  if (type == od::json_type::object) return ReadMedia(value, to, output);
  return EachElement(value, [&](od::value element) { return ReadMedia(element, to, output); });
}

}  // namespace valise::services::instagram
