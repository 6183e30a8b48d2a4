#include "services/instagram/html_block.h"

#include <algorithm>
#include <array>

#include "services/instagram/html_dates.h"
#include "services/instagram/labels.h"
#include "services/instagram/links.h"

namespace valise::services::instagram {
namespace {

constexpr std::array<std::string_view, 10> kVoid = {"img",  "br",   "hr",     "input", "meta",
                                                    "link", "area", "source", "wbr",   "col"};
constexpr std::array<std::string_view, 6> kInline = {"a", "span", "b", "i", "em", "strong"};
constexpr std::array<std::string_view, 6> kLatitude = {"latitude",    "latitudine",   "latitud",
                                                       "breitengrad", "breedtegraad", "纬度"};
constexpr std::array<std::string_view, 6> kLongitude = {"longitude",  "longitudine", "longitud",
                                                        "langengrad", "lengtegraad", "经度"};

template <typename List>
bool Has(const List& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

bool HasClass(std::string_view css, std::string_view name) {
  while (!css.empty()) {
    const std::string_view one = css.substr(0, css.find(' '));
    if (one == name) return true;
    css.remove_prefix(std::min(one.size() + 1, css.size()));
  }
  return false;
}

bool IsBlock(const HtmlToken& token) {
  return token.name == "div" && HasClass(token.css, "uiBoxWhite") &&
         HasClass(token.css, "noborder");
}

std::string Trimmed(std::string_view text) {
  std::string to;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\r';
    if (space && (to.empty() || to.back() == ' ' || to.back() == '\n')) continue;
    to += space ? ' ' : c;
  }
  while (!to.empty() && (to.back() == ' ' || to.back() == '\n')) to.pop_back();
  const size_t begin = to.find_first_not_of(" \n");
  return begin == std::string::npos ? std::string{} : to.substr(begin);
}

// A path of the archive: no link, nothing inside the page; without what leads up to the root.
std::string_view ArchivePath(std::string_view link) {
  if (link.empty() || link.starts_with('#') || link.find(':') != std::string_view::npos) return {};
  while (link.starts_with("../") || link.starts_with("./") || link.starts_with('/')) {
    link.remove_prefix(link.find('/') + 1);
  }
  return link.ends_with(".html") ? std::string_view{} : link;
}

}  // namespace

HtmlBlocks::Part HtmlBlocks::CurrentPart() const {
  for (size_t i = open_.size(); i >= block_depth_ && i > 0; --i) {
    if (open_[i - 1].part != Part::kNone) return open_[i - 1].part;
  }
  return Part::kNone;
}

// Puts the text since the last boundary where it belongs.
void HtmlBlocks::Flush() {
  HtmlText text{.text = Trimmed(run_), .link = std::move(run_link_)};
  run_.clear();
  run_link_.clear();
  if (text.text.empty() && text.link.empty()) return;
  if (block_.texts.size() + block_.fields.size() + row_.size() > kMaxTexts) {
    block_.is_cut = true;
    return;
  }
  const Part part = CurrentPart();
  if (rows_open_ > 0) {
    row_.push_back(std::move(text));
  } else if (lists_open_ > 0) {
    block_.reactions.push_back(std::move(text.text));
  } else if (part == Part::kHeading) {
    block_.heading += block_.heading.empty() ? text.text : "\n" + text.text;
  } else if (part == Part::kDate) {
    block_.date = std::move(text.text);
  } else {
    block_.texts.push_back(std::move(text));
  }
}

// A row of two texts is a label and its value, and so is a label before an empty place.
HtmlField HtmlBlocks::FieldOfRow() {
  HtmlField field;
  size_t first = 0;
  if (row_.size() > 1 || is_label_) field.label = std::move(row_[first++].text);
  const bool has_more = row_.size() - first > 1;
  for (size_t i = first; i < row_.size(); ++i) {
    HtmlText& text = row_[i];
    if (field.link.empty()) field.link = std::move(text.link);
    if ((has_more || !field.link.empty()) && ParseShownMoment(text.text)) {
      field.date = std::move(text.text);
      continue;
    }
    if (!field.value.empty()) field.value += '\n';
    field.value += text.text;
  }
  return field;
}

// The place of a photo becomes the photo's.
void HtmlBlocks::EndRow() {
  if (row_.empty()) return;
  HtmlField field = FieldOfRow();
  row_.clear();
  is_label_ = false;
  if (!block_.media.empty() && IsOneOf(field.label, kLatitude)) {
    block_.media.back().latitude = std::move(field.value);
  } else if (!block_.media.empty() && IsOneOf(field.label, kLongitude)) {
    block_.media.back().longitude = std::move(field.value);
  } else {
    block_.fields.push_back(std::move(field));
  }
}

// A text of a row is a label if another cell, or a block inside its own, follows it.
void HtmlBlocks::OpenInRow(std::string_view name) {
  const bool is_place = name == "td" || name == "th" || name == "div";
  if (is_place && row_.size() == 1 && row_[0].link.empty()) is_label_ = true;
}

void HtmlBlocks::AddMedium(std::string_view link) {
  const std::string_view path = ArchivePath(link);
  if (path.empty() || block_.media.size() >= kMaxMedia) return;
  // Each medium stands twice: as a link and as a picture.
  const bool known = std::ranges::find(block_.media, path, &HtmlMedium::path) != block_.media.end();
  if (!known) block_.media.push_back({.path = std::string(path)});
}

void HtmlBlocks::Open(const HtmlToken& token) {
  if (token.name == "title") in_title_ = true;
  if (!Has(kInline, token.name) && token.name != "br") Flush();
  if (token.name == "br") run_ += '\n';
  bytes_ += token.link.size();
  if (!token.link.empty() && InBlock() && bytes_ <= kMaxBytes) {
    if (IsUrl(token.link) && token.name == "a") {
      Flush();
      run_link_ = token.link;
    } else {
      AddMedium(token.link);
    }
  }
  if (Has(kVoid, token.name) || open_.size() >= kMaxDepth) return;
  Element element{.name = token.name};
  if (!InBlock() && IsBlock(token)) {
    element.is_block = true;
    block_ = {};
    bytes_ = 0;
  } else if (InBlock()) {
    if (HasClass(token.css, "_a6-h") || HasClass(token.css, "_2lek")) element.part = Part::kHeading;
    if (HasClass(token.css, "_a6-p") || HasClass(token.css, "_2let")) element.part = Part::kBody;
    if (HasClass(token.css, "_a6-o") || HasClass(token.css, "_2lem")) element.part = Part::kDate;
    if (token.name == "tr") ++rows_open_;
    if (rows_open_ > 0) OpenInRow(token.name);
    if (token.name == "ul") ++lists_open_;
  }
  open_.push_back(std::move(element));
  if (open_.back().is_block) block_depth_ = open_.size();
}

// Closes the innermost element. True when a block is complete.
bool HtmlBlocks::Pop() {
  if (!Has(kInline, open_.back().name) || open_.back().name == "a") Flush();
  const Element element = std::move(open_.back());
  open_.pop_back();
  if (element.name == "tr" && rows_open_ > 0 && --rows_open_ == 0) EndRow();
  if (element.name == "ul" && lists_open_ > 0) --lists_open_;
  if (!element.is_block) return false;
  block_depth_ = 0;
  rows_open_ = lists_open_ = 0;
  EndRow();
  return true;
}

bool HtmlBlocks::Close(const HtmlToken& token) {
  if (token.name == "title") in_title_ = false;
  const auto same = std::ranges::find(open_.rbegin(), open_.rend(), token.name, &Element::name);
  if (same == open_.rend()) return false;
  const auto place = static_cast<size_t>(open_.rend() - same);  // it stays open while size >= place
  // A stray end tag inside a block does not end the block.
  if (InBlock() && place < block_depth_) return false;
  bool complete = false;
  while (open_.size() >= place) complete = Pop() || complete;
  return complete;
}

void HtmlBlocks::Text(const HtmlToken& token) {
  if (in_title_ && title_.size() < kMaxDepth) title_ += token.text;
  // What stands inside a player is for browsers without one.
  const auto plays = [](const Element& e) { return e.name == "video" || e.name == "audio"; };
  if (!InBlock() || std::ranges::any_of(open_, plays)) return;
  bytes_ += token.text.size();
  if (bytes_ > kMaxBytes) {
    block_.is_cut = true;
    return;
  }
  run_ += token.text;
}

Result<bool> HtmlBlocks::Next(HtmlBlock& to) {
  while (true) {
    ASSIGN_OR_RETURN(const HtmlToken token, tokens_.Next());
    switch (token.kind) {
      case HtmlToken::Kind::kOpen:
        Open(token);
        break;
      case HtmlToken::Kind::kText:
        Text(token);
        break;
      case HtmlToken::Kind::kClose:
        if (!Close(token)) break;
        to = std::move(block_);
        block_ = {};
        return true;
      case HtmlToken::Kind::kEnd:
        if (!InBlock()) return false;
        while (!open_.empty()) Pop();  // of a page that was cut off
        to = std::move(block_);
        return true;
    }
  }
}

}  // namespace valise::services::instagram
