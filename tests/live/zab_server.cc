// zab_server CONFIG: one peer on real ports and files, set up by the same file as a real ZooKeeper
// server, in whose place it runs.  Traces to standard output; ends when the peer halts.
#include <cstdio>

#include "protocol/boundary/trace.h"
#include "tests/live/config_file.h"
#include "tests/live/driver.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: zab_server CONFIG\n");
    return 2;
  }
  const auto config = live::ReadConfigFile(argv[1]);
  if (!config.ok()) {
    std::fprintf(stderr, "zab_server: %s\n", std::string(config.status().message()).c_str());
    return 2;
  }
  live::Driver driver(config->peer, config->data_dir + "/version-2", stdout);
  const zab::Reason reason = driver.Run();
  std::fprintf(stderr, "zab_server: halted: %s\n", std::string(Name(reason)).c_str());
  return 1;
}
