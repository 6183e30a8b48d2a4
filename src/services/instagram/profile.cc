// The profile: personal_information.json, profile_photos.json and the day of joining.
//
// Each file gives a Profile with what it knows; the library unites them.
#include <algorithm>
#include <array>

#include "services/instagram/activity.h"
#include "services/instagram/envelope.h"
#include "services/instagram/labels.h"
#include "services/instagram/links.h"
#include "services/instagram/media.h"
#include "services/instagram/readers.h"

namespace valise::services::instagram {
namespace {

struct ProfileLabels {
  std::string account::Profile::* member;
  Labels labels;
};
constexpr std::string_view kEmailLabels[] = {"email",
                                             "email address",
                                             "indirizzo e-mail",
                                             "correo electronico",
                                             "adresse e-mail",
                                             "e-mail-adresse",
                                             "e-mailadres",
                                             "e-mail",
                                             "endereco de email",
                                             "endereco de e-mail",
                                             "ईमेल",
                                             "邮箱"};
constexpr std::string_view kPhoneLabels[] = {
    "phone number",  "numero di telefono", "numero de telefono", "numero de telephone",
    "telefonnummer", "telefoonnummer",     "numero de telefone", "手机号"};
constexpr std::string_view kBioLabels[] = {"bio",       "biografia", "presentacion", "steckbrief",
                                           "biografie", "जीवनी",     "个性签名"};
constexpr std::string_view kGenderLabels[] = {"gender",   "genere", "sexo", "genre", "geschlecht",
                                              "geslacht", "genero", "लिंग",  "性别"};
constexpr std::string_view kBirthdayLabels[] = {
    "date of birth", "data di nascita", "fecha de nacimiento", "date de naissance",
    "geburtsdatum",  "geboortedatum",   "data de nascimento",  "出生日期"};
constexpr std::string_view kWebsiteLabels[] = {"website",  "sito web", "sitio web",
                                               "site web", "webseite", "site"};
constexpr std::string_view kPrivateLabels[] = {
    "private account", "account privato", "cuenta privada", "compte prive",
    "privates konto",  "prive-account",   "conta privada",  "私密帐户"};

constexpr std::array<ProfileLabels, 8> kProfileLabels = {{
    {&account::Profile::username, kUsernameLabels},
    {&account::Profile::name, kNameLabels},
    {&account::Profile::email, kEmailLabels},
    {&account::Profile::phone, kPhoneLabels},
    {&account::Profile::bio, kBioLabels},
    {&account::Profile::gender, kGenderLabels},
    {&account::Profile::birthday, kBirthdayLabels},
    {&account::Profile::website, kWebsiteLabels},
}};

// What Instagram writes for a birthday that was never given.
constexpr std::string_view kNoBirthday = "1919-01-01";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool LooksLikeEmail(std::string_view text) {
  const size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos &&
         text.find_first_of(" \n") == std::string_view::npos;
}
bool LooksLikePhone(std::string_view text) {
  return text.size() > 5 && text.starts_with('+') &&
         text.find_first_not_of("+0123456789 ()-") == std::string_view::npos;
}
bool LooksLikeDay(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && IsDigit(text[0]) &&
         IsDigit(text[9]);
}
// Instagram's user names: up to 30 of a–z, 0–9, "." and "_".
bool LooksLikeUserName(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '.' || c == '_';
  };
  return !text.empty() && text.size() <= 30 && std::ranges::all_of(text, fits) &&
         !std::ranges::all_of(text, IsDigit);
}

class ProfileReader final : public ElementReader {
 public:
  ProfileReader(bool with_picture, Output& output) : with_picture_(with_picture), output_(output) {}

  JsonError Element(std::string_view, od::object entry, uint32_t index, bool& understood) override {
    Envelope envelope;
    if (const JsonError error = ReadEnvelope(entry, envelope, output_)) return error;
    account::Profile profile;
    std::vector<Field> unnamed;
    bool has_name = false;
    for (Field& field : envelope.fields) {
      has_name = has_name || IsOneOf(field.label, kUsernameLabels);
      if (!Fill(profile, field)) unnamed.push_back(std::move(field));
    }
    if (!has_name) FillByShape(profile, unnamed);
    if (with_picture_) profile.pictures = std::move(envelope.media);
    understood = profile != account::Profile{} || !envelope.media.empty();
    if (profile != account::Profile{}) output_.Put(std::move(profile), index);
    return simdjson::SUCCESS;
  }

 private:
  // By label. False: the label is not known.
  static bool Fill(account::Profile& profile, Field& field) {
    if (IsOneOf(field.label, kPrivateLabels)) {
      if (field.value == "True" || field.value == "False") {
        profile.is_private = field.value == "True";
      }
      return true;
    }
    for (const ProfileLabels& row : kProfileLabels) {
      if (!IsOneOf(field.label, row.labels)) continue;
      if (row.member == &account::Profile::birthday && field.value == kNoBirthday) return true;
      if (!field.value.empty()) profile.*row.member = std::move(field.value);
      return true;
    }
    return false;
  }

  // In a language that is not known: what an address, a day, a link and a user name look like; the
  // name follows the user name. Only where an address or a telephone number shows that it is a
  // profile at all. Some labels are the same in many languages ("Email"): `unnamed` are the others.
  static void FillByShape(account::Profile& profile, std::vector<Field>& unnamed) {
    const bool is_profile = !profile.email.empty() || !profile.phone.empty() ||
                            std::ranges::any_of(unnamed, [](const Field& field) {
                              return LooksLikeEmail(field.value) || LooksLikePhone(field.value);
                            });
    if (!is_profile) return;
    const auto fill = [](std::string& to, std::string& value) {
      if (to.empty()) to = std::move(value);
    };
    for (size_t i = 0; i < unnamed.size(); ++i) {
      std::string& value = unnamed[i].value;
      if (value == "True" || value == "False") continue;
      if (LooksLikeEmail(value)) {
        fill(profile.email, value);
      } else if (LooksLikePhone(value)) {
        fill(profile.phone, value);
      } else if (LooksLikeDay(value)) {
        if (value != kNoBirthday) fill(profile.birthday, value);
      } else if (IsUrl(value)) {
        fill(profile.website, value);
      } else if (profile.username.empty() && LooksLikeUserName(value)) {
        profile.username = std::move(value);
        if (i + 1 < unnamed.size() && !LooksLikeEmail(unnamed[i + 1].value)) {
          fill(profile.name, unnamed[++i].value);
        }
      }
    }
  }

  const bool with_picture_;
  Output& output_;
};

class ProfilePhotoReader final : public ElementReader {
 public:
  explicit ProfilePhotoReader(Output& output) : output_(output) {}

  JsonError Element(std::string_view, od::object entry, uint32_t, bool& understood) override {
    MediaObject object;
    std::vector<account::MediaItem> wrapped;
    const JsonError error = EachMember(entry, [&](std::string_view name, od::value value) {
      if (name == "media") return ReadMediaList(value, wrapped, output_);
      JsonError wrong = simdjson::SUCCESS;
      if (!ReadMediaMember(name, value, object, wrong)) output_.Unknown(name);
      return wrong;
    });
    if (error != simdjson::SUCCESS) return error;
    const bool current = object.is_current_picture;
    account::MediaItem self = Completed(std::move(object));
    if (!self.path.empty()) wrapped.push_back(std::move(self));
    understood = !wrapped.empty();
    for (account::MediaItem& item : wrapped) {
      pictures_.push_back({current, pictures_.size(), std::move(item)});
    }
    return simdjson::SUCCESS;
  }

  // One profile with all pictures: the current one first, then newest first.
  void Finish() override {
    if (pictures_.empty()) return;
    std::ranges::sort(pictures_, [](const Picture& a, const Picture& b) {
      if (a.current != b.current) return a.current;
      return a.item.time != b.item.time ? a.item.time > b.item.time : a.place < b.place;
    });
    account::Profile profile;
    for (Picture& picture : pictures_) profile.pictures.push_back(std::move(picture.item));
    output_.Put(std::move(profile), 0);
  }

 private:
  struct Picture {
    bool current;
    size_t place;  // in the file
    account::MediaItem item;
  };
  Output& output_;
  std::vector<Picture> pictures_;
};

class SignupReader final : public ElementReader {
 public:
  explicit SignupReader(Output& output) : output_(output) {}

  // Of the profile only the day: name, address and telephone of that day may be wrong by now.
  JsonError Element(std::string_view, od::object entry, uint32_t index, bool& understood) override {
    Envelope envelope;
    if (const JsonError error = ReadEnvelope(entry, envelope, output_)) return error;
    account::Profile profile;
    account::Activity activity;
    profile.joined = activity.time = envelope.AnyTime();
    understood = profile.joined.has_value();
    if (!understood) return simdjson::SUCCESS;
    output_.Put(std::move(profile), index);
    activity.list = "signup";
    AddDetails(envelope.fields, activity.time, activity);
    if (!activity.details.empty()) output_.Put(std::move(activity), index);
    return simdjson::SUCCESS;
  }

 private:
  Output& output_;
};

}  // namespace

std::unique_ptr<ElementReader> MakeProfileReader(bool with_picture, Output& output) {
  return std::make_unique<ProfileReader>(with_picture, output);
}
std::unique_ptr<ElementReader> MakeProfilePhotoReader(Output& output) {
  return std::make_unique<ProfilePhotoReader>(output);
}
std::unique_ptr<ElementReader> MakeSignupReader(Output& output) {
  return std::make_unique<SignupReader>(output);
}

}  // namespace valise::services::instagram
