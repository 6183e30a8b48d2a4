#include "http/stream.h"

#include <utility>

namespace valise::http {

bool EventStream::Push(std::string_view text) {
  std::unique_lock lock(mutex_);
  if (ended_) return false;
  if (waiting_.size() + text.size() > kMaxWaiting) {
    End(std::move(lock));
    return false;
  }
  waiting_ += text;
  if (wake_) wake_();  // under the lock, so that Attach(nullptr) is final
  return true;
}

void EventStream::Close() { End(std::unique_lock(mutex_)); }

bool EventStream::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

void EventStream::OnEnd(std::function<void()> call) {
  std::unique_lock lock(mutex_);
  if (!ended_) {
    on_end_ = std::move(call);
    return;
  }
  lock.unlock();
  call();
}

void EventStream::Attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

std::string EventStream::Take(bool& ended) {
  const std::lock_guard lock(mutex_);
  ended = ended_;
  return std::exchange(waiting_, {});
}

void EventStream::End(std::unique_lock<std::mutex> lock) {
  if (ended_) return;
  ended_ = true;
  if (wake_) wake_();
  const auto on_end = std::exchange(on_end_, nullptr);
  lock.unlock();
  if (on_end) on_end();
}

}  // namespace valise::http
