// Runs the toy and prints what it does.
#include <iostream>

#include "protocol/toy.h"

int main() {
  for (int votes = 0; votes < 4; ++votes) {
    for (int voters = 0; voters < 4; ++voters) {
      std::cout << toy::HasMajority({votes, 0}, voters);
    }
  }
  toy::Outbox out;
  toy::Store(3, {}, out);
  for (const std::string& effect : out.effects) std::cout << ", " << effect;
  std::cout << ", " << toy::SumBelow(6) << ", " << ToString(toy::Votes{1, 2}) << '\n';
}
