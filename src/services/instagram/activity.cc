#include "services/instagram/activity.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "services/instagram/envelope.h"
#include "services/instagram/labels.h"
#include "services/instagram/links.h"
#include "services/instagram/readers.h"

namespace valise::services::instagram {
namespace {

constexpr size_t kMaxRaw = 4096;  // of a list or an object inside a flat entry

bool IsUserAgent(std::string_view text) {
  return text.starts_with("Mozilla/") || text.starts_with("Instagram ") ||
         text.starts_with("Barcelona ");
}

bool EndsAsTime(std::string_view name) {
  return name.ends_with("time") || name.ends_with("timestamp");
}

std::optional<Timestamp> SecondsIn(std::string_view text) {
  int64_t seconds = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return SecondsOrNone(seconds);
}

std::string_view Trimmed(std::string_view text) {
  const size_t end = text.find_last_not_of(" \t\r\n");
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

template <typename Composite>
JsonError ReadComposite(Composite composite, std::string& to) {
  std::string_view raw;
  if (const JsonError error = composite.raw_json().get(raw)) return error;
  AssignRepaired(to, Trimmed(raw).substr(0, kMaxRaw));
  return simdjson::SUCCESS;
}

// What the text of an activity is, where it is not the title, else the first value.
enum class TextRule : uint8_t { kFirst, kAgent, kThird, kStem, kCaption };
struct ListRule {
  std::string_view list;
  TextRule rule;
};
constexpr std::array<ListRule, 12> kRules = {{
    {"logins", TextRule::kAgent},
    {"logouts", TextRule::kAgent},
    {"password_changes", TextRule::kAgent},
    {"devices", TextRule::kAgent},
    {"last_location", TextRule::kAgent},
    {"profile_changes", TextRule::kThird},  // what was changed, the value before, the new value
    {"settings", TextRule::kStem},
    {"profile_information", TextRule::kStem},
    {"insights_posts", TextRule::kCaption},
    {"insights_reels", TextRule::kCaption},
    {"insights_live", TextRule::kCaption},
    {"insights", TextRule::kStem},
}};

TextRule RuleOfList(std::string_view list) {
  const auto* found = std::ranges::find(kRules, list, &ListRule::list);
  return found == kRules.end() ? TextRule::kFirst : found->rule;
}

// Logins have their moment as title.
std::string TitleOf(Envelope& entry) {
  if (IsoOrNone(entry.title)) {
    if (!entry.time) entry.time = IsoOrNone(entry.title);
    return {};
  }
  return std::move(entry.title);
}

// Of labels the user name of whose story or post it is: display names change.
std::string FirstText(const Envelope& entry) {
  if (entry.shape == Shape::kLabel) {
    const auto named = std::ranges::find_if(entry.fields, [](const Field& field) {
      return !field.value.empty() && IsOneOf(field.label, kUsernameLabels);
    });
    if (named != entry.fields.end()) return named->value;
  }
  for (const Field& field : entry.fields) {
    if (!field.value.empty() && !IsUrl(field.value)) return field.value;
  }
  return {};
}

std::string TextOf(const Envelope& entry, std::string title, TextRule rule, std::string_view stem) {
  const auto first = [&](auto&& holds) {
    const auto found = std::ranges::find_if(entry.fields, holds);
    return found == entry.fields.end() ? std::string{} : found->value;
  };
  switch (rule) {
    case TextRule::kAgent: {
      std::string agent = first([](const Field& field) { return IsUserAgent(field.value); });
      return agent.empty() ? title : agent;
    }
    case TextRule::kThird:
      if (entry.fields.size() > 2 && !entry.fields[2].value.empty()) return entry.fields[2].value;
      break;
    case TextRule::kStem:
      return std::string(stem);
    case TextRule::kCaption:
      return first([](const Field& field) { return IsOneOf(field.label, kCaptionLabels); });
    case TextRule::kFirst:
      break;
  }
  return title.empty() ? FirstText(entry) : title;
}

std::string NameOf(const Field& field) {
  if (field.group.empty()) return field.label;
  return field.label.empty() ? field.group : field.group + ": " + field.label;
}

class ActivityReader final : public ElementReader {
 public:
  ActivityReader(std::string_view list, std::string_view stem, Output& output)
      : list_(list), stem_(stem), rule_(RuleOfList(list)), output_(output) {}

  JsonError Element(std::string_view, od::object entry, uint32_t index, bool& understood) override {
    Envelope envelope;
    if (const JsonError error = ReadEnvelope(entry, envelope, output_)) return error;
    if (envelope.shape == Shape::kList) {
      understood = PutEach(envelope, index);
    } else {
      understood = PutWhole(envelope, index);
    }
    return simdjson::SUCCESS;
  }

 private:
  // E-list: one for each value.
  bool PutEach(Envelope& entry, uint32_t index) {
    const std::string title = TitleOf(entry);
    bool put = false;
    for (Field& field : entry.fields) {
      account::Activity activity;
      activity.list = list_;
      activity.time = field.time ? field.time : entry.time;
      activity.text = !title.empty() ? title : field.value;
      if (rule_ == TextRule::kStem) activity.text = stem_;
      if (IsUrl(field.href)) activity.link = std::move(field.href);
      if (!field.value.empty() && field.value != activity.text) {
        activity.details.push_back({.name = field.label, .value = std::move(field.value)});
      }
      if (IsEmpty(activity)) continue;
      if (!put) activity.media = std::move(entry.media);
      put = true;
      output_.Put(std::move(activity), index);
    }
    if (!put && !title.empty()) {
      account::Activity activity;
      activity.list = list_;
      activity.text = title;
      activity.time = entry.time;
      output_.Put(std::move(activity), index);
      put = true;
    }
    return put;
  }

  bool PutWhole(Envelope& entry, uint32_t index) {
    account::Activity activity;
    activity.list = list_;
    std::string title = TitleOf(entry);
    // A profile has many times, none of which is that of the whole.
    if (list_ != "profile_information") activity.time = entry.AnyTime();
    activity.text = TextOf(entry, std::move(title), rule_, stem_);
    for (const Field& field : entry.fields) {
      const std::string& url = IsUrl(field.href) ? field.href : field.value;
      if (activity.link.empty() && IsUrl(url)) activity.link = url;
    }
    AddDetails(entry.fields, activity.time, activity);
    activity.media = std::move(entry.media);
    if (!activity.time && !activity.media.empty()) activity.time = activity.media[0].time;
    if (IsEmpty(activity) || (rule_ == TextRule::kStem && activity.details.empty())) return false;
    output_.Put(std::move(activity), index);
    return true;
  }

  static bool IsEmpty(const account::Activity& activity) {
    return !activity.time && activity.text.empty() && activity.link.empty() &&
           activity.details.empty() && activity.media.empty();
  }

  const std::string_view list_;
  const std::string stem_;
  const TextRule rule_;
  Output& output_;
};

}  // namespace

void AddDetails(std::vector<Field>& fields, const std::optional<Timestamp>& own,
                account::Activity& to) {
  for (Field& field : fields) {
    std::string& value = field.value.empty() ? field.href : field.value;
    if (!value.empty()) {
      to.details.push_back({.name = NameOf(field), .value = std::move(value)});
    } else if (field.time && field.time != own) {
      to.details.push_back({.name = NameOf(field), .value = FormatTime(*field.time)});
    }
  }
}

JsonError ReadScalar(od::value value, std::string& to) {
  od::json_type type;
  if (const JsonError error = value.type().get(type)) return error;
  switch (type) {
    case od::json_type::string:
      return ReadText(value, to);
    case od::json_type::null:
      return simdjson::SUCCESS;
    case od::json_type::array: {
      od::array array;
      const JsonError error = value.get_array().get(array);
      return error == simdjson::SUCCESS ? ReadComposite(array, to) : error;
    }
    case od::json_type::object: {
      od::object object;
      const JsonError error = value.get_object().get(object);
      return error == simdjson::SUCCESS ? ReadComposite(object, to) : error;
    }
    case od::json_type::boolean: {
      bool is_true = false;
      const JsonError error = value.get_bool().get(is_true);
      to = is_true ? "true" : "false";
      return error;
    }
    case od::json_type::number: {
      to = Trimmed(value.raw_json_token());
      double number = 0;
      const JsonError error = value.get_double().get(number);
      return UnlessType(error, value);
    }
  }
  return simdjson::SUCCESS;
}

JsonError ReadFlat(od::object entry, account::Activity& to) {
  const JsonError error = EachMember(entry, [&](std::string_view name, od::value value) {
    account::Detail detail{.name = Repaired(name), .value = {}};
    if (const JsonError wrong = ReadScalar(value, detail.value)) return wrong;
    std::optional<Timestamp> time = IsoOrNone(detail.value);
    if (!time && EndsAsTime(name)) time = SecondsIn(detail.value);
    if (time && !to.time) {
      to.time = time;
    } else if (!detail.value.empty()) {
      to.details.push_back(std::move(detail));
    }
    return simdjson::SUCCESS;
  });
  for (const account::Detail& detail : to.details) {
    if (IsUserAgent(detail.value)) to.text = detail.value;
    if (to.link.empty() && IsUrl(detail.value)) to.link = detail.value;
  }
  if (to.text.empty() && !to.details.empty()) to.text = to.details[0].value;
  return error;
}

std::unique_ptr<ElementReader> MakeActivityReader(std::string_view list, std::string_view stem,
                                                  Output& output) {
  return std::make_unique<ActivityReader>(list, stem, output);
}

}  // namespace valise::services::instagram
