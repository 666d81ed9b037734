#include "scenarios/runner/record/record.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace scenario::record_test {
namespace {

Record Full() {
  return {.id = 7,
          .time = zab::Time{} + zab::Milliseconds(1500),
          .node = {3},
          .cause = 6,
          .event = {.probe = Probe::kMsgSent,
                    .kind = Kind::kProposalMessage,
                    .reason = zab::Reason::kStarted,
                    .peer = {2},
                    .epoch = {4},
                    .zxid = {{1}, 3},
                    .client = -5,
                    .number = -6,
                    .code = -7,
                    .txn = 8,
                    .tree = 9,
                    .connection = 10}};
}

TEST(Record, AsText) {
  EXPECT_EQ(ToString(Full()),
            "#7 1.5s node 3 msg_sent kind=PROPOSAL reason=started peer=2 epoch=4 zxid=1:3 "
            "client=-5 number=-6 code=-7 txn=8 tree=9 connection=10 <- #6");
}

TEST(Record, IsTheSameInColumns) {
  const Record record = Full();
  const sim::Record columns{.id = record.id,
                            .time = record.time,
                            .node = record.node,
                            .cause = record.cause,
                            .columns = ColumnsOf(record.event)};
  EXPECT_EQ(ToString(RecordOf(columns)), ToString(record));
}

// The numbers of both lists, the protocol's and the others', have no gap.
TEST(Record, EveryProbeAndKindHasAName) {
  std::set<std::string> probes;
  std::set<std::string> kinds;
  for (int i = 0; i < kProbeCount; ++i) probes.insert(std::string(Name(static_cast<Probe>(i))));
  for (int i = 0; i < kKindCount; ++i) kinds.insert(std::string(Name(static_cast<Kind>(i))));
  EXPECT_EQ(probes.size(), static_cast<size_t>(kProbeCount));
  EXPECT_EQ(kinds.size(), static_cast<size_t>(kKindCount));
  EXPECT_FALSE(probes.contains("?"));
  EXPECT_FALSE(kinds.contains("?"));
}

// What the world tells has in traces the name that it has in the kernel; the probe of a corrupt
// disk is the one that traces call otherwise.
TEST(Record, NamesWhatTheWorldTells) {
  const sim::Vocabulary vocabulary = WorldVocabulary();
  for (int i = 1; i <= static_cast<int>(sim::WorldProbe::kClockSet); ++i) {
    const auto probe = static_cast<sim::WorldProbe>(i);
    const auto ours = static_cast<Probe>(vocabulary.number_of_probe(probe));
    EXPECT_EQ(Name(ours), probe == sim::WorldProbe::kDiskCorrupted ? "disk_spoiled" : Name(probe));
  }
  for (int i = 0; i <= static_cast<int>(sim::WorldKind::kWiped); ++i) {
    const auto kind = static_cast<sim::WorldKind>(i);
    EXPECT_EQ(Name(static_cast<Kind>(vocabulary.number_of_kind(kind))), Name(kind));
  }
}

}  // namespace
}  // namespace scenario::record_test
