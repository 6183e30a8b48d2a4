// An export request as the API shows it (docs/openapi.yaml, ExportRequest).
//
// Thread safety: from any thread.
#pragma once

#include "base/json_writer.h"
#include "requests/requests.h"

namespace valise::web {

// Errors: kUnavailable (the desk).
Result<std::string> RequestJson(const requests::Requests& requests,
                                const requests::ExportRequest& request, bool mail_configured);

}  // namespace valise::web
