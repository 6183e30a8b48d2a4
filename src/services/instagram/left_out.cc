#include "services/instagram/left_out.h"

#include <fmt/format.h>

#include <numeric>

namespace valise::services::instagram {
namespace {

struct Words {
  std::string_view english;
  std::string_view french;
};

// In the order of Reason; what the number before it counts.
constexpr std::array<Words, kReasonCount> kWords = {{
    {"photos, videos or sounds that were never received",
     "photos, vidéos ou sons qui n’ont jamais été reçus"},
    {"media of posts and stories that are only a link elsewhere",
     "médias de publications et de stories qui ne sont qu’un lien vers ailleurs"},
    {"posts with neither medium nor text", "publications sans média ni texte"},
    {"stories whose medium was never received", "stories dont le média n’a jamais été reçu"},
    {"posts of a kind that Instagram does not have (they are here, as plain posts)",
     "publications d’un genre qu’Instagram n’a pas (elles sont ici, comme simples publications)"},
    {"messages of a kind that Instagram does not have (they are here, as plain messages)",
     "messages d’un genre qu’Instagram n’a pas (ils sont ici, comme simples messages)"},
    {"comments of a list that Instagram does not have",
     "commentaires d’une liste qu’Instagram n’a pas"},
    {"comments that others wrote: Instagram's archives have none",
     "commentaires écrits par d’autres : les archives d’Instagram n’en ont pas"},
    {"likes of a list that Instagram does not have", "j’aime d’une liste qu’Instagram n’a pas"},
    {"connections of a kind that Instagram does not have",
     "relations d’un genre qu’Instagram n’a pas"},
    {"names of places, and places of whole posts",
     "noms de lieux, et lieux de publications entières"},
    {"descriptions of media", "descriptions de médias"},
    {"further subtitles of videos", "autres sous-titres de vidéos"},
    {"numbers of likes and comments", "nombres de j’aime et de commentaires"},
    {"searches, logins, devices and other activities (other services take none of them)",
     "recherches, connexions, appareils et autres activités (les autres services n’en reprennent "
     "pas)"},
    {"received files without posts, messages or lists that we know (ads, settings, …)",
     "fichiers reçus sans publications, messages ni listes que nous connaissions (publicités, "
     "réglages…)"},
}};

}  // namespace

uint64_t LeftOut::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), uint64_t{0});
}

std::string LeftOut::ReadMe(std::string_view username, std::string_view day) const {
  std::string english = fmt::format(
      "What @{} shared, as of {}, laid out as Instagram lays out its own archives, so that other\n"
      "services can take it in. To read it yourself, ask for the download \"To keep and "
      "read\".\n\n",
      username, day);
  std::string french = fmt::format(
      "Ce que @{} a partagé, au {}, disposé comme les archives d’Instagram, pour que d’autres\n"
      "services puissent le reprendre. Pour le lire vous-même, demandez le téléchargement\n"
      "« À garder et à lire ».\n\n",
      username, day);
  const bool whole = total() == 0;
  english += whole ? "Nothing was left out.\n" : "What has no place in such an archive:\n\n";
  french += whole ? "Rien n’a été laissé de côté.\n"
                  : "Ce qui n’a pas de place dans une telle archive :\n\n";
  for (size_t i = 0; i < kReasonCount; ++i) {
    if (counts_[i] == 0) continue;
    english += fmt::format("- {} {}\n", counts_[i], kWords[i].english);
    french += fmt::format("- {} {}\n", counts_[i], kWords[i].french);
  }
  std::string text = english + "\n---\n\n" + french;
  if (missing_.empty()) return text;
  text += "\n---\n\nNever received / Jamais reçus:\n\n";
  for (const std::string& path : missing_) text += fmt::format("- {}\n", path);
  const uint64_t more = count(Reason::kMissingMedia) - missing_.size();
  if (more > 0) text += fmt::format("- … {}\n", more);
  return text;
}

}  // namespace valise::services::instagram
