#include "mail/letters.h"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "base/html.h"

namespace valise::mail {
namespace {

using Twelve = std::array<std::string_view, 12>;
constexpr Twelve kEnglish = {"January", "February", "March",     "April",   "May",      "June",
                             "July",    "August",   "September", "October", "November", "December"};
constexpr Twelve kFrench = {"janvier", "février", "mars",      "avril",   "mai",      "juin",
                            "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};

bool IsFrench(std::string_view language) { return language == "fr"; }

struct Link {
  std::string words;
  std::string url;
};

// A title, paragraphs, one link, a line from whom it is.
Letter Make(std::string_view language, std::string subject, const std::vector<std::string>& before,
            const Link& link, const std::vector<std::string>& after, std::string_view server) {
  Letter letter{.subject = std::move(subject), .text = {}, .html = {}};
  std::string body;
  const auto paragraph = [&](const std::string& words) {
    letter.text += words + "\n\n";
    body += fmt::format("<p style=\"margin:0 0 16px\">{}</p>\n", EscapeHtml(words));
  };
  for (const std::string& words : before) paragraph(words);
  letter.text += fmt::format("{}\n{}\n\n", link.words, link.url);
  body += fmt::format(
      "<p style=\"margin:0 0 24px\"><a href=\"{}\" style=\"display:inline-block;padding:12px 20px;"
      "background:#9A4B1E;color:#FFFFFF;border-radius:10px;text-decoration:none\">{}</a></p>\n",
      EscapeHtml(link.url), EscapeHtml(link.words));
  for (const std::string& words : after) paragraph(words);
  letter.text += fmt::format("-- \n{}\n", server);
  letter.html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\n"
      "<body style=\"margin:0;padding:24px;background:#FBF8F3;color:#1F1B16;"
      "font:16px/1.5 system-ui,sans-serif\">\n"
      "<div style=\"max-width:560px;margin:0 auto;padding:24px;background:#FFFFFF;"
      "border:1px solid #E6DFD4;border-radius:10px\">\n"
      "<h1 style=\"margin:0 0 16px;font:28px/1.2 Georgia,serif\">{}</h1>\n{}"
      "<p style=\"margin:0;color:#6B6257;font-size:14px\">{}</p>\n</div></body></html>\n",
      IsFrench(language) ? "fr" : "en", EscapeHtml(letter.subject), EscapeHtml(letter.subject),
      body, EscapeHtml(server));
  return letter;
}

}  // namespace

std::string LongTime(std::string_view language, Timestamp time) {
  const CivilTime c = ToCivil(time);
  const auto month = static_cast<size_t>(c.month - 1);
  return IsFrench(language)
             ? fmt::format("{} {} {} à {:02}:{:02} UTC", c.day == 1 ? "1er" : std::to_string(c.day),
                           kFrench[month], c.year, c.hour, c.minute)
             : fmt::format("{} {} {}, {:02}:{:02} UTC", c.day, kEnglish[month], c.year, c.hour,
                           c.minute);
}

std::string ShortDate(std::string_view language, Timestamp time) {
  const CivilTime c = ToCivil(time);
  const auto month = static_cast<size_t>(c.month - 1);
  return IsFrench(language)
             ? fmt::format("{} {}", c.day == 1 ? "1er" : std::to_string(c.day), kFrench[month])
             : fmt::format("{} {}", c.day, kEnglish[month]);
}

std::string SizeWords(std::string_view language, uint64_t bytes) {
  static constexpr std::array<std::string_view, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
  static constexpr std::array<std::string_view, 5> kUnites = {"o", "ko", "Mo", "Go", "To"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1000 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  std::string number = unit == 0 ? std::to_string(bytes) : fmt::format("{:.1f}", value);
  if (!IsFrench(language)) return fmt::format("{} {}", number, kUnits[unit]);
  if (const size_t dot = number.find('.'); dot != std::string::npos) number[dot] = ',';
  return fmt::format("{}\u202F{}", number, kUnites[unit]);
}

Letter ReadyLetter(const ReadyFacts& f) {
  const std::string as_of = LongTime(f.language, f.as_of), ends = ShortDate(f.language, f.ends);
  const std::string size = SizeWords(f.language, f.size);
  if (IsFrench(f.language)) {
    return Make(
        f.language, "Votre téléchargement est prêt",
        {fmt::format("La copie du compte {} est prête ({}). Elle contient tout ce que vous "
                     "aviez partagé le {}.",
                     f.account, size, as_of)},
        {"Télécharger", f.page_url},
        {fmt::format("Le lien fonctionne jusqu’au {}. Il vous demandera de vous connecter.", ends),
         "Si vous n’avez rien demandé, ouvrez cette page et annulez la demande."},
        f.server);
  }
  return Make(f.language, "Your download is ready",
              {fmt::format("The copy of the account {} is ready ({}). It holds everything you had "
                           "shared as of {}.",
                           f.account, size, as_of)},
              {"Download it", f.page_url},
              {fmt::format("The link works until {}. It will ask you to sign in.", ends),
               "If you did not ask for it, open that page and cancel the request."},
              f.server);
}

Letter NoticeLetter(const NoticeFacts& f) {
  if (IsFrench(f.language)) {
    return Make(
        f.language, "Une copie de votre compte a été demandée",
        {fmt::format("Une copie de votre compte {} a été demandée, à envoyer à {}.", f.account,
                     f.address)},
        {"Annuler la demande", f.cancel_url},
        {"Si c’est vous, il n’y a rien à faire. Si ce n’est pas vous, annulez et changez votre "
         "mot de passe."},
        f.server);
  }
  return Make(
      f.language, "Someone asked for a copy of your account",
      {fmt::format("Someone asked for a copy of your account {}, to be sent to {}.", f.account,
                   f.address)},
      {"Cancel the request", f.cancel_url},
      {"If it was you, there is nothing to do. If it was not you, cancel it and change your "
       "password."},
      f.server);
}

Letter FailedLetter(const FailedFacts& f) {
  if (IsFrench(f.language)) {
    return Make(
        f.language, "Votre téléchargement n’a pas pu être préparé",
        {fmt::format("La copie du compte {} n’a pas pu être préparée. Rien n’est perdu\u202F: ce "
                     "que vous avez partagé est toujours là.",
                     f.account)},
        {"Voir pourquoi et recommencer", f.page_url}, {}, f.server);
  }
  return Make(
      f.language, "Your download could not be made",
      {fmt::format("The copy of the account {} could not be made. Nothing is lost: what you "
                   "shared is still there.",
                   f.account)},
      {"See why, and ask again", f.page_url}, {}, f.server);
}

Letter ErasedLetter(const ErasedFacts& f) {
  if (IsFrench(f.language)) {
    return Make(
        f.language, "Votre téléchargement a été annulé",
        {fmt::format(
             "La copie du compte {} contenait quelque chose qui vient d’être supprimé. Elle a "
             "été annulée, et son lien ne fonctionne plus.",
             f.account),
         "Rien d’autre n’a changé\u202F: demandez une nouvelle copie, cela prend une seconde."},
        {"Demander à nouveau", f.page_url}, {}, f.server);
  }
  return Make(f.language, "Your download was cancelled",
              {fmt::format("The copy of the account {} held something that has been deleted since. "
                           "It was cancelled, and its link does not work any more.",
                           f.account),
               "Nothing else has changed: ask for a new copy, it takes a second."},
              {"Ask again", f.page_url}, {}, f.server);
}

}  // namespace valise::mail
