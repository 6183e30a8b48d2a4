#include "server_rooms.h"

#include <algorithm>
#include <thread>

#include "library/index.h"
#include "library/live.h"

namespace valise::app {
namespace {

// A server seals two seconds after the last change.
constexpr std::chrono::milliseconds kServerSeals{5'000};
constexpr std::chrono::milliseconds kLookAgain{50};

}  // namespace

Result<std::unique_ptr<ServerRooms>> ServerRooms::Open(Context& context, const Desk& desk,
                                                       const MailWords& words) {
  std::unique_ptr<ServerRooms> rooms(new ServerRooms(context, desk));
  sql::Database& database = *desk.database;
  ASSIGN_OR_RETURN(rooms->queue_, jobs::Queue::Open({database, context.clock, context.random}));
  ASSIGN_OR_RETURN(
      rooms->outbox_,
      mail::Outbox::Open({database, *rooms->queue_, context.clock, context.random, nullptr},
                         {.from = words.from, .from_name = words.server_name}));
  // It looks into plans and makes none.
  rooms->planner_ = std::make_unique<requests::LibraryPlanner>(*desk.accounts, context.data,
                                                               bundle::Formats{}, nullptr);
  ASSIGN_OR_RETURN(rooms->requests_,
                   requests::Requests::Open({database, *rooms->queue_, *rooms->outbox_,
                                             context.clock, context.random, *rooms->planner_},
                                            {.plans = context.data / "plans",
                                             .public_url = words.public_url,
                                             .server_name = words.server_name}));
  requests::Eraser::Options options{.data = context.data, .seal = {}, .reindex = {}};
  options.seal = [self = rooms.get()](std::string_view id) { return self->Seal(id); };
  options.reindex = [&context, &desk](std::string_view id) -> Status {
    ASSIGN_OR_RETURN(const auto library, library::Library::Open(*desk.accounts, context.data, id));
    ASSIGN_OR_RETURN(const auto index, library::Index::Open(*library));
    return index->Update([](uint64_t, uint64_t) {});
  };
  ASSIGN_OR_RETURN(rooms->eraser_, requests::Eraser::Open(
                                       {database, *rooms->queue_, *desk.accounts, *rooms->requests_,
                                        context.clock, context.random, rooms->blob_clock_},
                                       std::move(options)));
  return rooms;
}

Status ServerRooms::Seal(std::string_view account_id) {
  ASSIGN_OR_RETURN(const auto library,
                   library::Library::Open(*desk_.accounts, context_.data, account_id));
  ASSIGN_OR_RETURN(const auto live, library::Live::Open(library->folder(), context_.clock));
  const auto on_erase = [&](const library::Erased& erased) {
    return eraser_->OnErase(account_id, erased);
  };
  RETURN_IF_ERROR(live->Seal(*library, {.on_erase = on_erase, .wait = {}}));
  return {};
}

Status SealWaiting(Context& context, const Desk& desk, std::string_view account_id) {
  library::Lives lives(context.data, context.clock);
  const auto waits = [&]() -> Result<bool> {
    ASSIGN_OR_RETURN(const auto waiting, lives.Waiting());
    return std::ranges::find(waiting, account_id) != waiting.end();
  };
  ASSIGN_OR_RETURN(bool is_waiting, waits());
  if (!is_waiting) return {};
  const auto lock = FileLock::TryLock(context.data / "serve.lock");
  if (lock) {
    ASSIGN_OR_RETURN(const auto rooms, ServerRooms::Open(context, desk, {}));
    return rooms->Seal(account_id);
  }
  if (lock.error().code != ErrorCode::kConflict) return std::unexpected(lock.error());
  for (std::chrono::milliseconds waited{0}; is_waiting && waited < kServerSeals;
       waited += kLookAgain) {
    std::this_thread::sleep_for(kLookAgain);
    ASSIGN_OR_RETURN(is_waiting, waits());
  }
  return {};
}

}  // namespace valise::app
