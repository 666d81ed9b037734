// Where the scenarios are.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "scenarios/runner/verdict/result.h"
#include "tools/zabsim/cli/command.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;

bool IsScenarioFolder(const fs::path& path) {
  std::error_code error;
  return fs::exists(path / "schema.json", error);
}

}  // namespace

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return absl::IsResourceExhausted(status) ? kExitStorage : kExitUsage;
}

int WorseCode(int code, int failed) {
  if (failed == kExitUsage) return code == 0 ? failed : code;
  return scenario::WorseExitCode(code, failed);
}

std::string ScenarioFolder() {
  if (IsScenarioFolder("scenarios")) return "scenarios";
  std::error_code error;
  const fs::path binary = fs::read_symlink("/proc/self/exe", error);
  if (error) return "";
  // build/<preset>/zabsim in the source tree, bin/zabsim where it is installed.
  const fs::path above = binary.parent_path().parent_path();
  for (const fs::path& candidate :
       {above.parent_path() / "scenarios", above / "share" / "zabsim" / "scenarios"}) {
    if (IsScenarioFolder(candidate)) return candidate.string();
  }
  return "";
}

std::string ScenarioPath(const std::string& argument) {
  if (argument == "-") return "/dev/stdin";
  std::error_code error;
  if (fs::exists(argument, error)) return argument;
  const std::string folder = ScenarioFolder();
  const std::string shipped = folder + "/" + argument + ".json";
  return !folder.empty() && fs::exists(shipped, error) ? shipped : argument;
}

std::vector<std::string> ScenarioFiles(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const fs::path& path = it->path();
    if (path.extension() == ".json" && path.filename() != "schema.json") {
      files.push_back(path.string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace zabsim
