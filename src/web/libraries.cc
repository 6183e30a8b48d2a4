#include "web/libraries.h"

#include <algorithm>

namespace valise::web {
namespace {

Status AddConnections(const library::Library& library, const library::DocumentRow& row,
                      View& view) {
  ASSIGN_OR_RETURN(const auto records, library.ReadRecords(row));
  for (const account::Record& record : records) {
    const auto* connection = std::get_if<account::Connection>(&record);
    if (connection == nullptr) continue;
    if (connection->relation == "follower") ++view.followers;
    if (connection->relation == "following") ++view.following;
  }
  return {};
}

Result<std::shared_ptr<const View>> MakeView(const library::Library& library, const Digest& head) {
  ASSIGN_OR_RETURN(auto snapshot, library.At(head));
  auto view = std::make_shared<View>();
  view->digest = snapshot.digest;
  view->head = std::move(snapshot.head);
  for (const library::DocumentRow& row : view->head.documents) {
    if (row.kind == account::Kind::kConnection) {
      RETURN_IF_ERROR(AddConnections(library, row, *view));
    } else if (row.kind == account::Kind::kProfile && !view->profile) {
      ASSIGN_OR_RETURN(auto records, library.ReadRecords(row));
      if (!records.empty()) view->profile = std::get<account::Profile>(std::move(records.front()));
    }
  }
  return view;
}

}  // namespace

Result<Libraries::Slot*> Libraries::Find(std::string_view account_id) {
  const auto found = std::ranges::find(slots_, account_id, &Slot::id);
  if (found != slots_.end()) {
    slots_.splice(slots_.begin(), slots_, found);
    return &slots_.front();
  }
  ASSIGN_OR_RETURN(auto library, library::Library::Open(accounts_, data_, account_id));
  slots_.push_front(
      {.id = std::string(account_id), .library = std::move(library), .index = {}, .view = {}});
  if (slots_.size() > kMaxOpen) slots_.pop_back();
  return &slots_.front();
}

Result<std::shared_ptr<library::Library>> Libraries::Open(std::string_view account_id) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const Slot* slot, Find(account_id));
  return slot->library;
}

Result<std::shared_ptr<const View>> Libraries::Look(const library::AccountRow& account) {
  if (!account.head) return nullptr;
  std::shared_ptr<library::Library> library;
  {
    const std::lock_guard lock(mutex_);
    ASSIGN_OR_RETURN(const Slot* slot, Find(account.id));
    if (slot->view && slot->view->digest == *account.head) return slot->view;
    library = slot->library;
  }
  // Read without the lock: others need not wait. Two at once read the same.
  ASSIGN_OR_RETURN(auto view, MakeView(*library, *account.head));
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(Slot * slot, Find(account.id));
  slot->view = view;
  return view;
}

Result<std::shared_ptr<library::Index>> Libraries::OpenIndex(std::string_view account_id) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(Slot * slot, Find(account_id));
  if (!slot->index) {
    ASSIGN_OR_RETURN(auto index, library::Index::Open(*slot->library));
    // The index borrows the library: they go together.
    slot->index = std::shared_ptr<library::Index>(
        index.release(), [library = slot->library](library::Index* one) { delete one; });
  }
  return slot->index;
}

void Libraries::Close(std::string_view account_id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(slots_, [&](const Slot& slot) { return slot.id == account_id; });
}

}  // namespace valise::web
