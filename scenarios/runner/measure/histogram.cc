// A value of e + 8 significant bits, e above 0, has its upper 8 bits as the place among the 128
// buckets of its power of two.
#include "scenarios/runner/measure/histogram.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace scenario {
namespace {

constexpr int kBits = 8;
constexpr size_t kHalf = size_t{1} << (kBits - 1);

size_t BucketOf(uint64_t value) {
  if (value <= Histogram::kExact) return static_cast<size_t>(value);
  const int shift = static_cast<int>(std::bit_width(value)) - kBits;
  return static_cast<size_t>(shift) * kHalf + static_cast<size_t>(value >> shift);
}

uint64_t LargestIn(size_t bucket) {
  if (bucket <= Histogram::kExact) return bucket;
  const size_t shift = bucket / kHalf - 1;
  return ((uint64_t{bucket % kHalf + kHalf} + 1) << shift) - 1;
}

}  // namespace

void Histogram::Add(uint64_t value) {
  const size_t bucket = BucketOf(value);
  if (bucket >= counts_.size()) counts_.resize(bucket + 1);
  ++counts_[bucket];
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = std::max(max_, value);
  ++count_;
  sum_ += value;
}

uint64_t Histogram::Quantile(uint64_t percent) const {
  const uint64_t wanted = (count_ * percent + 99) / 100;
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen > 0 && seen >= wanted) return std::min(LargestIn(bucket), max_);
  }
  return 0;
}

std::vector<Histogram::Bucket> Histogram::Buckets() const {
  std::vector<Bucket> buckets;
  for (size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    if (counts_[bucket] == 0) continue;
    buckets.push_back({std::min(LargestIn(bucket), max_), counts_[bucket]});
  }
  return buckets;
}

}  // namespace scenario
