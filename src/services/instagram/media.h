// Instagram's media objects: {"uri", "creation_timestamp", "title", "media_metadata", …}.
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "account/records.h"
#include "services/instagram/data_file.h"

namespace valise::services::instagram {

// The media id in a file name: 17 or 18 digits, the whole stem or its last part after "_". Empty
// when there is none.
std::string_view MediaId(std::string_view path);

struct MediaObject {
  account::MediaItem item;
  bool is_current_picture = false;  // of profile photos
  std::string backup_url;           // signed, soon expired; a path of last resort
};

// Reads one member of a media object. False: it is not a member of media objects. Errors go to
// `error`.
bool ReadMediaMember(std::string_view name, od::value value, MediaObject& to, JsonError& error);
// Fills in what follows from the whole object (id, unescaped caption, backup).
account::MediaItem Completed(MediaObject object);

// A whole media object; unknown members are counted in `output`.
JsonError ReadMedia(od::value value, std::vector<account::MediaItem>& to, Output& output);
// [{"uri": …}, …] or one {"uri": …}.
JsonError ReadMediaList(od::value value, std::vector<account::MediaItem>& to, Output& output);

}  // namespace valise::services::instagram
