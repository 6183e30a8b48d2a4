// Result<T>: a value, or an Error that says what went wrong and with which thing.
//
// Valise's own code throws nothing: hostile archives make failure ordinary, and after the first
// byte of a ZIP has been sent no exception can become a "500". Adapters catch what their library
// throws at their own border. Thread safety: plain values.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace valise {

// Each code has one meaning and one HTTP status (HttpStatus). kUnavailable alone means "the same
// call may be repeated later".
enum class ErrorCode {
  kInvalidArgument,   // the caller's input is wrong; repeating it will not help       400
  kUnauthenticated,   // who are you?                                                  401
  kPermissionDenied,  // known, but not allowed                                        403
  kNotFound,          // there is no such thing                                        404
  kConflict,          // somebody else changed it first, or holds it now               409
  kAlreadyExists,     // put-if-absent found it                                        409
  kGone,              // it was there and has ended (an expired link)                  410
  kLimitExceeded,     // a named limit was reached                                     413
  kUnsupported,       // understood, but we do not do this                             415
  kCorrupt,           // bytes are not what they claim to be                           422
  kRateLimited,       // too many tries; wait                                          429
  kInternal,          // our own mistake                                               500
  kUnavailable,       // a disk, server or peer did not answer; try again              503
  kCancelled,         // somebody asked us to stop                                     499
};

// Stable lower-case name ("not_found"), used in JSON and logs.
std::string_view CodeName(ErrorCode code);
int HttpStatus(ErrorCode code);

// Names the thing and the cause. The message is fit to be shown to people and carries no personal
// data: no text, names or tokens of a member. File names of an archive may stand in what is shown
// to the owner, never in a log.
struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;

  // The same error with what was being done put in front: "import part 2: " + message.
  Error Within(std::string_view context) const;

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

inline std::unexpected<Error> Fail(ErrorCode code, std::string message) {
  return std::unexpected<Error>(Error{code, std::move(message)});
}

// The error for the current value of errno: "open blob: No space left on device". A full disk is
// kUnavailable, a missing file kNotFound.
Error ErrnoError(std::string_view doing);
Error ErrnoError(std::string_view doing, int errno_value);

}  // namespace valise

#define VALISE_CONCAT_INNER(a, b) a##b
#define VALISE_CONCAT(a, b) VALISE_CONCAT_INNER(a, b)

// ASSIGN_OR_RETURN(auto file, File::Open(path));
#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_INNER(VALISE_CONCAT(result_, __COUNTER__), declaration, expression)
#define ASSIGN_OR_RETURN_INNER(result, declaration, expression)               \
  auto result = (expression);                                                 \
  if (!result.has_value()) return std::unexpected(std::move(result).error()); \
  declaration = std::move(*result)

#define RETURN_IF_ERROR(expression)                          \
  do {                                                       \
    if (auto status_ = (expression); !status_.has_value()) { \
      return std::unexpected(std::move(status_).error());    \
    }                                                        \
  } while (false)

// For our own mistakes only, never for input: always compiled in, aborts with the condition.
#define CHECK(condition)                                                     \
  do {                                                                       \
    if (!(condition)) ::valise::CheckFailed(#condition, __FILE__, __LINE__); \
  } while (false)

namespace valise {
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);
}
