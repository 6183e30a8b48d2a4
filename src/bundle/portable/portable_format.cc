#include "bundle/portable/portable_format.h"

#include <fmt/format.h>

#include "account/schemas.h"
#include "bag/manifest_writer.h"
#include "bundle/portable/about_page.h"
#include "bundle/portable/bag_writer.h"
#include "bundle/portable/document_choice.h"
#include "bundle/portable/media_choice.h"
#include "bundle/portable/missing.h"
#include "bundle/portable/originals.h"
#include "bundle/portable/report.h"
#include "bundle/portable/ro_crate.h"
#include "bundle/portable/safe_name.h"
#include "bundle/portable/viewer_data.h"

namespace valise::bundle {

// Made by embed_files() of this room: schema/*.schema.json.
std::span<const EmbeddedFile> BundleSchemas();

namespace {

constexpr std::string_view kStartPage = "START-HERE.html";

// A list as the library keeps it.
SealedText TextOf(const library::ListRow& list) {
  return {.seal = {.digest = list.digest,
                   .twin_digest = list.twin_digest,
                   .crc = list.crc,
                   .size = list.size,
                   .stored_size = list.stored_size},
          .open = {}};
}

// One planning of one bundle.
class Planning {
 public:
  Planning(const Account& account, const Selection& selection, BagWriter& bag)
      : account_(account), selection_(selection), bag_(bag) {}

  Status AddViewer(std::span<const EmbeddedFile> viewer);
  Status ReadImports();
  Status AddRecords();
  Status AddMedia();
  Status AddOriginals();
  Status AddSchemas();
  Status AddAccount();
  Status AddWords(std::string_view title);
  Status AddAbout(const About& about);

  const Report& report() const { return report_; }

 private:
  Status AddMedium(const library::MediumRow& row);
  Status AddFilesOf(const library::ImportEntry& import, const ImportFiles& files);

  const Account& account_;
  const Selection& selection_;
  BagWriter& bag_;
  Report report_;
  std::vector<ImportFiles> imports_;  // one for each of the head's
  BrokenFiles broken_;
  BundleIndex index_;
  std::optional<std::unordered_set<Digest>> shown_media_;
  std::string path_;
};

Status Planning::AddViewer(std::span<const EmbeddedFile> viewer) {
  RETURN_IF_ERROR(bag_.AddTag("bagit.txt", bag::kBagitTxt));
  for (const EmbeddedFile& file : viewer) {
    if (file.path == kStartPage) {
      RETURN_IF_ERROR(bag_.AddTag(file.path, StartPage(file.content, account_.head)));
    }
  }
  for (const EmbeddedFile& file : viewer) {
    if (file.path != kStartPage) RETURN_IF_ERROR(bag_.AddTag(file.path, file.content));
  }
  return {};
}

Status Planning::ReadImports() {
  for (const library::ImportEntry& import : account_.head.imports) {
    ASSIGN_OR_RETURN(ImportFiles files, ReadImportFiles(account_, import));
    report_.imports.push_back({import.info, files.tally});
    for (const std::string& path : files.broken) broken_.Add(path);
    imports_.push_back(std::move(files));
  }
  return {};
}

Status Planning::AddRecords() {
  const MissingMedia missing(account_, broken_);
  DocumentChooser chooser(account_, selection_);
  const Status added = chooser.ForEach([&](const ChosenDocument& document) -> Status {
    const std::string& name = document.row.name;
    RETURN_IF_ERROR(bag_.AddPayload(fmt::format("data/records/{}.json", name), document.text));
    RETURN_IF_ERROR(bag_.AddTwin(fmt::format("viewer/data/{}.js", name), document.text));
    report_.packed[static_cast<size_t>(document.row.kind)] += document.row.records;
    report_.absent[static_cast<size_t>(document.row.kind)] += document.row.absent;
    index_.documents.push_back(document.row);
    return missing.Count(document, report_);
  });
  shown_media_ = chooser.shown_media();
  return added;
}

Status Planning::AddMedium(const library::MediumRow& row) {
  path_.assign(kMediaFolder);
  path_ += row.name;
  std::optional<int64_t> time_s;
  if (row.time) time_s = ToSeconds(*row.time);
  RETURN_IF_ERROR(bag_.AddPayload(path_,
                                  {.digest = row.digest,
                                   .size = row.size,
                                   .stored_size = row.stored_size,
                                   .crc = row.crc,
                                   .deflated = row.deflated},
                                  time_s));
  ++report_.media;
  report_.media_bytes += row.size;
  if (IsPhoto(row.type)) {
    ++report_.photos;
    report_.photo_bytes += row.size;
  } else if (IsVideo(row.type)) {
    ++report_.videos;
    report_.video_bytes += row.size;
  }
  return {};
}

Status Planning::AddMedia() {
  const MediaChooser chooser(account_, selection_, shown_media_);
  return chooser.ForEach([&](const ChosenMedia& media) -> Status {
    RETURN_IF_ERROR(bag_.AddPayload(fmt::format("data/records/{}.json", media.name), media.text));
    RETURN_IF_ERROR(bag_.AddTwin(fmt::format("viewer/data/{}.js", media.name), media.text));
    index_.media.push_back({media.name, media.text.seal.digest, media.rows.size()});
    for (const library::MediumRow& row : media.rows) RETURN_IF_ERROR(AddMedium(row));
    return {};
  });
}

Status Planning::AddFilesOf(const library::ImportEntry& import, const ImportFiles& files) {
  const std::string folder = fmt::format("data/originals/{}", import.info.id);
  RETURN_IF_ERROR(bag_.AddPayload(folder + "/index.json", TextOf(import.files)));
  const std::string renamed = RenamedJson(files.kept);
  if (!renamed.empty()) RETURN_IF_ERROR(bag_.AddPayload(folder + "/renamed.json", renamed));
  for (const PlacedOriginal& original : files.kept) {
    const account::OriginalFile& file = original.file;
    ++report_.originals;
    report_.original_bytes += file.size;
    RETURN_IF_ERROR(bag_.AddPayload(fmt::format("{}/files/{}", folder, original.place),
                                    {.digest = *file.digest,
                                     .size = file.size,
                                     .stored_size = file.stored_size,
                                     .crc = file.crc,
                                     .deflated = file.deflated},
                                    std::nullopt));
  }
  return {};
}

Status Planning::AddOriginals() {
  if (!selection_.originals || !selection_.IsComplete()) return {};
  for (size_t i = 0; i < imports_.size(); ++i) {
    RETURN_IF_ERROR(AddFilesOf(account_.head.imports[i], imports_[i]));
  }
  return {};
}

Status Planning::AddSchemas() {
  for (const std::span<const EmbeddedFile> files : {account::Schemas(), BundleSchemas()}) {
    for (const EmbeddedFile& file : files) {
      const std::string_view name = file.path.substr(file.path.rfind('/') + 1);
      RETURN_IF_ERROR(bag_.AddPayload(fmt::format("data/schema/{}", name), file.content));
    }
  }
  return {};
}

Status Planning::AddAccount() {
  return bag_.AddPayload("data/account.json", AccountJson(account_, selection_, report_));
}

Status Planning::AddWords(std::string_view title) {
  RETURN_IF_ERROR(ReadIssues(account_, report_));
  if (account_.head.issues) {
    RETURN_IF_ERROR(bag_.AddPayload("data/issues.json", TextOf(*account_.head.issues)));
  }
  const std::string report = ToJson(report_, account_, selection_);
  RETURN_IF_ERROR(bag_.AddPayload("data/report.json", report));
  RETURN_IF_ERROR(bag_.AddPayload("data/ro-crate-metadata.json",
                                  RoCrateJson(account_, selection_, title, index_, report_)));
  RETURN_IF_ERROR(
      bag_.AddTag("viewer/data/index.js", IndexScript(account_, selection_, index_, report_)));
  return bag_.AddTag("viewer/data/report.js", ReportScript(report));
}

Status Planning::AddAbout(const About& about) {
  const AboutFacts facts = FactsOf(account_, index_, report_);
  RETURN_IF_ERROR(bag_.AddTag("about-your-data.html", AboutPage(about, facts)));
  return bag_.AddTag("about-your-data.json", AboutJson(about, facts));
}

}  // namespace

PortableFormat::PortableFormat(std::span<const EmbeddedFile> viewer, About about)
    : viewer_(viewer), about_(std::move(about)) {
  CHECK(FindEmbedded(viewer_, kStartPage) != nullptr);
}

Result<PlanSummary> PortableFormat::Plan(const Account& account, const Selection& selection,
                                         PlanWriter& writer, const bag::SigningKey* key) const {
  const library::Head& head = account.head;
  const std::string date = FormatTime(head.time).substr(0, std::string_view("YYYY-MM-DD").size());
  const std::string top = TopFolder(head.username, date);
  ASSIGN_OR_RETURN(BagWriter bag, BagWriter::Create(writer, top, ToSeconds(head.time)));
  Planning planning(account, selection, bag);
  RETURN_IF_ERROR(planning.AddViewer(viewer_));
  RETURN_IF_ERROR(planning.ReadImports());
  RETURN_IF_ERROR(planning.AddRecords());
  RETURN_IF_ERROR(planning.AddMedia());
  RETURN_IF_ERROR(planning.AddOriginals());
  RETURN_IF_ERROR(planning.AddSchemas());
  RETURN_IF_ERROR(planning.AddAccount());
  RETURN_IF_ERROR(planning.AddWords(top));
  RETURN_IF_ERROR(planning.AddAbout(about_));

  const Report& report = planning.report();
  PlanSummary summary{.file_name = top + ".zip",
                      .records = report.packed,
                      .media = report.media,
                      .media_bytes = report.media_bytes,
                      .photos = report.photos,
                      .videos = report.videos,
                      .missing = report.missing_count,
                      .damaged = report.damaged_count,
                      .issues = report.issues_total};
  RETURN_IF_ERROR(bag.Finish({.date = date,
                              .head = account.head_digest.Hex(),
                              .description = "What a member shared; open START-HERE.html",
                              .file_name = summary.file_name},
                             key));
  return summary;
}

}  // namespace valise::bundle
