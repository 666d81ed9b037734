#include "protocol/toy.h"

namespace toy {

bool HasMajority(const Votes& votes, int voters) {
  return voters > 0 && votes.for_it * 2 > voters;
}

void Store(int value, const KnownBugs& bugs, Outbox& out) {
  ZAB_CHECK(value >= 0);
  if (bugs.too_early) {
    out.Sync();
    return;
  }
  out.Write(Twice(value));
  out.Sync();
}

int SumBelow(int end) {
  int sum = 0;
  for (int i = 0; i < end; ++i) {
    if (i == 3) continue;
    sum += i;
  }
  return sum;
}

std::string ToString(const Votes& votes) {
  return std::to_string(votes.for_it) + ":" + std::to_string(votes.against);
}

int OnlyForTests(int value) {
  return value - 1;
}

}  // namespace toy
