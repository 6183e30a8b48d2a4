#include "bag/bag_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace valise::bag {
namespace {

constexpr std::string_view kPayloadFolder = "data/";
constexpr std::string_view kManifest = "manifest-";
constexpr std::string_view kTagManifest = "tagmanifest-";
constexpr std::string_view kText = ".txt";
constexpr std::string_view kSignature = ".minisig";
constexpr size_t kMaxManifests = 32;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// "sha256" of "manifest-sha256.txt"; empty when it is not such a name.
std::string AlgorithmOf(std::string_view file, std::string_view begin) {
  if (!file.starts_with(begin) || !file.ends_with(kText)) return {};
  if (file.size() <= begin.size() + kText.size() || file.find('/') != file.npos) return {};
  std::string name(file.substr(begin.size(), file.size() - begin.size() - kText.size()));
  std::ranges::transform(name, name.begin(), Lower);
  return name;
}

bool SameHex(const Item& a, const Item& b, size_t size) {
  return std::ranges::equal(std::string_view(a.hex, size), std::string_view(b.hex, size), {}, Lower,
                            Lower);
}

}  // namespace

void AddProblem(std::vector<std::string>& to, std::string problem) {
  if (to.size() < kMaxProblems) to.push_back(std::move(problem));
  if (to.size() == kMaxProblems) to.back() = "… and more";
}

BagIndex::BagIndex(const BagFiles& files, const Declaration& declaration, Report& report)
    : files_(files), declaration_(declaration), report_(report) {}

Result<BagIndex> BagIndex::Build(const BagFiles& files, const Declaration& declaration,
                                 Report& report) {
  BagIndex index(files, declaration, report);
  RETURN_IF_ERROR(index.LoadManifests());
  index.DropDuplicates();
  index.ReadRefused();
  RETURN_IF_ERROR(index.ReadFetch());
  index.MatchFiles();
  return index;
}

Status BagIndex::LoadManifests() {
  for (const BagFiles::File& file : files_.files()) {
    const std::string payload = AlgorithmOf(file.path, kManifest);
    const std::string tag = AlgorithmOf(file.path, kTagManifest);
    if (!payload.empty()) RETURN_IF_ERROR(LoadManifest(file.path, true, payload));
    if (!tag.empty()) RETURN_IF_ERROR(LoadManifest(file.path, false, tag));
  }
  if (report_.algorithms.empty()) {
    AddProblem(report_.problems,
               "there is no payload manifest that can be checked (manifest-sha256.txt)");
  }
  std::ranges::sort(items_, [](const Item& a, const Item& b) {
    return std::tie(a.path, a.manifest, a.line) < std::tie(b.path, b.manifest, b.line);
  });
  return {};
}

Status BagIndex::LoadManifest(std::string_view name, bool payload, std::string_view algorithm) {
  const Algorithm* known = FindAlgorithm(algorithm);
  if (known == nullptr) {
    AddProblem(report_.warnings,
               fmt::format("{}: this algorithm is not known, it was not checked", name));
    return {};
  }
  if (manifests_.size() >= kMaxManifests) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("the bag has more than {} manifests", kMaxManifests));
  }
  Result<std::string> text = files_.Read(name, kMaxManifestBytes);
  if (!text && text.error().code == ErrorCode::kCorrupt) {
    AddProblem(report_.problems, fmt::format("{}: {}", name, text.error().message));
    return {};
  }
  if (!text) return std::unexpected(text.error().Within(name));
  const auto number = static_cast<uint16_t>(manifests_.size());
  manifests_.push_back({.name = std::string(name),
                        .algorithm = known,
                        .algorithm_index = IndexOfAlgorithm(known),
                        .payload = payload,
                        .text = *std::move(text)});
  if (payload) report_.algorithms.emplace_back(known->name);
  const auto note = [&](std::vector<std::string>& to) {
    return [&to, name](uint64_t line, const std::string& why) {
      AddProblem(to, fmt::format("{}, line {}: {}", name, line, why));
    };
  };
  ASSIGN_OR_RETURN(const std::vector<ManifestLine> lines,
                   ParseManifest(manifests_.back().text,
                                 {.hex_size = known->hex_size,
                                  .payload = payload,
                                  .exists = [&](std::string_view path) { return files_.Has(path); },
                                  .problem = note(report_.problems),
                                  .warning = note(report_.warnings)}));
  items_.reserve(items_.size() + lines.size());
  for (const ManifestLine& line : lines) {
    items_.push_back({line.path, line.hex.data(), static_cast<uint32_t>(line.number), number});
  }
  return {};
}

size_t BagIndex::IndexOfAlgorithm(const Algorithm* algorithm) {
  const auto found = std::ranges::find(algorithms_, algorithm);
  const auto index = static_cast<size_t>(found - algorithms_.begin());
  if (found == algorithms_.end()) algorithms_.push_back(algorithm);
  return index;
}

// A manifest lists a file once. The first line counts.
void BagIndex::DropDuplicates() {
  const auto duplicate = [&](const Item& first, const Item& second) {
    if (first.path != second.path || first.manifest != second.manifest) return false;
    const Manifest& manifest = manifests_[first.manifest];
    const bool same = SameHex(first, second, manifest.algorithm->hex_size);
    AddProblem(same ? report_.warnings : report_.problems,
               fmt::format("{}, line {}: names the file of line {} again{}", manifest.name,
                           second.line, first.line, same ? "" : " with another checksum"));
    return true;
  };
  const auto rest = std::ranges::unique(items_, duplicate);
  items_.erase(rest.begin(), rest.end());
}

// What the archive refused (links, encrypted entries, second entries of a name) cannot be as it
// was.
void BagIndex::ReadRefused() {
  for (const zip::RefusedEntry& entry : files_.archive().refused()) {
    if (!entry.path.starts_with(files_.prefix())) {
      AddProblem(report_.warnings, fmt::format("{}: {}", entry.path, entry.error.message));
      continue;
    }
    refused_.push_back(entry.path.substr(files_.prefix().size()));
    report_.damaged.push_back({refused_.back(), entry.error.message});
  }
  std::ranges::sort(refused_);
}

Status BagIndex::ReadFetch() {
  if (!files_.Has("fetch.txt")) return {};
  ASSIGN_OR_RETURN(const std::string text, files_.Read("fetch.txt", kMaxManifestBytes));
  for (std::string& path : ParseFetch(text)) {
    if (!files_.Has(path)) report_.to_fetch.push_back(std::move(path));
  }
  std::ranges::sort(report_.to_fetch);
  return {};
}

// Both lists are sorted: one walk over the two.
void BagIndex::MatchFiles() {
  const auto files = files_.files();
  size_t file = 0;
  for (size_t begin = 0; begin < items_.size();) {
    const std::string_view path = items_[begin].path;
    size_t end = begin;
    while (end < items_.size() && items_[end].path == path) ++end;
    for (; file < files.size() && files[file].path < path; ++file) MatchUnlisted(files[file].path);
    if (file < files.size() && files[file].path == path) {
      jobs_.push_back({path, files[file].index, std::span(items_).subspan(begin, end - begin)});
      CheckCoverage(path, jobs_.back().items);
      ++file;
    } else {
      AddMissing(path);
    }
    begin = end;
  }
  for (; file < files.size(); ++file) MatchUnlisted(files[file].path);
}

// A file that no manifest names.
void BagIndex::MatchUnlisted(std::string_view path) {
  if (path.starts_with(kPayloadFolder)) {
    report_.extra.push_back({std::string(path), "is in no manifest"});
    return;
  }
  const bool tag_manifests =
      std::ranges::any_of(manifests_, [](const Manifest& m) { return !m.payload; });
  if (!tag_manifests || !AlgorithmOf(path, kTagManifest).empty() || path.ends_with(kSignature))
    return;
  report_.unlisted.emplace_back(path);
  if (AlgorithmOf(path, kManifest).empty()) return;
  // RFC 8493 §2.2.1: a tag manifest lists every payload manifest. Without that, a signature of it
  // would say nothing.
  AddProblem(report_.problems, fmt::format("{} is in no tag manifest", path));
}

// Since 1.0 every payload manifest lists every payload file (§2.1.3), before that all of them
// together; every tag manifest lists every payload manifest.
void BagIndex::CheckCoverage(std::string_view path, std::span<const Item> items) {
  const bool payload = path.starts_with(kPayloadFolder);
  if (payload ? !declaration_.AtLeast1() : AlgorithmOf(path, kManifest).empty()) return;
  size_t next = 0;
  for (size_t m = 0; m < manifests_.size(); ++m) {
    if (manifests_[m].payload != payload) continue;
    while (next < items.size() && items[next].manifest < m) ++next;
    if (next < items.size() && items[next].manifest == m) continue;
    if (payload) {
      report_.extra.push_back({std::string(path), fmt::format("is not in {}", manifests_[m].name)});
    } else {
      AddProblem(report_.problems, fmt::format("{} is not in {}", path, manifests_[m].name));
    }
  }
}

void BagIndex::AddMissing(std::string_view path) {
  if (std::ranges::binary_search(refused_, path)) return;  // it is among the damaged
  const bool to_fetch = std::ranges::binary_search(report_.to_fetch, path);
  report_.missing.push_back({std::string(path), to_fetch ? "is still to be fetched (fetch.txt)"
                                                         : "is in a manifest but not there"});
}

}  // namespace valise::bag
