#include "bag/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>

#include "bag/bag_files.h"
#include "bag/bag_index.h"

namespace valise::bag {
namespace {

// Stays in the second-level cache between the CRC and the hash.
constexpr size_t kReadBytes = 256u << 10;
// Files from here on are begun first, so that none of them is left alone at the end.
constexpr uint64_t kLargeFile = 64ull << 20;
constexpr uint64_t kProgressBytes = 8ull << 20;
constexpr uint64_t kProgressFiles = 256;
constexpr std::string_view kSignatureEnd = ".minisig";

// Counts what the workers have done and tells it now and then.
class Progress {
 public:
  Progress(const std::function<Status(const VerifyProgress&)>& tell, uint64_t bytes, uint64_t files)
      : tell_(tell), total_bytes_(bytes), total_files_(files) {}

  Status Add(uint64_t bytes, uint64_t files) {
    const uint64_t now = bytes_ += bytes;
    const uint64_t now_files = files_ += files;
    if (!tell_) return {};
    const std::lock_guard lock(mutex_);
    if (now < told_bytes_ + kProgressBytes && now_files < told_files_ + kProgressFiles) return {};
    return Tell();
  }
  Status Finish() {
    const std::lock_guard lock(mutex_);
    return tell_ ? Tell() : Status{};
  }
  uint64_t bytes() const { return bytes_; }
  uint64_t files() const { return files_; }

 private:
  Status Tell() {
    told_bytes_ = bytes_;
    told_files_ = files_;
    return tell_({told_bytes_, total_bytes_, told_files_, total_files_});
  }

  const std::function<Status(const VerifyProgress&)>& tell_;
  uint64_t total_bytes_, total_files_;
  std::atomic<uint64_t> bytes_ = 0, files_ = 0;
  std::mutex mutex_;
  uint64_t told_bytes_ = 0, told_files_ = 0;
};

bool EqualsHex(std::string_view lower, const char* any_case) {
  return std::ranges::equal(lower, std::string_view(any_case, lower.size()), [](char a, char b) {
    return a == (b >= 'A' && b <= 'F' ? static_cast<char>(b + 32) : b);
  });
}

// What one thread needs to hash files.
class Worker {
 public:
  Worker(const zip::Archive& archive, const BagIndex& index, Progress& progress)
      : archive_(archive),
        index_(index),
        progress_(progress),
        hasher_(index.algorithms()),
        buffer_(kReadBytes) {}

  // Files that are not as they were are kept in `damaged`. Errors: those of the progress.
  Status Check(const HashJob& job) {
    uint32_t wanted = 0;  // algorithms of this file, as bits
    for (const Item& item : job.items)
      wanted |= 1u << index_.manifests()[item.manifest].algorithm_index;
    hasher_.Start(wanted);
    ASSIGN_OR_RETURN(const Status read, Hash(job.index));
    if (!read) {
      damaged.push_back({std::string(job.path), read.error().message});
    } else {
      Compare(job);
    }
    return progress_.Add(0, 1);
  }

  std::vector<Finding> damaged;

 private:
  // The outer result is the progress', the inner one the file's.
  Result<Status> Hash(size_t index) {
    auto reader = archive_.Open(index);
    if (!reader) return Status(std::unexpected(std::move(reader).error()));
    while (true) {
      const Result<size_t> read = (*reader)->Read(buffer_);
      if (!read) return Status(std::unexpected(read.error()));
      if (*read == 0) return Status{};
      hasher_.Update(Bytes(buffer_).first(*read));
      RETURN_IF_ERROR(progress_.Add(*read, 0));
    }
  }

  void Compare(const HashJob& job) {
    size_t computed = index_.algorithms().size();  // none yet
    std::string hex;
    for (const Item& item : job.items) {
      const Manifest& manifest = index_.manifests()[item.manifest];
      if (manifest.algorithm_index != computed) {
        computed = manifest.algorithm_index;
        hex = hasher_.Hex(computed);
      }
      if (EqualsHex(hex, item.hex)) continue;
      damaged.push_back(
          {std::string(job.path),
           fmt::format("its content is not what {} says (line {})", manifest.name, item.line)});
      return;
    }
  }

  const zip::Archive& archive_;
  const BagIndex& index_;
  Progress& progress_;
  MultiHasher hasher_;
  std::vector<std::byte> buffer_;
};

Status HashFiles(const BagFiles& files, const BagIndex& index, const VerifyOptions& options,
                 Report& report) {
  const std::vector<HashJob>& jobs = index.jobs();
  uint64_t total = 0;
  for (const HashJob& job : jobs) total += files.SizeOf(job.index);
  std::vector<uint32_t> order(jobs.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](uint32_t i) {
    return std::pair(files.SizeOf(jobs[i].index) < kLargeFile, jobs[i].index);
  });
  Progress progress(options.progress, total, jobs.size());
  std::vector<std::unique_ptr<Worker>> workers;
  for (size_t i = 0; i < std::max<size_t>(options.workers, 1); ++i) {
    workers.push_back(std::make_unique<Worker>(files.archive(), index, progress));
  }
  RETURN_IF_ERROR(ParallelFor(workers.size(), order.size(), [&](size_t worker, size_t i) {
    return workers[worker]->Check(jobs[order[i]]);
  }));
  for (const auto& worker : workers) {
    report.damaged.insert(report.damaged.end(), worker->damaged.begin(), worker->damaged.end());
  }
  report.bytes = progress.bytes();
  report.files_checked = progress.files();
  return progress.Finish();
}

Status CheckOxum(const BagFiles& files, Report& report) {
  if (!files.Has("bag-info.txt")) return {};
  auto text = files.Read("bag-info.txt", kMaxTagFileBytes);
  if (!text) {
    AddProblem(report.problems, fmt::format("bag-info.txt: {}", text.error().message));
    return {};
  }
  const Result<std::optional<Oxum>> declared = ParseOxum(*text);
  if (!declared) AddProblem(report.problems, declared.error().message);
  if (!declared || !*declared) return {};
  Oxum found;
  for (const BagFiles::File& file : files.files()) {
    if (!file.path.starts_with("data/")) continue;
    found.octets += files.SizeOf(file.index);
    ++found.files;
  }
  if (found != **declared) report.oxum = OxumMismatch{.declared = **declared, .found = found};
  return {};
}

// The state of one signature file.
SignatureReport CheckOne(const BagFiles& files, std::string_view path,
                         const std::vector<PublicKey>& keys) {
  SignatureReport report{.state = SignatureState::kBad, .key_id = {}, .trusted_comment = {}};
  const auto text = files.Read(path, kMaxTagFileBytes);
  if (!text) return report;
  const Result<Signature> signature = Signature::Parse(*text);
  if (!signature) return report;
  report.key_id = signature->key_id.Text();
  const auto message =
      files.Read(path.substr(0, path.size() - kSignatureEnd.size()), kMaxManifestBytes);
  if (!message) return report;
  const auto key = std::ranges::find(keys, signature->key_id, &PublicKey::id);
  if (key == keys.end()) {
    report.state = SignatureState::kUnknownKey;
    return report;
  }
  if (!CheckSignature(*signature, AsBytes(*message), *key)) return report;
  report.state = SignatureState::kGood;
  report.trusted_comment = signature->trusted_comment;
  return report;
}

// A signature counts when it is of a tag manifest that was checked. The worst of several is told.
SignatureReport CheckSignatures(const BagFiles& files, const BagIndex& index,
                                const std::vector<PublicKey>& keys) {
  SignatureReport worst;
  const auto rank = [](SignatureState state) {
    switch (state) {
      case SignatureState::kAbsent:
        return 0;
      case SignatureState::kGood:
        return 1;
      case SignatureState::kUnknownKey:
        return 2;
      case SignatureState::kBad:
        return 3;
    }
    return 3;
  };
  for (const Manifest& manifest : index.manifests()) {
    const std::string path = manifest.name + std::string(kSignatureEnd);
    if (manifest.payload || !files.Has(path)) continue;
    SignatureReport one = CheckOne(files, path, keys);
    if (rank(one.state) > rank(worst.state)) worst = std::move(one);
  }
  return worst;
}

bool IsOk(const Report& report, const VerifyOptions& options) {
  const SignatureState signature = report.signature.state;
  if (signature == SignatureState::kBad) return false;
  if (options.require_signature && signature != SignatureState::kGood) return false;
  return report.damaged.empty() && report.missing.empty() && report.extra.empty() &&
         report.problems.empty() && !report.oxum;
}

}  // namespace

std::string_view SignatureStateName(SignatureState state) {
  switch (state) {
    case SignatureState::kAbsent:
      return "absent";
    case SignatureState::kGood:
      return "good";
    case SignatureState::kBad:
      return "bad";
    case SignatureState::kUnknownKey:
      return "unknown_key";
  }
  return "bad";
}

Result<Report> Verify(const zip::Archive& archive, const VerifyOptions& options) {
  ASSIGN_OR_RETURN(const BagFiles files, BagFiles::Find(archive));
  ASSIGN_OR_RETURN(const std::string text, files.Read("bagit.txt", kMaxTagFileBytes));
  ASSIGN_OR_RETURN(const Declaration declaration, ParseDeclaration(text));
  Report report;
  report.version = fmt::format("{}.{}", declaration.major, declaration.minor);
  report.warnings = declaration.warnings;
  for (const std::string& path : files.outside()) {
    AddProblem(report.warnings, fmt::format("{} lies outside the bag", path));
  }
  ASSIGN_OR_RETURN(const BagIndex index, BagIndex::Build(files, declaration, report));
  RETURN_IF_ERROR(CheckOxum(files, report));
  report.signature = CheckSignatures(files, index, options.keys);
  RETURN_IF_ERROR(HashFiles(files, index, options, report));
  std::ranges::sort(report.damaged, {}, &Finding::path);
  report.ok = IsOk(report, options);
  return report;
}

Result<Report> VerifyPath(const fs::path& path, const VerifyOptions& options) {
  ASSIGN_OR_RETURN(const auto archive, zip::OpenArchive({&path, 1}));
  return Verify(*archive, options);
}

}  // namespace valise::bag
