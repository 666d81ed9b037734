// A toy to be mutated: what stands here is what operators and rules have to do with.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#define ZAB_CHECK(condition) \
  if (!(condition)) throw #condition

namespace toy {

struct KnownBugs {
  bool too_early = false;
};

struct Outbox {
  std::vector<std::string> effects;
  void Write(int value) { effects.push_back("write " + std::to_string(value)); }
  void Sync() { effects.push_back("sync"); }
};

struct Votes {
  int for_it = 0;
  int against = 0;
};

constexpr int Twice(int value) {
  return value + value;
}
static_assert(Twice(2) == 4);

bool HasMajority(const Votes& votes, int voters);
/// Appends the effects of `value`.
void Store(int value, const KnownBugs& bugs, Outbox& out);
int SumBelow(int end);
std::string ToString(const Votes& votes);
int OnlyForTests(int value);

}  // namespace toy
