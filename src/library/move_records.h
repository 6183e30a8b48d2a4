// Moves records that only pages told of, once their clock is known: to their time and the document
// it belongs to, where they become one with what was told exactly.
//
// Internal to the room. Thread safety: one thread.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "library/commit.h"
#include "library/media_table.h"
#include "library/page_zones.h"
#include "library/weave.h"

namespace valise::library {

// An import of pages: how its times stand in the library, and how they shall (none: as they stand).
struct PageImport {
  std::string id;
  PageClock was;
  std::optional<PageClock> now;
};

// By whose clock a record stands of which only pages tell: the first whose clock is known, else the
// first. nullopt: by none of them.
std::optional<size_t> OwnerOf(const account::Record& record, std::span<const PageImport> imports);

// Keys stay; media follow their records. Memory: the entries of one conversation, or one kind, that
// move. Errors: kCorrupt, kUnavailable.
Status MoveRecords(const WeaveContext& context, std::span<const PageImport> imports,
                   Documents& documents, MediaTable& media);

}  // namespace valise::library
