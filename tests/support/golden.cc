// Comparing with a golden file, or replacing it.
#include "tests/support/golden.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace support {
namespace {

/// Held by one process at a time; that of a folder, so that no file is left behind.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder)
      : folder_(open(folder.c_str(), O_RDONLY | O_CLOEXEC)) {
    EXPECT_EQ(flock(folder_, LOCK_EX), 0) << folder;
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() { close(folder_); }

 private:
  int folder_;
};

void Replace(const std::string& path, const std::string& text) {
  const std::string written = path + "." + std::to_string(getpid());
  std::ofstream(written) << text;
  std::filesystem::rename(written, path);
}

}  // namespace

bool RewritesGoldens() {
  return std::getenv("ZAB_REWRITE_GOLDEN") != nullptr;
}

std::string ReadText(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void ExpectGolden(const std::string& path, const std::string& text) {
  if (RewritesGoldens()) return Replace(path, text);
  EXPECT_EQ(text, ReadText(path)) << "ZAB_REWRITE_GOLDEN=1 rewrites " << path;
}

void ExpectGoldenLine(const std::string& path, const std::string& key, const std::string& value) {
  const FolderLock lock(std::filesystem::path(path).parent_path());
  std::map<std::string, std::string> lines;
  std::istringstream file(ReadText(path));
  for (std::string name, text; file >> name >> text;) lines[name] = text;
  if (!RewritesGoldens()) {
    EXPECT_EQ(value, lines[key]) << key << ": not as in " << path;
    return;
  }
  lines[key] = value;
  std::ostringstream all;
  for (const auto& [name, text] : lines) all << name << " " << text << "\n";
  Replace(path, all.str());
}

}  // namespace support
