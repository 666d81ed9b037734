// Names: each value of a closed set has one of its own.
#include <gtest/gtest.h>

#include <set>

#include "protocol/roles/follower.h"
#include "protocol/roles/leader.h"
#include "protocol/roles/looking.h"
#include "protocol/roles/recovering.h"

namespace zab::names_test {
namespace {

/// The values 0 to count - 1 have names, all different; what lies beyond has none.
template <class Enum>
void ExpectNames(int count) {
  std::set<std::string> names;
  for (int i = 0; i < count; ++i) names.insert(std::string(Name(static_cast<Enum>(i))));
  EXPECT_EQ(names.size(), static_cast<size_t>(count));
  EXPECT_FALSE(names.contains("?"));
  EXPECT_EQ(Name(static_cast<Enum>(count)), "?");
}

// The numbers of probes and kinds have gaps, which belong to others.
TEST(Names, OfTheTrace) {
  const std::set<Probe> probes = {
#define PROBE(number, enumerator, name) Probe::enumerator,
#include "protocol/boundary/probes.inc"
#undef PROBE
  };
  const std::set<Kind> kinds = {
#define KIND(number, enumerator, name) Kind::enumerator,
#include "protocol/boundary/kinds.inc"
#undef KIND
  };
  std::set<std::string> names;
  for (int i = 0; i < 256; ++i) names.insert(std::string(Name(static_cast<Probe>(i))));
  EXPECT_EQ(names.size(), probes.size() + 1);
  EXPECT_TRUE(names.contains("?"));
  names.clear();
  for (int i = 0; i < 256; ++i) names.insert(std::string(Name(static_cast<Kind>(i))));
  EXPECT_EQ(names.size(), kinds.size() + 1);
  EXPECT_TRUE(names.contains("?"));
  ExpectNames<Reason>(kReasonCount);
}

TEST(Names, OfPhases) {
  ExpectNames<Recovering::Phase>(4);
  ExpectNames<Looking::Phase>(3);
  ExpectNames<Follower::Phase>(13);
  ExpectNames<Leader::Phase>(6);
  ExpectNames<LearnerHandler::Phase>(9);
}

TEST(Names, OfOperationsAndErrors) {
  std::set<std::string> names;
  constexpr OpType kTypes[] = {
      OpType::kCloseSession, OpType::kCreateSession, OpType::kUnimplemented,   OpType::kCreate,
      OpType::kDelete,       OpType::kExists,        OpType::kGetData,         OpType::kSetData,
      OpType::kGetChildren,  OpType::kSync,          static_cast<OpType>(-999)};
  for (const OpType type : kTypes) names.insert(std::string(Name(type)));
  EXPECT_EQ(names.size(), std::size(kTypes));
  EXPECT_TRUE(names.contains("unknown"));
  names.clear();
  constexpr Error kErrors[] = {Error::kOk,
                               Error::kMarshallingError,
                               Error::kUnimplemented,
                               Error::kBadArguments,
                               Error::kNoNode,
                               Error::kNoAuth,
                               Error::kBadVersion,
                               Error::kNoChildrenForEphemerals,
                               Error::kNodeExists,
                               Error::kNotEmpty,
                               Error::kSessionExpired,
                               static_cast<Error>(-999)};
  for (const Error error : kErrors) names.insert(Name(error));
  EXPECT_EQ(names.size(), std::size(kErrors));
  EXPECT_TRUE(names.contains("error -999"));
}

}  // namespace
}  // namespace zab::names_test
