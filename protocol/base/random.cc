// A counter-based generator: two rounds of a 64-bit finaliser over the four keys.
#include "protocol/base/random.h"

#include <algorithm>

#include "protocol/base/check.h"

namespace zab {
namespace {

__extension__ typedef unsigned __int128 Uint128;

// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
constexpr uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

constexpr uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

// Lemire's multiplication.  Its bias is below bound/2^64, which is negligible in a simulation.
constexpr uint64_t Scale(uint64_t bits, uint64_t bound) {
  return static_cast<uint64_t>((Uint128{bits} * bound) >> 64);
}

}  // namespace

uint64_t Draw(uint64_t seed, Stream stream, Entity entity, uint64_t ordinal) {
  const uint64_t key = Mix(Mix(seed + kGolden) ^ stream.hash) + Mix(entity.value * kGolden + 1);
  return Mix(Mix(key) + (ordinal + 1) * kGolden);
}

uint64_t Chooser::Bits(Stream stream, Entity entity) {
  const Key key{stream.hash, entity};
  auto known = std::ranges::lower_bound(ordinals_, key, {}, &std::pair<Key, uint64_t>::first);
  if (known == ordinals_.end() || known->first != key) known = ordinals_.insert(known, {key, 0});
  const uint64_t ordinal = known->second++;
  const uint64_t bits = Draw(seed_, stream, entity, ordinal);
  return watch_ == nullptr ? bits : watch_->OnDraw(stream, entity, ordinal, bits);
}

uint64_t Chooser::Below(Stream stream, Entity entity, uint64_t bound) {
  ZAB_CHECK(bound >= 1);
  return Scale(Bits(stream, entity), bound);
}

int64_t Chooser::Between(Stream stream, Entity entity, int64_t min, int64_t max) {
  ZAB_CHECK(min <= max);
  const uint64_t span = static_cast<uint64_t>(max) - static_cast<uint64_t>(min) + 1;
  const uint64_t offset = span == 0 ? Bits(stream, entity) : Below(stream, entity, span);
  return static_cast<int64_t>(static_cast<uint64_t>(min) + offset);
}

bool Chooser::Chance(Stream stream, Entity entity, Ratio ratio) {
  if (ratio.numerator == 0) return false;
  return Below(stream, entity, ratio.denominator) < ratio.numerator;
}

}  // namespace zab
