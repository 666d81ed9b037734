// zabsim, with real servers only.
#include "tools/zabsim/cli/command.h"

int main(int argc, char** argv) {
  return zabsim::Main(argc, argv, {});
}
