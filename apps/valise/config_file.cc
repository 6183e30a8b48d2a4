#include "config_file.h"

#include <fmt/format.h>

namespace valise::app {
namespace {

Status Take(CLI::App& command, const CLI::Config& format, const CLI::ConfigItem& item) {
  CLI::Option* option =
      item.parents.empty() ? command.get_option_no_throw("--" + item.name) : nullptr;
  if (option == nullptr) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("there is no option {}; see valise {} --help", item.fullname(),
                            command.get_name()));
  }
  if (!option->empty()) return {};  // the command line goes first
  if (option->get_expected_min() == 0) {
    option->add_result(option->get_flag_value(item.name, format.to_flag(item)));
  } else {
    option->add_result(item.inputs);
  }
  option->run_callback();
  return {};
}

}  // namespace

Status TakeConfigFile(CLI::App& command, const std::filesystem::path& file) {
  const auto format = command.get_config_formatter();
  try {
    for (const CLI::ConfigItem& item : format->from_file(file.string())) {
      if (Status taken = Take(command, *format, item); !taken) {
        return Fail(taken.error().code,
                    fmt::format("{}: {}", file.string(), taken.error().message));
      }
    }
  } catch (const CLI::FileError&) {
    return Fail(ErrorCode::kNotFound,
                fmt::format("{}: there is no such file, or it cannot be read", file.string()));
  } catch (const CLI::Error& error) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{}: {}", file.string(), error.what()));
  }
  return {};
}

}  // namespace valise::app
