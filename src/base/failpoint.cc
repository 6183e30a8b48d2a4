#include "base/failpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <mutex>
#include <string>

namespace valise::failpoint {
namespace internal {

constinit std::atomic<Mode> mode{Mode::kUnknown};

}  // namespace internal

namespace {

struct Armed {
  std::mutex mutex;
  std::string name;  // of the point that ends the process
  int left = 0;      // passes of it until then
  std::string list;  // file
};

// Failpoints are of the process, as is its end.
Armed& TheArmed() {
  static Armed armed;
  return armed;
}

// REQUIRES: the mutex is held.
void ReadEnvironment(Armed& armed) {
  armed.name.clear();
  armed.left = 0;
  const char* list = std::getenv("VALISE_FAILPOINT_LIST");
  armed.list = list == nullptr ? "" : list;
  if (const char* point = std::getenv("VALISE_FAILPOINT"); point != nullptr) {
    const std::string_view text(point);
    const size_t colon = text.rfind(':');
    armed.name = text.substr(0, colon);
    armed.left = 1;
    if (colon != std::string_view::npos) {
      std::from_chars(text.data() + colon + 1, text.data() + text.size(), armed.left);
    }
  }
  const bool is_on = !armed.list.empty() || !armed.name.empty();
  internal::mode = is_on ? internal::Mode::kOn : internal::Mode::kOff;
}

void AppendLine(const std::string& file, std::string_view name) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  const std::string line = std::string(name) + '\n';
  [[maybe_unused]] const auto written = ::write(fd, line.data(), line.size());
  ::close(fd);
}

}  // namespace

void internal::PassSlowly(std::string_view name) {
  Armed& armed = TheArmed();
  const std::lock_guard lock(armed.mutex);
  if (mode == Mode::kUnknown) ReadEnvironment(armed);
  if (!armed.list.empty()) AppendLine(armed.list, name);
  if (armed.name == name && --armed.left == 0) ::_exit(kExitCode);
}

void Reload() {
  Armed& armed = TheArmed();
  const std::lock_guard lock(armed.mutex);
  ReadEnvironment(armed);
}

}  // namespace valise::failpoint
