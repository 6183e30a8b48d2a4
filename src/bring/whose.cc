#include "bring/whose.h"

#include "account/fold.h"
#include "imports/inspect.h"

namespace valise::bring {

Result<Claim> ClaimOf(const imports::OpenedArchive& opened) {
  Claim claim{.service = opened.account_service(), .username = opened.account_username()};
  // A bundle of ours tells it for certain; the name of another's archive may be an older one.
  if (opened.reading().keeps_keys() && !claim.username.empty()) return claim;
  ASSIGN_OR_RETURN(const auto profile, imports::FindProfile(opened));
  if (profile) claim.username = profile->username;
  return claim;
}

bool SameName(std::string_view a, std::string_view b) {
  return account::Fold(a) == account::Fold(b);
}

bool Belongs(const Claim& claim, const library::AccountRow& account,
             std::string_view profile_name) {
  if (!account.head) return true;
  if (!account.service.empty() && claim.service != account.service) return false;
  if (claim.username.empty()) return true;
  if (account.username.empty() && profile_name.empty()) return true;
  return SameName(claim.username, account.username) || SameName(claim.username, profile_name);
}

}  // namespace valise::bring
