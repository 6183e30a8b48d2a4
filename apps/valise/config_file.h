// Options of a command that are read from a file: `name = value`, a line each (TOML or INI).
//
// Thread safety: while the command line is being read, by one thread.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>

#include "base/result.h"

namespace valise::app {

// Gives the options of `command` that the command line did not name the values of `file`. CLI11's
// own set_config() reads files for the whole program only, not for one command.
// Errors: kNotFound, kInvalidArgument (no such option, or not a value for it).
Status TakeConfigFile(CLI::App& command, const std::filesystem::path& file);

}  // namespace valise::app
