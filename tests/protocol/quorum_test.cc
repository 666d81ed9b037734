// Quorum arithmetic, alone.
#include "protocol/boundary/quorum.h"

#include <gtest/gtest.h>

#include "protocol/boundary/config.h"

namespace zab::quorum_test {
namespace {

/// Voters 1, 2, ... of these weights.
PeerConfig Weighing(const std::vector<uint64_t>& weights) {
  PeerConfig config;
  for (const uint64_t weight : weights) {
    const auto id = static_cast<uint16_t>(config.voters.size() + 1);
    config.voters.push_back({.server = {id}, .name = "n" + std::to_string(id), .weight = weight});
  }
  return config;
}

/// The servers whose bits are set.
std::vector<ServerId> Subset(size_t bits, size_t voters) {
  std::vector<ServerId> servers;
  for (size_t i = 0; i < voters; ++i) {
    if (bits >> i & 1) servers.push_back({static_cast<uint16_t>(i + 1)});
  }
  return servers;
}

/// What quorums are for: of any two one voter is in both; and all together are one.
void ExpectIntersection(const PeerConfig& config) {
  const size_t voters = config.voters.size();
  const size_t all = (size_t{1} << voters) - 1;
  EXPECT_TRUE(config.IsQuorum(Subset(all, voters)));
  for (size_t bits = 0; bits <= all; ++bits) {
    if (!config.IsQuorum(Subset(bits, voters))) continue;
    // Whatever does not meet it lies in its complement; a superset of a quorum is one too.
    EXPECT_FALSE(config.IsQuorum(Subset(all & ~bits, voters))) << bits << " of " << voters;
  }
}

TEST(Quorum, SizesOfOneToNineVoters) {
  constexpr uint64_t kSmallest[] = {1, 2, 2, 3, 3, 4, 4, 5, 5};
  for (uint64_t voters = 1; voters <= 9; ++voters) {
    const uint64_t smallest = kSmallest[voters - 1];
    EXPECT_EQ(SmallestMajority(voters), smallest);
    EXPECT_EQ(LargestMinority(voters), voters - smallest);
    for (uint64_t part = 0; part <= voters; ++part) {
      EXPECT_EQ(IsMajority(part, voters), part >= smallest) << part << " of " << voters;
    }
  }
}

TEST(Quorum, AnEvenEnsembleBearsNoMoreLossesThanOneServerFewer) {
  for (uint64_t voters = 2; voters <= 8; voters += 2) {
    EXPECT_FALSE(IsMajority(voters / 2, voters));
    EXPECT_EQ(LargestMinority(voters), LargestMinority(voters - 1));
  }
}

TEST(Quorum, OfNobodyThereIsNone) {
  EXPECT_FALSE(IsMajority(0, 0));
  EXPECT_FALSE(PeerConfig{}.IsQuorum(std::vector<ServerId>{}));
}

TEST(Quorum, AnyTwoMeet) {
  for (size_t voters = 1; voters <= 9; ++voters) {
    ExpectIntersection(Weighing(std::vector<uint64_t>(voters, 1)));
  }
}

TEST(Quorum, AnyTwoMeetWhateverTheWeights) {
  for (const std::vector<uint64_t>& weights : std::vector<std::vector<uint64_t>>{
           {1, 2}, {3, 1, 1}, {2, 2, 1, 1}, {5, 1, 1, 1, 1}, {0, 1, 1, 1}, {7, 0, 3, 2, 2, 1}}) {
    ExpectIntersection(Weighing(weights));
  }
}

TEST(Quorum, WeightDecidesNotTheNumberOfVoters) {
  const PeerConfig config = Weighing({3, 1, 1});
  EXPECT_TRUE(config.IsQuorum(std::vector{ServerId{1}}));
  EXPECT_FALSE(config.IsQuorum(std::vector{ServerId{2}, ServerId{3}}));
  EXPECT_EQ(config.WeightOf({1}), 3u);
}

TEST(Quorum, WhoDoesNotVoteWeighsNothing) {
  const PeerConfig config = Weighing({1, 1, 1});
  EXPECT_EQ(config.WeightOf({4}), 0u);
  EXPECT_FALSE(config.IsQuorum(std::vector{ServerId{1}, ServerId{4}, ServerId{5}}));
}

}  // namespace
}  // namespace zab::quorum_test
