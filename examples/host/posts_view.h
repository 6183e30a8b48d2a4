// How a post looks, in the feed and on its own page.
//
// Thread safety: pure functions.
#pragma once

#include "view.h"

namespace valise::host {

Markup PostCard(const View& view, const Post& post);
// Its first medium as a square that leads to it.
Markup PostTile(const View& view, const Post& post);

}  // namespace valise::host
