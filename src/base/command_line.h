// The command line of our programs: commands, options and flags, described once, with help and
// errors made of it.
//
// A thin cover over CLI11, whose header costs a compiler more than all the rest of a program
// together: command_line.cc alone includes it. Thread safety: belongs to the main thread. Lifetime:
// Command and Option are handles that hold as long as their Program; so must the variables that
// options write to.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace valise::cli {

class Option {
 public:
  Option& Required();
  // What stands for the value in the help: "DAY".
  Option& TypeName(const std::string& name);
  // The help tells the value that the variable has now.
  Option& ShowDefault();
  Option& OneOf(const std::vector<std::string>& values);
  Option& Between(int least, int most);
  // Several values may stand in one word, with this between them.
  Option& SplitBy(char separator);

 private:
  friend class Command;
  explicit Option(CLI::Option* option) : option_(option) {}
  CLI::Option* option_;
};

class Command {
 public:
  Command AddCommand(const std::string& name, const std::string& about);
  // One of the commands below it must be given.
  void RequireCommand();
  // What the help ends with.
  void Footer(const std::string& text);

  // "-o,--output", or "archive" for what needs no name. `to` keeps its value when nothing is given;
  // a list takes any number. A value that does not fit is an error of the command line.
  Option AddOption(const std::string& name, std::string& to, const std::string& about);
  Option AddOption(const std::string& name, std::filesystem::path& to, const std::string& about);
  Option AddOption(const std::string& name, uint16_t& to, const std::string& about);
  Option AddOption(const std::string& name, uint32_t& to, const std::string& about);
  Option AddOption(const std::string& name, std::optional<uint64_t>& to,
                   const std::string& about = "");
  Option AddOption(const std::string& name, std::vector<std::string>& to, const std::string& about);
  Option AddOption(const std::string& name, std::vector<std::filesystem::path>& to,
                   const std::string& about);
  void AddFlag(const std::string& name, bool& to, const std::string& about);
  // Exactly one of the options that are added to what is returned must be given. `name` heads them
  // in the help.
  Command AddOneOf(const std::string& name);

  // Gives the options of this command that the command line did not name the values of `file`,
  // `name = value` a line (TOML or INI): for OnRun(), when the rest is read. CLI11's own
  // set_config() reads files for the whole program only, not for one command.
  // Errors: kNotFound, kInvalidArgument (no such option, or not a value for it).
  Status TakeConfigFile(const std::filesystem::path& file) const;

  // `work` is done by Program::Parse() when this command was given.
  void OnRun(std::function<void()> work);

 protected:
  explicit Command(CLI::App* app) : app_(app) {}
  CLI::App* app_;
};

class Program final : public Command {
 public:
  // Without `name` the help shows what the program was called by.
  explicit Program(const std::string& about, const std::string& name = "");
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void AddVersion(const std::string& name, const std::string& version);
  // Options of this program may stand behind a command, too. Call it before AddCommand().
  void TakeOptionsAnywhere();

  // Nothing when all was understood and the command's work is done. Otherwise what was to be said
  // is printed, and this is how to exit: 0 after help and version, else the command line was wrong.
  std::optional<int> Parse(int argc, const char* const* argv);

 private:
  std::unique_ptr<CLI::App> owned_;
};

}  // namespace valise::cli
