// The media of an Instagram-shaped archive: which go in, where, and under which names
// (docs/formats/instagram-bundle.md, Media).
//
// Thread safety: Take() and AddTo() from one thread; UriOf() from any while nothing is taken.
// Memory: about 300 bytes a medium.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bundle/account_reader.h"
#include "services/instagram/left_out.h"

namespace valise::services::instagram {

class MediaBook {
 public:
  // Errors: kNotFound, kCorrupt (a list of media), kUnavailable.
  static Result<MediaBook> Read(const bundle::AccountReader& reader);

  // A folder without its month: "media/posts/", or all of it: "…/photos/".
  struct Place {
    std::string_view folder;
    bool by_month = true;
    std::optional<Timestamp> time;  // of the record
  };
  // Takes a medium into the archive unless it is there already. Counts it as missing when its bytes
  // never came.
  void Take(const account::MediaItem& item, const Place& place, LeftOut& left_out);
  // Was it left out because photos, or videos, were not chosen?
  bool IsUnchosen(const account::MediaItem& item) const {
    return item.digest && !selection_.HasMedia(item.type);
  }
  // Its name in the archive; empty when it is not in it: missing, or not chosen. A medium that is
  // but a link is named by it when `with_links`.
  std::string UriOf(const account::MediaItem& item, bool with_links = false) const;

  // Puts all that were taken, and with `unshown` those that no record shows, into the plan.
  Status AddTo(bundle::PlanWriter& plan, bool unshown, int64_t time_s,
               bundle::PlanSummary& summary) const;

 private:
  struct Use {
    uint32_t folder = 0;  // in folders_, month included
    std::string id;       // Instagram's own, in the name
  };
  struct Row {
    explicit Row(bundle::Medium of) : medium(std::move(of)) {}
    bundle::Medium medium;  // its name is the ending alone
    std::vector<Use> uses;
  };
  static std::string NameOf(const bundle::Medium& medium, std::string_view id);
  uint32_t FolderNumber(std::string folder);
  const Row* Find(const account::MediaItem& item) const;

  bundle::Selection selection_;
  std::vector<Row> rows_;  // in the order of the account's lists
  std::unordered_map<Digest, uint32_t> places_;
  std::vector<std::string> folders_;
  std::unordered_map<std::string, uint32_t> folder_numbers_;
};

}  // namespace valise::services::instagram
