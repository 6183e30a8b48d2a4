// The calls of Valise's ingest API that the site makes (its docs/formats/ingest.md), by libcurl.
//
// Thread safety: belongs to one thread; it keeps one connection open.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/secret.h"

namespace valise::host {

class IngestClient {
 public:
  // `url`: Valise's address without a slash at the end. Errors: kUnavailable (no memory).
  static Result<std::unique_ptr<IngestClient>> Open(std::string url, Secret<std::string> token);
  ~IngestClient();
  IngestClient(const IngestClient&) = delete;
  IngestClient& operator=(const IngestClient&) = delete;

  // Errors of all: kUnavailable (it did not answer, or is busy: try again), kUnauthenticated (the
  // token), kInvalidArgument and others as Valise says.

  // How far it has come; nullopt: it has nothing yet.
  Result<std::optional<int64_t>> Cursor();
  Status PutAccount(std::string_view account, std::string_view json);
  // Which of these blobs (hex) it lacks.
  Result<std::vector<std::string>> Missing(std::string_view account,
                                           const std::vector<std::string>& digests);
  // Goes on where an earlier try was cut.
  Status PutBlob(std::string_view account, std::string_view sha256, const fs::path& file);
  struct Refused {
    int64_t cursor = 0;
    std::string code, message;
  };
  struct Streamed {
    std::optional<int64_t> cursor;
    std::vector<Refused> refused;
  };
  Result<Streamed> Stream(std::string_view lines);
  // What it holds of an account: {kind: {month: digest}} as lines "kind month count digest".
  Result<std::vector<std::string>> Reconcile(std::string_view account);

 private:
  struct State;
  explicit IngestClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace valise::host
