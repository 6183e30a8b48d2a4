// Outbox: what Valise must be told, kept in the site's own database until Valise has it.
//
// Every change of the site and the lines that tell of it are written in one transaction: neither
// can be without the other. A line's number is its cursor. Thread safety: every method from any
// thread. Durability: as the database's.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "database.h"
#include "model.h"

namespace valise::host {

class Outbox {
 public:
  explicit Outbox(Database& database) : database_(database) {}

  // Inside the transaction of the change.
  Status PutAccount(const Member& member);
  struct Put {
    std::vector<int64_t> members;  // whose record it is
    std::string id;
    std::string record;
    std::vector<Medium> media;  // each member's account needs these blobs; those without name: none
  };
  Status PutRecord(const Put& put);
  Status DeleteRecord(const std::vector<int64_t>& members, std::string_view kind,
                      std::string_view id);
  // After the transaction: there may be something to send.
  void Ring();

  // For who sends.
  struct Line {
    int64_t cursor = 0;
    std::string account;  // JSON for PUT /accounts/{xid}: of account lines only
    std::string text;     // the line's members after "cursor", with its closing brace
  };
  // The next lines after `cursor`, in order, at most `limit`.
  Result<std::vector<Line>> After(int64_t cursor, size_t limit) const;
  struct Blob {
    std::string account;  // as Valise is told it
    std::string sha256;
  };
  Result<std::vector<Blob>> BlobsOf(int64_t first, int64_t last) const;
  // Valise has everything up to `cursor`.
  Status Forget(int64_t cursor);
  // The line was refused: it is kept apart, for whoever runs the site.
  Status Refuse(int64_t cursor, std::string_view code, std::string_view message);
  Result<int64_t> Count() const;
  Result<int64_t> CountRefused() const;
  // Has anything ever been forgotten? Then Valise had it once.
  Result<bool> HasSent() const;
  // The highest number ever given to a line; 0: none yet.
  Result<int64_t> Last() const;
  // Lines from now on have higher numbers than this.
  Status GoOnAfter(int64_t cursor);
  // Waits for a Ring() since the last one, at most so long.
  void Wait(std::chrono::milliseconds at_most);

 private:
  Database& database_;
  std::mutex mutex_;
  std::condition_variable bell_;
  bool rung_ = false;
};

}  // namespace valise::host
