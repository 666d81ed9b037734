// Whether two samples differ, and by how much (scenarios/MEASURING.md 4).
#pragma once

#include <span>
#include <vector>

#include "tools/zabsim/statistics/estimates.h"

namespace zabsim {

/// Of the means, b - a.
struct Difference {
  double mean = 0;
  Interval interval;
  double p = 1;  // How likely so large a difference is if there is none, to either side.
};

/// Student's test of the differences b[i] - a[i]; both have the same size, two or more.
Difference PairedDifference(std::span<const double> a, std::span<const double> b);
/// Welch's test; each has two or more.
Difference WelchDifference(std::span<const double> a, std::span<const double> b);
/// Vargha and Delaney's A: how likely one of b is larger than one of a, equal ones counting half.
/// Neither is empty.
double EffectSize(std::span<const double> a, std::span<const double> b);
/// Holm's correction, in the order of `p`.
std::vector<double> HolmCorrected(std::span<const double> p);

}  // namespace zabsim
