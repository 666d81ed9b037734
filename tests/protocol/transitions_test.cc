// The phases of each role, and that nothing but its table decides how they follow one another.
#include "protocol/roles/transitions.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "protocol/roles/follower.h"
#include "protocol/roles/leader.h"
#include "protocol/roles/looking.h"
#include "protocol/roles/recovering.h"

namespace zab::transitions_test {
namespace {

/// The table as lines "from -> to".
template <class Role>
std::string TableOf() {
  std::string lines;
  for (const auto& [from, to] : Role::kTransitions) {
    absl::StrAppend(&lines, Name(from), " -> ", Name(to), "\n");
  }
  return lines;
}

TEST(Transitions, OfAServerThatReadsItsDisk) {
  EXPECT_EQ(TableOf<Recovering>(),
            "draining -> reading\n"
            "reading -> repairing\n"
            "repairing -> done\n");
}

TEST(Transitions, OfElection) {
  EXPECT_EQ(TableOf<Looking>(),
            "draining -> voting\n"
            "voting -> finalizing\n"
            "finalizing -> voting\n");
}

TEST(Transitions, OfAFollower) {
  EXPECT_EQ(TableOf<Follower>(),
            "connecting -> discovery\n"
            "discovery -> promising\n"
            "discovery -> awaiting_sync\n"
            "promising -> awaiting_sync\n"
            "awaiting_sync -> inspecting\n"
            "awaiting_sync -> receiving\n"
            "awaiting_sync -> syncing\n"
            "inspecting -> connecting\n"
            "inspecting -> truncating\n"
            "truncating -> syncing\n"
            "receiving -> syncing\n"
            "syncing -> saving\n"
            "saving -> joining\n"
            "joining -> acking\n"
            "acking -> joined\n"
            "joined -> broadcast\n");
}

TEST(Transitions, OfALeader) {
  EXPECT_EQ(TableOf<Leader>(),
            "discovery -> storing_accepted\n"
            "storing_accepted -> counting_ack_epochs\n"
            "counting_ack_epochs -> storing_current\n"
            "storing_current -> synchronization\n"
            "synchronization -> broadcast\n");
}

TEST(Transitions, OfALearnersHandler) {
  EXPECT_EQ(TableOf<LearnerHandler>(),
            "awaiting_info -> awaiting_epoch\n"
            "awaiting_epoch -> awaiting_ack_epoch\n"
            "awaiting_ack_epoch -> awaiting_epoch_acks\n"
            "awaiting_epoch_acks -> reading_log\n"
            "awaiting_epoch_acks -> sending_snap\n"
            "awaiting_epoch_acks -> awaiting_ack\n"
            "reading_log -> sending_snap\n"
            "reading_log -> awaiting_ack\n"
            "sending_snap -> awaiting_ack\n"
            "awaiting_ack -> awaiting_quorum\n"
            "awaiting_quorum -> ready\n");
}

TEST(Transitions, WhatIsInNoTableIsRefused) {
  using enum Leader::Phase;
  static_assert(IsLegal(Leader::kTransitions, kDiscovery, kStoringAccepted));
  static_assert(!IsLegal(Leader::kTransitions, kDiscovery, kBroadcast));
  static_assert(!IsLegal(Leader::kTransitions, kBroadcast, kDiscovery));
  static_assert(!IsLegal(Leader::kTransitions, kDiscovery, kDiscovery));
}

// A check that fails names the phases and prints the state.
TEST(TransitionsDeathTest, ARefusedOneShowsTheState) {
  LearnerHandler handler{.connection = {7}, .server = {3}};
  EXPECT_EXIT(handler.Enter(LearnerHandler::Phase::kReady), testing::ExitedWithCode(70),
              "to ready: \\{connection=7 server=3 phase=awaiting_info ");
}

}  // namespace
}  // namespace zab::transitions_test
