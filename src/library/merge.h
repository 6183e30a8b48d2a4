// Makes one record of two that are the same (docs/formats/documents.md, "Merging").
//
// Thread safety: pure functions; ImportDates may be read from any thread once it is filled.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "account/import_row.h"
#include "account/records.h"

namespace valise::library {

// How new what an import says is: the date of its archive.
class ImportDates {
 public:
  void Add(const account::ImportInfo& info);
  struct Date {
    Timestamp time = Timestamp::min();
    std::string import;     // decides between equal times, so that no order of imports matters
    bool is_edit = false;   // an owner's change, or a service's statement
    bool is_coarse = true;  // nothing, or an archive of coarse times: older than all others
    bool operator<(const Date& other) const {
      if (is_coarse != other.is_coarse) return is_coarse;
      return time != other.time ? time < other.time : import < other.import;
    }
  };
  // Imports that are not known are oldest.
  Date Of(std::string_view import) const;
  // When the newest of these told of the record, as far as archives can be compared; nullopt: an
  // import that is not known is among them, or only archives of coarse times tell of it, which may
  // not have been found to be the same as what others tell.
  std::optional<Timestamp> LastTold(const std::vector<account::Provenance>& provenance) const;
  // Does only an archive of coarse times tell of it?
  bool IsCoarse(const account::Record& record) const;
  bool has_coarse() const { return !coarse_.empty(); }

 private:
  std::map<std::string, Timestamp, std::less<>> times_;
  std::set<std::string, std::less<>> coarse_;
};

// "edit:<time>": the provenance of an owner's own change.
std::string EditImport(Timestamp time);

bool IsEditImport(std::string_view import);

// "live:<time> <version>": the provenance of what a service said, at which moment; the version is
// the service's own, and may be empty.
std::string LiveImport(Timestamp time, std::string_view version);
bool IsLiveImport(std::string_view import);
struct LiveImportParts {
  Timestamp time{};
  std::string version;
};
std::optional<LiveImportParts> ParseLiveImport(std::string_view import);

// Makes `into` what a service says in `from`: all members, empty ones too. The key stays, evidence
// is united, and so is the provenance, of which an older statement of the service goes. Returns
// whether anything changed; if not, `into` is as it was. REQUIRES: the same kind.
bool Overrule(account::Record& into, account::Record from);

// Which of two says more when they are of one import: the first in the order of files; or, when an
// import is read again by a better reader, what is read now; but nothing of what its owner or a
// service has changed since, whatever the dates say.
enum class OfOneImport : uint8_t { kFirst, kReadAgain, kChangedSince };
// Of a record that the library has, when its import is read again.
OfOneImport TieOf(const account::Record& record);

// Takes into `into` what `from` adds or says newer, field by field: the newest import that told a
// value of it wins, so no order of imports matters. Key and time of `into` stay, save that an exact
// time of the same year takes the place of a coarse one. Returns whether anything but provenance
// and `told` changed. REQUIRES: the same kind.
bool Merge(account::Record& into, account::Record from, const ImportDates& dates,
           OfOneImport tie = OfOneImport::kFirst);

// Several entries of one thing (they share evidence) become one, before a library sees them: what
// their archive says is newer or older as a whole, and takes one place in a slot. Returns how many
// went into others. REQUIRES: of one import and kind.
size_t Unite(std::vector<account::Record>& entries, const ImportDates& dates);

}  // namespace valise::library
