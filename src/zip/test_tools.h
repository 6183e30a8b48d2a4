// For tests: does a program of the system accept a file? Absent programs are passed over.
//
// Thread safety: starts a process and waits for it.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace valise::zip {

inline bool HasTool(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

// Exit status of a shell command; its output goes to `log`.
inline int RunShell(const std::string& command, const std::filesystem::path& log) {
  const int status = std::system((command + " >'" + log.string() + "' 2>&1").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// unzip, 7zz, bsdtar, Python and jar test the ZIP and find nothing wrong.
inline void ExpectToolsAccept(const std::filesystem::path& zip) {
  const std::string path = "'" + zip.string() + "'";
  const std::pair<const char*, std::string> tools[] = {
      {"unzip", "unzip -tqq " + path},
      {"7zz", "7zz t -y " + path},
      {"bsdtar", "bsdtar -xOf " + path},
      {"python3",
       "python3 -c 'import sys,zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not "
       "None)' " +
           path},
      {"jar", "jar tf " + path},
  };
  for (const auto& [name, command] : tools) {
    if (!HasTool(name)) continue;
    const std::filesystem::path log = zip.string() + ".log";
    EXPECT_EQ(RunShell(command, log), 0) << name << " does not accept the ZIP";
    std::filesystem::remove(log);
  }
}

}  // namespace valise::zip
