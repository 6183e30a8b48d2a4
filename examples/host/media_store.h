// Photos and videos as files named by their SHA-256, and what they are from their first bytes.
//
// Thread safety: every method from any thread; an Incoming belongs to one. Durability: once
// Finish() has returned, the bytes survive a crash.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/file.h"
#include "base/random.h"
#include "model.h"

namespace valise::host {

// "image/jpeg" …; "" when it is nothing that the site shows.
std::string_view Sniff(std::string_view first_bytes);

class MediaStore {
 public:
  static constexpr int64_t kMaxPhoto = 30 << 20;
  static constexpr int64_t kMaxVideo = 300 << 20;

  // Makes the folder if absent. `random` outlives this.
  static Result<std::unique_ptr<MediaStore>> Open(const fs::path& folder, Random& random);

  // A file that is coming; gone with what was written unless Finish() was called.
  class Incoming {
   public:
    ~Incoming();
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;
    // Errors: kUnsupported (no photo, no video), kLimitExceeded, kUnavailable.
    Status Write(std::string_view bytes);
    int64_t size() const { return size_; }
    // Errors: kUnsupported, kUnavailable.
    Result<Medium> Finish();

   private:
    friend class MediaStore;
    Incoming(const MediaStore& store, fs::path path, File file)
        : store_(store), path_(std::move(path)), file_(std::move(file)) {}
    Status Check() const;

    const MediaStore& store_;
    fs::path path_;
    File file_;
    Hasher hasher_;
    std::string head_;
    int64_t size_ = 0;
  };
  Result<std::unique_ptr<Incoming>> Begin() const;
  // Takes in a file that lies on this machine.
  Result<Medium> Add(const fs::path& file) const;
  Status Remove(std::string_view sha256) const;
  // REQUIRES: 64 hex digits.
  fs::path PathOf(std::string_view sha256) const;

 private:
  MediaStore(fs::path folder, Random& random) : folder_(std::move(folder)), random_(random) {}

  fs::path folder_;
  Random& random_;
};

}  // namespace valise::host
