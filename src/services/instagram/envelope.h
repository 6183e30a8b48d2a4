// The three envelopes of Instagram's list files, read into one neutral shape (reference:
// instagram-format §2.3).
//
//   E-map    {"title", "string_map_data": {"<label>": {"href", "value", "timestamp"}}}
//   E-list   {"title", "string_list_data": [{"href", "value", "timestamp"}]}
//   E-label  {"timestamp", "media", "label_values": [{"label", "value"} | {"title", "dict": […]}]}
// Labels are in the language of the account; nothing here depends on them. Thread safety: plain
// values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/records.h"
#include "services/instagram/data_file.h"

namespace valise::services::instagram {

enum class Shape : uint8_t { kNone, kMap, kList, kLabel };

struct Field {
  std::string label;
  std::string group;  // the title of the innermost group that has one ("Owner"), for E-label
  std::string value;
  std::string href;
  std::optional<Timestamp> time;
  uint32_t part = 0;  // which object inside an outermost group, of all groups; 0: outside of them
};

struct Envelope {
  Shape shape = Shape::kNone;
  std::string title;
  std::optional<Timestamp> time;  // of the entry itself (E-label)
  std::vector<Field> fields;
  std::vector<account::MediaItem> media;
  uint32_t parts = 0;  // how many Field.part there are

  // The time of the entry: its own, else the first field's that has one.
  std::optional<Timestamp> AnyTime() const;
};

JsonError ReadEnvelope(od::object entry, Envelope& to, Output& output);
// The list behind "label_values", for readers of entries that are only partly labels.
JsonError ReadLabelValues(od::value list, Envelope& to);

}  // namespace valise::services::instagram
