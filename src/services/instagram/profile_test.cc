// The profile, hand-written after docs/formats/instagram.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

using account::Profile;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kPath =
    "personal_information/personal_information/personal_information.json";
constexpr std::string_view kPhotos = "your_instagram_activity/media/profile_photos.json";

constexpr std::string_view kFull =
    R"({"profile_user":[{"title":"","media_map_data":{"Profile photo":{
    "uri":"media/other/p_17999999999999999.jpg","creation_timestamp":1700000000,"title":""}},
  "string_map_data":{
    "Email":{"href":"","value":"ann@example.org","timestamp":0},
    "Phone Number":{"href":"","value":"+4912345","timestamp":0},
    "Phone Confirmed":{"href":"","value":"True","timestamp":0},
    "Username":{"href":"","value":"ann.b","timestamp":0},
    "Name":{"href":"","value":"Ann \u00c3\u0089","timestamp":0},
    "Bio":{"href":"","value":"Hills \u00f0\u009f\u008c\u00bb","timestamp":0},
    "Gender":{"href":"","value":"female","timestamp":0},
    "Date of birth":{"href":"","value":"1990-02-03","timestamp":0},
    "Website":{"href":"","value":"https://ann.example.org","timestamp":0},
    "Private Account":{"href":"","value":"False","timestamp":0}}}]})";

TEST(Profile, FullEnvelope) {
  const auto read = ReadText(kPath, kFull);
  const auto profile = read.Only<Profile>();
  EXPECT_EQ(profile.username, "ann.b");
  EXPECT_EQ(profile.name, "Ann É");
  EXPECT_EQ(profile.bio, "Hills 🌻");
  EXPECT_EQ(profile.website, "https://ann.example.org");
  EXPECT_EQ(profile.email, "ann@example.org");
  EXPECT_EQ(profile.phone, "+4912345");
  EXPECT_EQ(profile.gender, "female");
  EXPECT_EQ(profile.birthday, "1990-02-03");
  EXPECT_EQ(profile.is_private, false);
  ASSERT_THAT(profile.pictures, SizeIs(1));
  EXPECT_EQ(profile.pictures[0].path, "media/other/p_17999999999999999.jpg");
  EXPECT_EQ(profile.pictures[0].source_id, "17999999999999999");
  EXPECT_EQ(read.counts.understood, 1u);
  EXPECT_THAT(read.issues, IsEmpty());
}

TEST(Profile, PicturesComeFromTheListWhenThereIsOne) {
  EXPECT_THAT(ReadText(kPath, kFull, {std::string(kPhotos)}).Only<Profile>().pictures, IsEmpty());
}

TEST(Profile, CompactEnvelopeAndOlderLabels) {
  const auto profile =
      ReadText("account_information/personal_information.json",
               R"({"profile_user":[{"media_map_data":{"Profile Photo":{"uri":"p.jpg"}},
      "string_map_data":{"Email address":{"value":"a@example.org"},
      "Private account":{"value":"True"},
      "Date of birth":{"value":"1919-01-01"}}}]})")
          .Only<Profile>();
  EXPECT_EQ(profile.email, "a@example.org");
  EXPECT_EQ(profile.is_private, true);
  EXPECT_EQ(profile.birthday, "") << "1919-01-01 means not set";
  EXPECT_EQ(profile.pictures.at(0).path, "p.jpg");
}

TEST(Profile, MangledItalianLabels) {
  const auto profile = ReadText(kPath, R"({"profile_user":[{"string_map_data":{
      "Nome utente":{"value":"anna"},"Nome":{"value":"Anna"},"Biografia":{"value":"Ciao"},
      "Indirizzo e-mail":{"value":"a@example.org"},"Account privato":{"value":"True"}}}]})")
                           .Only<Profile>();
  EXPECT_EQ(profile.username, "anna");
  EXPECT_EQ(profile.name, "Anna");
  EXPECT_EQ(profile.bio, "Ciao");
  EXPECT_EQ(profile.is_private, true);
}

TEST(Profile, MangledFrenchLabelWithTypographicApostrophe) {
  const auto profile = ReadText(kPath, R"({"profile_user":[{"string_map_data":{
      "Nom d\u00e2\u0080\u0099utilisateur":{"value":"zoe"},
      "Num\u00c3\u00a9ro de t\u00c3\u00a9l\u00c3\u00a9phone":{"value":"+33"},
      "Compte priv\u00c3\u00a9":{"value":"False"}}}]})")
                           .Only<Profile>();
  EXPECT_EQ(profile.username, "zoe");
  EXPECT_EQ(profile.phone, "+33");
  EXPECT_EQ(profile.is_private, false);
}

TEST(Profile, EveryLanguageOfTheReference) {
  struct Case {
    std::string username, name, bio, birthday, is_private;
  };
  for (const Case& c : {
           Case{"Nombre de usuario", "Nombre", "Presentación", "Fecha de nacimiento",
                "Cuenta privada"},
           Case{"Nom d’utilisateur", "Nom", "Bio", "Date de naissance", "Compte privé"},
           Case{"Benutzername", "Name", "Steckbrief", "Geburtsdatum", "Privates Konto"},
           Case{"Gebruikersnaam", "Naam", "Biografie", "Geboortedatum", "Privé-account"},
           Case{"Nome de usuário", "Nome", "Biografia", "Data de nascimento", "Conta privada"},
           Case{"Nome de utilizador", "Nome", "Biografia", "Data de nascimento", "Conta privada"},
           Case{"帐号", "姓名", "个性签名", "出生日期", "私密帐户"},
       }) {
    const auto profile =
        ReadText(kPath, R"({"profile_user":[{"string_map_data":{")" + c.username +
                            R"(":{"value":"ann"},")" + c.name + R"(":{"value":"Ann"},")" + c.bio +
                            R"(":{"value":"hi"},")" + c.birthday + R"(":{"value":"1990-01-02"},")" +
                            c.is_private + R"(":{"value":"True"}}}]})")
            .Only<Profile>();
    EXPECT_EQ(profile.username, "ann") << c.username;
    EXPECT_EQ(profile.name, "Ann") << c.name;
    EXPECT_EQ(profile.bio, "hi") << c.bio;
    EXPECT_EQ(profile.birthday, "1990-01-02") << c.birthday;
    EXPECT_EQ(profile.is_private, true) << c.is_private;
  }
}

TEST(Profile, UnknownLanguageIsReadByShape) {
  const auto profile = ReadText(kPath, R"({"profile_user":[{"string_map_data":{
      "E-postadress":{"value":"ann@example.org"},"Telefonnr":{"value":"+46 70 000 00"},
      "Telefon bekr\u00c3\u00a4ftad":{"value":"True"},"Anv\u00c3\u00a4ndarnamn":{"value":"ann.b"},
      "Namn":{"value":"Ann Berg"},"Om dig":{"value":"hej hej"},"F\u00c3\u00b6delsedag":
      {"value":"1990-01-02"},
      "Webbplats":{"value":"https://ann.example"},"Privat konto":{"value":"False"}}}]})")
                           .Only<Profile>();
  EXPECT_EQ(profile.email, "ann@example.org");
  EXPECT_EQ(profile.phone, "+46 70 000 00");
  EXPECT_EQ(profile.username, "ann.b");
  EXPECT_EQ(profile.name, "Ann Berg");
  EXPECT_EQ(profile.bio, "");
  EXPECT_EQ(profile.birthday, "1990-01-02");
  EXPECT_EQ(profile.website, "https://ann.example");
}

TEST(Profile, LoanWordsDoNotMakeALanguageKnown) {
  const auto profile = ReadText(kPath, R"({"profile_user":[{"string_map_data":{
      "Email":{"value":"ann@example.org"},"Phone number":{"value":"+84123456789"},
      "T\u00c3\u00aan ng\u00c6\u00b0\u00e1\u00bb\u009di d\u00c3\u00b9ng":{"value":"ann.b"},
      "T\u00c3\u00aan":{"value":"Ann B"}}}]})")
                           .Only<Profile>();
  EXPECT_EQ(profile.email, "ann@example.org");
  EXPECT_EQ(profile.username, "ann.b");
  EXPECT_EQ(profile.name, "Ann B");
}

TEST(Profile, AKnownUserNameIsNotGuessed) {
  const auto profile = ReadText(kPath, R"({"profile_user":[{"string_map_data":{
      "Email":{"value":"ann@example.org"},"Username":{"value":""},"New":{"value":"word"}}}]})")
                           .Only<Profile>();
  EXPECT_EQ(profile.username, "");
}

TEST(Profile, NothingKnownIsNotUnderstood) {
  const auto read =
      ReadText(kPath, R"({"profile_user":[{"string_map_data":{"Puntos":{"value":"7"}}}]})");
  EXPECT_THAT(read.records, IsEmpty());
  EXPECT_EQ(read.counts.seen, 1u);
  EXPECT_EQ(read.counts.understood, 0u);
}

TEST(ProfilePhotos, CurrentFirstThenNewest) {
  const auto profile = ReadText(kPhotos, R"({"ig_profile_picture":[
      {"uri":"old.jpg","creation_timestamp":100,"title":""},
      {"uri":"current.jpg","creation_timestamp":50,"is_profile_picture":true},
      {"uri":"new.jpg","creation_timestamp":200}]})")
                           .Only<Profile>();
  ASSERT_THAT(profile.pictures, SizeIs(3));
  EXPECT_EQ(profile.pictures[0].path, "current.jpg");
  EXPECT_EQ(profile.pictures[1].path, "new.jpg");
  EXPECT_EQ(profile.pictures[2].path, "old.jpg");
}

TEST(Signup, OnlyTheDay) {
  const auto profile =
      ReadText("security_and_login_information/login_and_profile_creation/signup_details.json",
               R"({"account_history_registration_info":[{"title":"","media_map_data":{},
      "string_map_data":{
      "Username":{"href":"","value":"old_name","timestamp":0},"IP Address":{"value":"192.0.2.1"},
      "Time":{"href":"","value":"","timestamp":1300000000}}}]})")
          .Only<Profile>();
  EXPECT_EQ(profile.joined, FromSeconds(1300000000));
  EXPECT_EQ(profile.username, "");
}

}  // namespace
}  // namespace valise::services::instagram
