// What the format of a service reads: the chosen records of a snapshot, newest first, and its
// media.
//
// Thread safety: const methods from any thread. Lifetime: borrows account and selection.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "account/records.h"
#include "bundle/bundle_format.h"
#include "bundle/selection.h"

namespace valise::bundle {

using Medium = library::MediumRow;

class AccountReader {
 public:
  AccountReader(const Account& account, const Selection& selection)
      : account_(account), selection_(selection) {}

  const Account& account() const { return account_; }
  const Selection& selection() const { return selection_; }

  // Records of one document, newest first; equal times in the order in which they were read.
  using Records = std::vector<account::Record>;
  // A document of messages, and how many of them were chosen.
  struct MessageDocument {
    const library::DocumentRow* row = nullptr;
    uint64_t messages = 0;
  };
  struct Thread {
    std::string conversation;                // key, hex
    uint64_t messages = 0;                   // chosen ones
    std::vector<MessageDocument> documents;  // newest first
  };

  // Calls `visit` for each chosen record of a kind that is not of messages, those without a time
  // last. One document is held at a time. Errors: kNotFound, kCorrupt (a document is gone or
  // damaged), those of `visit`.
  Status ForEach(account::Kind kind,
                 const std::function<Status(const account::Record&)>& visit) const;
  // How many records of a kind stand in the documents that the choice touches.
  uint64_t Count(account::Kind kind) const;
  // The chosen messages by conversation, in the order of keys. Reads only documents that the chosen
  // dates cut. Empty when messages were not chosen.
  Result<std::vector<Thread>> Threads() const;
  Result<Records> ReadMessages(const MessageDocument& document) const;

  // Every medium that the switches for photos and videos allow, in the order of the lists.
  Status ForEachMedium(const std::function<Status(const Medium&)>& visit) const;

  // Paths of files that imports received and could not read, and their ends of two names or more.
  Result<std::vector<std::string>> BrokenPaths() const;
  // Received files that are neither media nor read into records: what no format but the portable
  // one carries.
  Result<uint64_t> UnreadCount() const;

 private:
  std::vector<const library::DocumentRow*> DocumentsOf(account::Kind kind) const;
  bool MayHold(const library::DocumentRow& row) const;
  bool IsChosen(const account::Record& record) const;
  Result<Records> Read(const library::DocumentRow& row) const;

  const Account& account_;
  const Selection& selection_;
};

}  // namespace valise::bundle
