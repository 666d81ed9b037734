// zabsim, with real servers only.
#include "tools/zabsim/program/program.h"

int main(int argc, char** argv) {
  return zabsim::Main(argc, argv, {});
}
