#include "imports/issue_advice.h"

#include <algorithm>
#include <array>

namespace valise::imports {
namespace {

struct Advice {
  std::string_view code;
  std::string_view what_to_do;
};

// Codes are those of docs/guides/cli.md.
constexpr std::array kAdvice = {
    Advice{"coarse_times",
           "Ask the service for the archive in the format JSON and import that: it gives the exact "
           "times."},
    Advice{"damaged_file",
           "Download the archive again and import it: the file is filled in. Until then what could "
           "be read of it is kept."},
    Advice{"entry_too_large",
           "Nothing is lost: the entry stays in the received file. It is longer than any that the "
           "service is known to write; tell the makers of Valise, it is read when they know it."},
    Advice{"invalid_json",
           "Download the archive again and import it. If it stays, the service wrote the file so; "
           "all other entries of it were read, and the file is kept as it came."},
    Advice{"invalid_record",
           "The bundle is damaged or was changed. `valise verify` tells which files; ask for the "
           "download once more where it was made."},
    Advice{"missing_media",
           "Ask the service for a complete archive (all data, all of the time, high quality), or "
           "import the parts that are missing: they are filled in, nothing comes twice."},
    Advice{"no_key",
           "The bundle was changed by another program. Ask for the download once more where it was "
           "made."},
    Advice{"not_understood",
           "Nothing is lost: it stays in the received file. After an update of Valise `valise "
           "reindex --records` reads it again."},
    Advice{
        "perhaps_same",
        "Nothing is lost: both are kept. Look at both (`valise search --record KEY`), and forget "
        "one if it is the same (`valise forget`)."},
    Advice{"unknown_member",
           "Nothing is lost: the received file is kept as it came. After an update of Valise "
           "`valise reindex --records` reads it again, and takes in what it has learnt."},
    Advice{"unreadable_file",
           "If the archive was zipped again by hand, use the ZIP exactly as the service gave it; "
           "else download it again. Then import it: the file is filled in."},
    Advice{"unreadable_times",
           "Ask the service for the archive in the format JSON and import that: it gives the exact "
           "times. Tell the makers of Valise the language of these pages."},
};

const Advice* Find(std::string_view code) {
  const auto* found = std::ranges::find(kAdvice, code, &Advice::code);
  return found == kAdvice.end() ? nullptr : found;
}

}  // namespace

std::string_view WhatToDo(std::string_view issue_code) {
  if (const Advice* advice = Find(issue_code)) return advice->what_to_do;
  return "The received file is kept as it came; nothing of it is lost.";
}

bool IsKnownIssue(std::string_view issue_code) { return Find(issue_code) != nullptr; }

}  // namespace valise::imports
