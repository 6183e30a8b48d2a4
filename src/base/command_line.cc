#include "base/command_line.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <utility>

namespace valise::cli {
namespace {

Status Take(CLI::App& command, const CLI::Config& format, const CLI::ConfigItem& item) {
  CLI::Option* option =
      item.parents.empty() ? command.get_option_no_throw("--" + item.name) : nullptr;
  if (option == nullptr) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("there is no option {}; see {} {} --help", item.fullname(),
                            command.get_parent()->get_name(), command.get_name()));
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

Option& Option::Required() {
  option_->required();
  return *this;
}

Option& Option::TypeName(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Option& Option::ShowDefault() {
  option_->capture_default_str();
  return *this;
}

Option& Option::OneOf(const std::vector<std::string>& values) {
  option_->check(CLI::IsMember(values));
  return *this;
}

Option& Option::Between(int least, int most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

Option& Option::SplitBy(char separator) {
  option_->delimiter(separator);
  return *this;
}

Command Command::AddCommand(const std::string& name, const std::string& about) {
  return Command(app_->add_subcommand(name, about));
}

void Command::RequireCommand() { app_->require_subcommand(1); }

void Command::Footer(const std::string& text) { app_->footer(text); }

Option Command::AddOption(const std::string& name, std::string& to, const std::string& about) {
  return Option(app_->add_option(name, to, about));
}

Option Command::AddOption(const std::string& name, std::filesystem::path& to,
                          const std::string& about) {
  return Option(app_->add_option(name, to, about));
}

Option Command::AddOption(const std::string& name, uint16_t& to, const std::string& about) {
  return Option(app_->add_option(name, to, about));
}

Option Command::AddOption(const std::string& name, uint32_t& to, const std::string& about) {
  return Option(app_->add_option(name, to, about));
}

Option Command::AddOption(const std::string& name, std::optional<uint64_t>& to,
                          const std::string& about) {
  return Option(app_->add_option(name, to, about));
}

Option Command::AddOption(const std::string& name, std::vector<std::string>& to,
                          const std::string& about) {
  return Option(app_->add_option(name, to, about));
}

Option Command::AddOption(const std::string& name, std::vector<std::filesystem::path>& to,
                          const std::string& about) {
  return Option(app_->add_option(name, to, about));
}

void Command::AddFlag(const std::string& name, bool& to, const std::string& about) {
  app_->add_flag(name, to, about);
}

Command Command::AddOneOf(const std::string& name) {
  return Command(app_->add_option_group(name)->require_option(1));
}

Status Command::TakeConfigFile(const std::filesystem::path& file) const {
  const auto format = app_->get_config_formatter();
  try {
    for (const CLI::ConfigItem& item : format->from_file(file.string())) {
      if (Status taken = Take(*app_, *format, item); !taken) {
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

void Command::OnRun(std::function<void()> work) { app_->callback(std::move(work)); }

Program::Program(const std::string& about, const std::string& name)
    : Command(nullptr), owned_(std::make_unique<CLI::App>(about, name)) {
  app_ = owned_.get();
}

Program::~Program() = default;

void Program::AddVersion(const std::string& name, const std::string& version) {
  app_->set_version_flag(name, version);
}

void Program::TakeOptionsAnywhere() { app_->fallthrough(); }

std::optional<int> Program::Parse(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app_->exit(error);
  }
  return std::nullopt;
}

}  // namespace valise::cli
