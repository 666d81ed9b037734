// Finds scenarios in the source tree.
#include "tests/support/shipped.h"

#include <algorithm>
#include <filesystem>

#include "protocol/base/check.h"

namespace support {

namespace fs = std::filesystem;

std::vector<std::string> ShippedScenarios() {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(ZABSIM_SOURCE_DIR "/scenarios")) {
    const fs::path& path = entry.path();
    const fs::path folder = path.parent_path().filename();
    if (folder == "studies") continue;  // Large: tests/tools/studies.py.
    if (folder == "explore") continue;  // No runs: tests/scenarios/exploration_test.cc.
    if (path.extension() == ".json" && path.filename() != "schema.json") files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string ShippedScenario(const std::string& id) {
  return std::string(ZABSIM_SOURCE_DIR "/scenarios/") + id + ".json";
}

scenario::Document MustLoad(const std::string& path, const std::vector<std::string>& overrides) {
  auto document = scenario::Document::Load(path, overrides);
  ZAB_CHECK(document.ok()) << std::string(document.status().message());
  return *std::move(document);
}

}  // namespace support
