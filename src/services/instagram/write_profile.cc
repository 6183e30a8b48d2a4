// The profile: personal information, pictures, the day of joining.
#include "services/instagram/archive_writer.h"

namespace valise::services::instagram {
namespace {

constexpr std::string_view kPersonal =
    "personal_information/personal_information/personal_information.json";
constexpr std::string_view kSignup =
    "security_and_login_information/login_and_profile_creation/signup_details.json";

// An entry of a map whose values are texts, or a time.
void WriteLabel(EntryWriter& to, std::string_view label, std::string_view value,
                const std::optional<Timestamp>& time = {}) {
  to.Name(label).BeginObject().Text("href", "").Text("value", value);
  to.Int("timestamp", time ? ToSeconds(*time) : 0).EndObject();
}

void WriteTexts(EntryWriter& to, const account::Profile& profile) {
  const auto text = [&](std::string_view label, std::string_view value) {
    if (!value.empty()) WriteLabel(to, label, value);
  };
  text("Email", profile.email);
  text("Phone Number", profile.phone);
  text("Username", profile.username);
  text("Name", profile.name);
  text("Bio", profile.bio);
  text("Gender", profile.gender);
  text("Date of birth", profile.birthday);
  text("Website", profile.website);
  if (profile.is_private) WriteLabel(to, "Private Account", *profile.is_private ? "True" : "False");
}

Status WritePersonal(ArchiveWriter& archive, const account::Profile& profile) {
  EntryWriter to;
  to.BeginObject().Name("profile_user").BeginArray();
  to.BeginObject().Text("title", "").Name("media_map_data").BeginObject();
  const account::MediaItem* picture = profile.pictures.empty() ? nullptr : &profile.pictures[0];
  const std::string uri = picture == nullptr ? std::string() : archive.media.UriOf(*picture);
  if (!uri.empty()) {
    to.Name("Profile Photo");
    WriteMedia(to, archive,
               {.item = *picture, .uri = uri, .title = picture->text, .time = picture->time});
  }
  to.EndObject().Name("string_map_data").BeginObject();
  WriteTexts(to, profile);
  to.EndObject().EndObject().EndArray().EndObject();
  return AddFile(archive, kPersonal, to.text());
}

Status WriteSignup(ArchiveWriter& archive, const account::Profile& profile) {
  if (!profile.joined) return {};
  EntryWriter to;
  to.BeginObject().Name("account_history_registration_info").BeginArray();
  to.BeginObject().Text("title", "").Name("media_map_data").BeginObject().EndObject();
  to.Name("string_map_data").BeginObject();
  WriteLabel(to, "Username", profile.username);
  WriteLabel(to, "Time", "", profile.joined);
  to.EndObject().EndObject().EndArray().EndObject();
  return AddFile(archive, kSignup, to.text());
}

Status WritePictures(ArchiveWriter& archive, const account::Profile& profile) {
  ListFile file(std::string(kActivity) + "media/profile_photos.json", "ig_profile_picture");
  EntryWriter to;
  bool current = true;
  for (const account::MediaItem& picture : profile.pictures) {
    const std::string uri = archive.media.UriOf(picture);
    if (!uri.empty()) {
      to.Clear();
      to.BeginObject();
      WriteMediaMembers(to, archive,
                        {.item = picture, .uri = uri, .title = picture.text, .time = picture.time});
      to.Bool("is_profile_picture", current).EndObject();
      RETURN_IF_ERROR(file.Add(archive, to.text()));
    }
    current = false;
  }
  return file.Finish(archive);
}

}  // namespace

Status WriteProfile(ArchiveWriter& archive) {
  return archive.reader.ForEach(account::Kind::kProfile,
                                [&](const account::Record& record) -> Status {
                                  const auto& profile = std::get<account::Profile>(record);
                                  for (const account::MediaItem& picture : profile.pictures) {
                                    TakeMedia(archive, picture, {.folder = "media/profile/"});
                                  }
                                  archive.Count(account::Kind::kProfile);
                                  RETURN_IF_ERROR(WritePersonal(archive, profile));
                                  RETURN_IF_ERROR(WriteSignup(archive, profile));
                                  return WritePictures(archive, profile);
                                });
}

}  // namespace valise::services::instagram
