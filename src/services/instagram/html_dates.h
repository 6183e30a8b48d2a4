// Dates as Instagram's pages show them: "Jan 02, 2026 4:17 pm", the month in the language of the
// account, no zone.
//
// Thread safety: pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace valise::services::instagram {

// The moment in `text`, taken as UTC; nullopt when the text is anything but a date with a year, a
// month and a day (and perhaps a time of day).
std::optional<Timestamp> ParseShownDate(std::string_view text);

// The same of a date with a time of day: a day alone, where others stand too, may be what somebody
// wrote, or a birthday.
std::optional<Timestamp> ParseShownMoment(std::string_view text);

}  // namespace valise::services::instagram
