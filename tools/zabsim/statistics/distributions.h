// The distributions behind intervals and tests.
#pragma once

#include <cstdint>

namespace zabsim {

/// The value below which Student's t with `freedom` (above 0) degrees of freedom is with
/// probability `p` (between 0 and 1).
double StudentQuantile(double p, double freedom);
/// How likely it is that Student's t is at least that far from 0, to either side.
double StudentTwoSided(double t, double freedom);
/// How likely so many successes or fewer are, of `n` with probability `p`.
double BinomialAtMost(uint64_t successes, uint64_t n, double p);

}  // namespace zabsim
