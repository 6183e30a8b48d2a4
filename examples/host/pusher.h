// Pusher: a thread that sends what waits in the outbox to Valise as soon as it is there, and again
// until Valise has it.
//
// Thread safety: Start() and Stop() from one thread. Nothing is lost when either side dies: the
// outbox is kept until Valise says by its cursor that it is durable there.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "ingest_client.h"
#include "media_store.h"
#include "outbox.h"

namespace valise::host {

class Pusher {
 public:
  struct Ports {
    Outbox& outbox;
    const MediaStore& media;
    IngestClient& client;              // nobody else uses it
    std::function<Status()> tell_all;  // Valise was begun anew: everything is told again
  };
  explicit Pusher(Ports ports) : ports_(std::move(ports)) {}
  ~Pusher() { Stop(); }

  void Start();
  // What is being sent is finished; what waits goes out after the next Start().
  void Stop();

 private:
  void Run();
  // Sends the next lines; false when there were none.
  Result<bool> Step();
  Status FindPlace();
  Status SendAccounts(const std::vector<Outbox::Line>& lines);
  Status SendBlobs(int64_t first, int64_t last);

  Ports ports_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
  bool knows_place_ = false;
  int64_t cursor_ = 0;
};

}  // namespace valise::host
