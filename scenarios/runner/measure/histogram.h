// Histogram: how many values there were of each size, as an HDR histogram counts them (Tene,
// HdrHistogram): buckets of equal width within each power of two.  Its memory depends on the
// largest value, not on how many there were.
#pragma once

#include <cstdint>
#include <vector>

namespace scenario {

/// A plain value.
class Histogram {
 public:
  /// Values up to here have buckets of their own; above, a bucket is 1/128 of its values wide.
  static constexpr uint64_t kExact = 255;

  struct Bucket {
    uint64_t value = 0;  // The largest that it may hold or, of the last one, the maximum.
    uint64_t count = 0;  // Above 0.
  };

  void Add(uint64_t value);

  uint64_t count() const { return count_; }
  uint64_t sum() const { return sum_; }
  // Of these, each is 0 without values.
  uint64_t min() const { return min_; }
  uint64_t max() const { return max_; }
  /// Rounded down.
  uint64_t Mean() const { return count_ == 0 ? 0 : sum_ / count_; }
  /// The smallest Bucket::value with so many per cent of the values at or below it.
  uint64_t Quantile(uint64_t percent) const;
  /// Ascending.
  std::vector<Bucket> Buckets() const;

 private:
  uint64_t count_ = 0;
  uint64_t sum_ = 0;
  uint64_t min_ = 0;
  uint64_t max_ = 0;
  std::vector<uint64_t> counts_;  // By bucket, up to that of the largest value.
};

}  // namespace scenario
