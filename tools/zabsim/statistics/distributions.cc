// Boost.Math, in this file alone, since its headers take seconds to compile.
#include "tools/zabsim/statistics/distributions.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace zabsim {
namespace {

/// In double throughout: long double has another size on other machines.  No exceptions.
namespace policies = boost::math::policies;
using InDouble = policies::policy<
    policies::promote_double<false>, policies::domain_error<policies::ignore_error>,
    policies::pole_error<policies::ignore_error>, policies::overflow_error<policies::ignore_error>,
    policies::evaluation_error<policies::ignore_error>>;
using Student = boost::math::students_t_distribution<double, InDouble>;
using Binomial = boost::math::binomial_distribution<double, InDouble>;

}  // namespace

double StudentQuantile(double p, double freedom) {
  return boost::math::quantile(Student(freedom), p);
}

double StudentTwoSided(double t, double freedom) {
  return 2 * boost::math::cdf(boost::math::complement(Student(freedom), std::fabs(t)));
}

double BinomialAtMost(uint64_t successes, uint64_t n, double p) {
  return boost::math::cdf(Binomial(static_cast<double>(n), p), static_cast<double>(successes));
}

}  // namespace zabsim
