// Replaces libFuzzer in ordinary builds: calls the target with each file given or contained in a
// given folder.  A failed check ends it with exit code 70 after printing the file's name.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "tests/fuzz/fuzz.h"

namespace {

void Replay(const std::filesystem::path& path) {
  std::printf("%s\n", path.c_str());
  std::fflush(stdout);
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::set<std::filesystem::path> paths;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      paths.insert(argv[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      paths.insert(entry.path());
    }
  }
  if (paths.empty()) {
    std::fprintf(stderr, "wanted files of inputs, or folders of them; found none\n");
    return 2;
  }
  for (const std::filesystem::path& path : paths) Replay(path);
  return 0;
}
