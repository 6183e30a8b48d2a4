// The generated words of a bundle: account.json, the viewer's index and start page
// (docs/formats/viewer-data.md).
//
// Thread safety: plain values and pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/bundle_format.h"
#include "bundle/portable/report.h"

namespace valise::bundle {

inline constexpr std::string_view kMediaFolder = "data/media/";

// What a bundle holds, gathered while it is planned.
struct BundleIndex {
  struct MediaList {
    std::string name;
    Digest digest;
    uint64_t rows = 0;
  };
  std::vector<library::DocumentRow> documents;
  std::vector<MediaList> media;
};

std::string AccountJson(const Account& account, const Selection& selection, const Report& report);
// `valise("index",{…});`
std::string IndexScript(const Account& account, const Selection& selection,
                        const BundleIndex& index, const Report& report);
// `valise("report",{…});` around the JSON of the report.
std::string ReportScript(std::string_view report);
// The page with its marker replaced by whose it is and as of when, escaped for HTML.
std::string StartPage(std::string_view page, const library::Head& head);

}  // namespace valise::bundle
