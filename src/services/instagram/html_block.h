// One block of a page, and the page cut into blocks.
//
// Known are the two families of classes of 2021 and of 2022 and later (docs/formats/instagram.md).
// Thread safety: belongs to one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/instagram/html_tokens.h"

namespace valise::services::instagram {

struct HtmlText {
  std::string text;
  std::string link;
};
// A row of a table: a label and what it says. `date` is of a row that holds more than its date.
struct HtmlField {
  std::string label;
  std::string value;
  std::string link;
  std::string date;
};
struct HtmlMedium {
  std::string path;
  std::string latitude, longitude;
};

struct HtmlBlock {
  std::string heading;
  std::string date;
  std::vector<HtmlText> texts;  // of the body, in order
  std::vector<HtmlField> fields;
  std::vector<HtmlMedium> media;       // files of the archive
  std::vector<std::string> reactions;  // "❤Ann"
  bool is_cut = false;                 // it was longer than a block may be
};

// Hands out the blocks of a page.
class HtmlBlocks {
 public:
  static constexpr size_t kMaxTexts = 10'000;
  static constexpr size_t kMaxMedia = 1'000;
  static constexpr size_t kMaxBytes = 4u << 20;  // texts and links
  static constexpr size_t kMaxDepth = 256;

  explicit HtmlBlocks(HtmlTokens::Reader reader, size_t chunk = HtmlTokens::kChunk)
      : tokens_(std::move(reader), chunk) {}

  // False at the end of the page. Errors: those of the reader.
  Result<bool> Next(HtmlBlock& to);
  // The page's title, once its head was read.
  const std::string& title() const { return title_; }

 private:
  enum class Part : uint8_t { kNone, kHeading, kBody, kDate };
  struct Element {
    std::string name;
    Part part = Part::kNone;
    bool is_block = false;
  };

  void Open(const HtmlToken& token);
  bool Close(const HtmlToken& token);
  bool Pop();
  void Text(const HtmlToken& token);
  void Flush();
  void EndRow();
  HtmlField FieldOfRow();
  void OpenInRow(std::string_view name);
  void AddMedium(std::string_view link);
  Part CurrentPart() const;
  bool InBlock() const { return block_depth_ > 0; }

  HtmlTokens tokens_;
  HtmlBlock block_;
  std::vector<Element> open_;
  size_t block_depth_ = 0;  // place in open_ + 1 of the block's element; 0: outside
  size_t bytes_ = 0;
  std::string run_;  // text since the last boundary
  std::string run_link_;
  std::vector<HtmlText> row_;  // texts of the table row being read
  bool is_label_ = false;      // its first text stands where labels do, with a place for a value
  int rows_open_ = 0;
  int lists_open_ = 0;
  bool in_title_ = false;
  std::string title_;
};

}  // namespace valise::services::instagram
