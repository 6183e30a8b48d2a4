#include "services/instagram/envelope.h"

#include "services/instagram/media.h"

namespace valise::services::instagram {
namespace {

// Owner inside Media inside Owner is as deep as was ever seen.
constexpr int kMaxLabelDepth = 8;
constexpr size_t kMaxFields = 10'000;

JsonError ReadField(od::value value, Field& field) {
  return EachMember(value, [&](std::string_view name, od::value part) {
    if (name == "href") return ReadText(part, field.href);
    if (name == "value") return ReadText(part, field.value);
    if (name == "timestamp" || name == "timestamp_value") return ReadSeconds(part, field.time);
    return simdjson::SUCCESS;
  });
}

JsonError ReadMap(od::value map, Envelope& to) {
  return EachMember(map, [&](std::string_view label, od::value value) {
    Field field;
    AssignRepaired(field.label, label);  // keys are mangled like values
    const JsonError error = ReadField(value, field);
    to.fields.push_back(std::move(field));
    return error;
  });
}

JsonError ReadList(od::value list, Envelope& to) {
  return EachElement(list, [&](od::value value) {
    Field field;
    const JsonError error = ReadField(value, field);
    to.fields.push_back(std::move(field));
    return error;
  });
}

JsonError ReadMediaMap(od::value map, Envelope& to, Output& output) {
  return EachMember(
      map, [&](std::string_view, od::value value) { return ReadMedia(value, to.media, output); });
}

// Where a label stands.
struct Place {
  std::string group;
  uint32_t part = 0;
  int depth = 0;
};

JsonError ReadLabels(od::value list, const Place& place, Envelope& to);

// Inside a group: an object that an outermost group holds begins a part.
Place Inside(const Place& place, const std::string& title, Envelope& to) {
  Place inner = place;
  if (!title.empty()) inner.group = title;
  if (place.depth == 1 && title.empty()) inner.part = ++to.parts;
  ++inner.depth;
  return inner;
}

// One {"label", "value"}, {"label", "vec"} or {"title", "dict"}. The title stands before its dict
// in all that were seen.
JsonError ReadLabel(od::value entry, const Place& place, Envelope& to) {
  Field field{.group = place.group, .part = place.part};
  std::string title;
  bool is_group = false;
  std::vector<std::string> several;
  const JsonError error = EachMember(entry, [&](std::string_view name, od::value part) {
    if (name == "label") return ReadText(part, field.label);
    if (name == "value") return ReadText(part, field.value);
    if (name == "href") return ReadText(part, field.href);
    if (name == "timestamp_value") return ReadSeconds(part, field.time);
    if (name == "title") return ReadText(part, title);
    if (name == "dict") {
      is_group = true;
      return ReadLabels(part, Inside(place, title, to), to);
    }
    if (name != "vec") return simdjson::SUCCESS;
    return EachElement(part, [&](od::value value) {
      return EachMember(value, [&](std::string_view key, od::value text) {
        return key == "value" ? ReadText(text, several.emplace_back()) : simdjson::SUCCESS;
      });
    });
  });
  if (error != simdjson::SUCCESS || to.fields.size() > kMaxFields) return error;
  for (std::string& value : several) {
    to.fields.push_back({.label = field.label,
                         .group = place.group,
                         .value = std::move(value),
                         .part = place.part});
  }
  if (!is_group && several.empty()) to.fields.push_back(std::move(field));
  return simdjson::SUCCESS;
}

JsonError ReadLabels(od::value list, const Place& place, Envelope& to) {
  if (place.depth > kMaxLabelDepth) return simdjson::SUCCESS;
  return EachElement(list, [&](od::value entry) { return ReadLabel(entry, place, to); });
}

}  // namespace

std::optional<Timestamp> Envelope::AnyTime() const {
  if (time) return time;
  for (const Field& field : fields) {
    if (field.time) return field.time;
  }
  return std::nullopt;
}

JsonError ReadLabelValues(od::value list, Envelope& to) {
  to.shape = Shape::kLabel;
  return ReadLabels(list, {}, to);
}

JsonError ReadEnvelope(od::object entry, Envelope& to, Output& output) {
  return EachMember(entry, [&](std::string_view name, od::value value) {
    if (name == "title") return ReadText(value, to.title);
    if (name == "string_map_data") {
      to.shape = Shape::kMap;
      return ReadMap(value, to);
    }
    if (name == "string_list_data") {
      to.shape = Shape::kList;
      return ReadList(value, to);
    }
    if (name == "label_values") return ReadLabelValues(value, to);
    if (name == "timestamp") return ReadSeconds(value, to.time);
    if (name == "media_list_data" || name == "media") return ReadMediaList(value, to.media, output);
    if (name == "media_map_data") return ReadMediaMap(value, to, output);
    if (name != "fbid" && name != "ent_name") output.Unknown(name);
    return simdjson::SUCCESS;
  });
}

}  // namespace valise::services::instagram
