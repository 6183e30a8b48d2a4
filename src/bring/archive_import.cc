#include "bring/archive_import.h"

#include <array>

namespace valise::bring {
namespace {

constexpr std::array<std::string_view, 7> kStates = {
    "waiting", "checking", "other_account", "importing", "done", "failed", "cancelled"};
constexpr std::array<std::string_view, 3> kDecisions = {"", "second_account", "this_account"};

template <typename T, size_t N>
std::optional<T> Find(const std::array<std::string_view, N>& names, std::string_view name) {
  for (size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<T>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view StateName(ImportState state) { return kStates[static_cast<size_t>(state)]; }
std::optional<ImportState> ParseImportState(std::string_view name) {
  return Find<ImportState>(kStates, name);
}
std::string_view DecisionName(Decision decision) {
  return kDecisions[static_cast<size_t>(decision)];
}
std::optional<Decision> ParseDecision(std::string_view name) {
  return Find<Decision>(kDecisions, name);
}

}  // namespace valise::bring
