// Into which account an archive goes that `valise import` takes in.
//
// Thread safety: belongs to the command's thread.
#pragma once

#include <string>

#include "context.h"
#include "imports/listing.h"

namespace valise::app {

struct WantedAccount {
  std::string account;  // id or name; empty: by the archive's user name
  std::string owner;    // user name at the desk; empty: nobody's
};

// The account that is wanted; else the one of the archive's service that is called, or whose
// profile is now called, as the archive's profile or name says; else a new one. Errors: kNotFound
// (account, owner), kInvalidArgument (the archive names nobody, and there are accounts that it may
// be of).
Result<library::AccountRow> ChooseAccount(Desk& desk, Context& context, const WantedAccount& wanted,
                                          const imports::OpenedArchive& opened);

}  // namespace valise::app
