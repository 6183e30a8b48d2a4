// The words of about-your-data.html, in English and French.
//
// Thread safety: constants.
#pragma once

#include <array>
#include <string_view>

#include "bundle/about.h"

namespace valise::bundle {

struct AboutWords {
  std::string_view title;
  std::string_view as_of;  // {0} user name, {1} service, {2} day
  std::string_view other_language;
  std::string_view contents;
  std::array<std::string_view, 4> columns;
  std::string_view nothing;
  std::string_view no_text;
  std::array<std::string_view, kAboutSections> sections;
  std::string_view not_told;
  // What holds wherever it is not told better, by section; empty: nothing does.
  std::array<std::string_view, kAboutSections> otherwise;
  std::string_view valise;
  std::array<std::string_view, 6> does;
  std::string_view digest;  // {0}
};

struct CategoryWords {
  std::string_view name;  // AboutCategory::name
  std::string_view english;
  std::string_view french;
};

inline constexpr std::array<CategoryWords, 14> kCategoryWords = {
    {{"profile", "Profile", "Profil"},
     {"posts", "Posts", "Publications"},
     {"stories", "Stories", "Stories"},
     {"comments", "Comments", "Commentaires"},
     {"conversations", "Conversations", "Conversations"},
     {"messages", "Messages", "Messages"},
     {"connections", "Followers and following", "Abonnés et abonnements"},
     {"likes", "Likes", "J’aime"},
     {"saved", "Saved things", "Enregistrements"},
     {"activity", "Searches, logins and other activity",
      "Recherches, connexions et autres activités"},
     {"photos", "Photos", "Photos"},
     {"videos", "Videos", "Vidéos"},
     {"other_media", "Sound and other media", "Sons et autres médias"},
     {"originals", "Files as they were received", "Fichiers tels que reçus"}}};

inline constexpr std::array<AboutWords, kAboutLanguages> kAboutWords = {{
    {.title = "About your data",
     .as_of = "@{0} on {1}, as of {2} (UTC)",
     .other_language = "En français",
     .contents = "What is in this download",
     .columns = {"What", "How many", "Size", "Where"},
     .nothing = "Nothing: nothing was chosen.",
     .no_text = "Whoever runs this server has not written down why your data are processed, who "
                "receives them and how "
                "long they are kept. You have the right to be told: ask them.",
     .sections = {"Who is responsible", "What your data are used for", "Who receives them",
                  "Other countries", "How long they are kept", "Where they come from",
                  "Your rights", "Decisions made by machines", "Where to complain"},
     .not_told = "Whoever runs this server has not told.",
     .otherwise = {"", "", "", "", "", "",
                   "Where the GDPR applies to you, you may see your data, have them corrected, "
                   "erased or restricted, "
                   "object to their use, and take them elsewhere (articles 15 to 21). This "
                   "download is part of that.",
                   "",
                   "Where the GDPR applies to you, you may complain to the authority of the "
                   "country where you live, "
                   "where you work, or where you think the law was broken: "
                   "https://edpb.europa.eu/about-edpb/about-edpb/members_en"},
     .valise = "What Valise, the program that made this, does",
     .does = {"It keeps what you shared so that you can see it, search it and take it with you, "
              "and uses it for "
              "nothing else.",
              "It gives it to nobody but you. There is no advertising, no statistics and no other "
              "server in it. Its "
              "mails hold a link, never your data.",
              "It keeps it until you or whoever runs the server erases it. The link of a download "
              "ends by itself.",
              "What it has came from the archives that were brought to it, or from the service as "
              "things happened. "
              "Nothing was guessed or bought.",
              "It decides nothing about you, and does not look into your pictures and messages to "
              "judge you.",
              "What other people wrote to you is here because it is part of your conversations. "
              "Treat it with care."},
     .digest = "SHA-256 of the text of whoever runs this server: {0}"},
    {.title = "À propos de vos données",
     .as_of = "@{0} sur {1}, au {2} (UTC)",
     .other_language = "In English",
     .contents = "Ce que contient ce téléchargement",
     .columns = {"Quoi", "Combien", "Taille", "Où"},
     .nothing = "Rien\u202f: rien n’a été choisi.",
     .no_text = "La personne ou l’organisme qui gère ce serveur n’a pas écrit pourquoi vos données "
                "sont traitées, qui "
                "les reçoit et combien de temps elles sont conservées. Vous avez le droit de le "
                "savoir\u202f: demandez-le.",
     .sections = {"Qui est responsable", "À quoi servent vos données", "Qui les reçoit",
                  "Autres pays", "Combien de temps elles sont conservées", "D’où elles viennent",
                  "Vos droits", "Décisions prises par des machines", "Où se plaindre"},
     .not_told = "Le responsable de ce serveur ne l’a pas indiqué.",
     .otherwise =
         {"", "", "", "", "", "",
          "Là où le RGPD s’applique à vous, vous pouvez consulter vos données, les faire "
          "rectifier, effacer ou "
          "limiter, vous opposer à leur usage, et les emporter ailleurs (articles 15 à 21). Ce "
          "téléchargement "
          "en fait partie.",
          "",
          "Là où le RGPD s’applique à vous, vous pouvez vous plaindre auprès de l’autorité du pays "
          "où vous "
          "vivez, où vous travaillez, ou bien où la loi vous semble avoir été enfreinte\u202f: "
          "https://edpb.europa.eu/about-edpb/about-edpb/members_fr"},
     .valise = "Ce que fait Valise, le programme qui a préparé ceci",
     .does = {"Il garde ce que vous avez partagé pour que vous puissiez le voir, y chercher et "
              "l’emporter, et n’en fait "
              "rien d’autre.",
              "Il ne le donne à personne d’autre que vous. Il n’y a ni publicité, ni statistiques, "
              "ni autre serveur. Ses "
              "courriels contiennent un lien, jamais vos données.",
              "Il le garde jusqu’à ce que vous, ou le responsable du serveur, l’effaciez. Le lien "
              "d’un téléchargement "
              "expire de lui-même.",
              "Ce qu’il a vient des archives qu’on lui a apportées, ou du service au fil du temps. "
              "Rien n’a été deviné "
              "ni acheté.",
              "Il ne décide rien à votre sujet, et ne regarde pas vos images et vos messages pour "
              "vous juger.",
              "Ce que d’autres vous ont écrit est ici parce que cela fait partie de vos "
              "conversations. Prenez-en soin."},
     .digest = "SHA-256 du texte du responsable de ce serveur\u202f: {0}"},
}};

}  // namespace valise::bundle
