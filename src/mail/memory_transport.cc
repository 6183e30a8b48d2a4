#include "mail/transport.h"

namespace valise::mail {

Status MemoryTransport::Send(const Envelope& envelope, std::string_view rendered) {
  const std::lock_guard lock(mutex_);
  if (answer_.has_value()) sent_.push_back({envelope, std::string(rendered)});
  return answer_;
}

std::vector<MemoryTransport::Sent> MemoryTransport::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

void MemoryTransport::Answer(Status status) {
  const std::lock_guard lock(mutex_);
  answer_ = std::move(status);
}

}  // namespace valise::mail
