// Port: a Source reads the archives of one service.
//
// A Source is stateless and may be used from any thread; what belongs to one archive stands in the
// ArchiveReading it makes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "account/import_row.h"
#include "account/record_sink.h"
#include "base/result.h"
#include "base/time.h"
#include "zip/archive.h"

namespace valise::services {

// What a source says of one entry, from its path alone.
enum class FileRole : uint8_t {
  kData,    // ReadData() understands it (or tries to)
  kMedium,  // a photo, video, sound: stored, and found again by `path`
  kOther,   // kept as an original
  kJunk,    // left out
};

// Gives the inflated bytes of one data file.
class DataFile {
 public:
  virtual ~DataFile() = default;
  virtual std::string_view path()
      const = 0;  // relative to the archive's root (prefix stripped), "/"-separated
  virtual uint64_t size() const = 0;
  // The whole file in memory, at least kPadding readable bytes behind it (simdjson needs them).
  // Only for files of at most kWholeFileLimit bytes; larger ones are read through Read().
  virtual Result<std::string_view> Whole() = 0;
  // The next bytes in order, 0 at the end.
  virtual Result<size_t> Read(MutableBytes out) = 0;

  static constexpr uint64_t kWholeFileLimit = 16ull << 20;
  static constexpr size_t kPadding = 64;
};

struct EarlierImport {
  account::ImportInfo info;
  std::vector<account::OriginalFile> files;
  std::vector<account::Issue> issues;  // what it reported
};

// One archive being read. Thread safety: const, from any number of threads.
class ArchiveReading {
 public:
  virtual ~ArchiveReading() = default;
  virtual std::string_view generation() const = 0;  // "instagram G3b", for reports
  // Of one file, where a source can tell (parts of several years in one archive).
  virtual std::string_view GenerationOf(std::string_view /*relative_path*/) const {
    return generation();
  }
  // The archive's date (newest wins in merging): from its name or the newest thing in it; nullopt
  // when unknown.
  virtual std::optional<Timestamp> date() const = 0;
  // Of the archive that one file is of, as the folder it lies in or else its part is called: files
  // of different days are of different archives. `path` is that of the listing.
  virtual std::optional<Timestamp> DateOfFile(std::string_view /*path*/,
                                              std::string_view /*part_name*/) const {
    return std::nullopt;
  }
  // Path relative to the root prefix. REQUIRES: a path of the listing given to Source::Begin.
  virtual std::string RelativePath(std::string_view path) const = 0;
  virtual FileRole RoleOf(std::string_view relative_path) const = 0;
  // What a file that is only kept is about, in a word: "ads", "security"; empty when unknown.
  virtual std::string_view CategoryOf(std::string_view /*relative_path*/) const { return {}; }
  // True when the archive tells times to the minute only, in no named zone.
  virtual bool has_coarse_times() const { return false; }
  // Reads one kData file into `sink`. A file that is damaged is an issue in the sink and a result
  // of what was understood before; an error is returned only for kUnavailable and kCancelled (from
  // file or sink).
  virtual Result<account::FileCounts> ReadData(DataFile& file, account::RecordSink& sink) const = 0;
  // The path under which a record's MediaItem.path finds the stored file (both are passed through
  // this): unifies "your_instagram_activity/messages/…" with "messages/…".
  virtual std::string MediaPath(std::string_view path) const = 0;
  // True when the records carry keys and provenance of their own that must be kept (our own
  // bundles).
  virtual bool keeps_keys() const { return false; }
  // The service of the account when that is not the source's own: a bundle of ours tells where the
  // account lived.
  virtual std::string account_service() const { return {}; }
  // The account's user name as the archive's name or list of contents tells it: where no profile
  // in it does. Empty: they do not.
  virtual std::string account_username() const { return {}; }
  // What a bundle of ours says of the imports that made it, so that their originals come along.
  // Errors: kCorrupt, kUnavailable.
  virtual Result<std::vector<EarlierImport>> earlier_imports(const zip::Archive&) const {
    return std::vector<EarlierImport>{};
  }
};

struct Listing {
  std::span<const zip::ArchiveEntry> entries;
  std::vector<std::string> part_names;  // file names of the parts, for dates and user names in them
};

class Source {
 public:
  virtual ~Source() = default;
  virtual std::string_view service() const = 0;  // "instagram"
  // How sure it is that the listing is its own: 0 not at all … 100. Must be quick: one look at each
  // path.
  virtual int Recognize(const Listing& listing) const = 0;
  // Why an archive that no source recognises is not to be had from this one, when it can tell; the
  // person reads it. Quick as Recognize().
  virtual std::optional<Error> Refuse(const Listing&) const { return std::nullopt; }
  // `archive` gives access to small files that the decision needs. Errors: kUnsupported with what
  // to do ("this is the HTML archive; ask for JSON").
  virtual Result<std::unique_ptr<ArchiveReading>> Begin(const Listing& listing,
                                                        const zip::Archive& archive) const = 0;
};

}  // namespace valise::services
