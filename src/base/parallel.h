// Running work on several threads, with the first error winning.
//
// Thread safety: the functions block until every worker has ended.
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace valise {

// Cores of this machine, at least 1.
size_t CoreCount();

// Calls work(worker, index) for every index in [0, count), on `workers` threads that take the next
// index when they are free. `worker` is 0…workers-1, for state that belongs to one thread. The
// first error stops the taking of further indexes and is returned.
Status ParallelFor(size_t workers, size_t count,
                   const std::function<Status(size_t worker, size_t index)>& work);

}  // namespace valise
