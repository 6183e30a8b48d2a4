// Seed: five invented members who have been sharing and talking for a while.
//
// Thread safety: called once, before the site serves.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actions.h"
#include "media_store.h"

namespace valise::host {

// The pictures that the seed shows: files that valise-pictures draws.
std::vector<std::string> SeedPictures();

struct SeedPorts {
  Actions& actions;
  const Store& store;
  const MediaStore& media;
  fs::path pictures;  // where they lie; empty: members only
};
// Fills a site that has no members; else does nothing. Everything goes to the outbox, too. Errors:
// kNotFound (a picture), kUnavailable.
Status Seed(const SeedPorts& ports);

namespace seed {

// Members are named by their place in the list of members.
struct Line {
  size_t who;
  std::string_view text;
  std::string_view picture = {};
};
struct Talk {
  std::initializer_list<size_t> members;
  std::string_view title;
  double begun_hours_ago;
  double hours_between;
  std::initializer_list<Line> lines;
};
std::span<const Talk> Talks();

}  // namespace seed

}  // namespace valise::host
