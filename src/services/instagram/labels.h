// Labels of envelopes in the languages that were seen (reference: instagram-format §11), to be
// compared by Fold.
//
// Only where the place or the kind of a value does not tell what it is. Thread safety: pure
// functions.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "account/fold.h"

namespace valise::services::instagram {

using Labels = std::span<const std::string_view>;

// Is `label` one of `labels`? The labels are written folded.
inline bool IsOneOf(std::string_view label, Labels labels) {
  std::string folded = account::Fold(label);
  for (size_t at = folded.find("’"); at != std::string::npos; at = folded.find("’")) {
    folded.replace(at, std::string_view("’").size(), "'");
  }
  return std::ranges::find(labels, std::string_view(folded)) != labels.end();
}

// en, it, es, fr, de, nl, pt (Brazil and Portugal), hi, zh.
inline constexpr std::string_view kUsernameLabels[] = {
    "username",          "nome utente",        "nombre de usuario",
    "nom d'utilisateur", "benutzername",       "gebruikersnaam",
    "nome de usuario",   "nome de utilizador", "帐号"};
inline constexpr std::string_view kOwnerLabels[] = {
    "author",      "autore",         "autor",   "auteur",       "लेखक",          "作者",
    "media owner", "media-eigenaar", "owner",   "eigenaar",     "proprietario", "proprietaire",
    "propietario", "besitzer",       "inhaber", "medieninhaber"};
inline constexpr std::string_view kCommentLabels[] = {"comment",    "opmerking",   "commento",
                                                      "comentario", "commentaire", "kommentar"};
inline constexpr std::string_view kCaptionLabels[] = {
    "caption", "bijschrift", "didascalia", "pie de foto", "legende", "bildunterschrift", "legenda"};
inline constexpr std::string_view kNameLabels[] = {"name", "nome", "nombre", "nom",
                                                   "naam", "नाम",  "姓名"};

}  // namespace valise::services::instagram
