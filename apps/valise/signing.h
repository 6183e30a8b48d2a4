// This server's signing key: <data>/signing.key, made when it is first needed; its public half in
// <data>/signing.pub.
//
// Thread safety: belongs to the main thread.
#pragma once

#include <vector>

#include "bag/signature.h"
#include "base/file.h"
#include "base/random.h"
#include "base/result.h"

namespace valise::app {

// Errors: kPermissionDenied (others can read the key file), kInvalidArgument (damaged),
// kUnavailable.
Result<bag::SigningKey> LoadOrMakeKey(const fs::path& data, Random& random);

// The keys to believe: this server's own, if it has one, and those given as files or as minisign's
// line.
Result<std::vector<bag::PublicKey>> TrustedKeys(const fs::path& data,
                                                const std::vector<std::string>& given);

}  // namespace valise::app
