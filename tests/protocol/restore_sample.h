// A directory with a history of two epochs, for tests of what a restore makes of it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/storage/restore.h"
#include "protocol/storage/snapshot_format.h"
#include "tests/protocol/storage_model.h"

namespace zab::restore_test {

using storage_model::History;
using storage_model::Log;

inline PeerConfig Config() {
  return {.self = ServerId{1}, .voters = {{ServerId{1}, "n1"}}, .limits = {.commit_log_count = 3}};
}

/// snapshot.0, and eight transactions of two epochs in two files, the last one preallocated.
struct Sample {
  History history{Config().ConfigText()};
  std::vector<Database> states{history.database};  // After 0, 1, ... transactions.
  DirectoryImage image;

  Sample() {
    image["snapshot.0"] = Payload(SnapshotFile(history.database.tree, Zxid{}));
    image["acceptedEpoch"] = Payload("2");
    image["currentEpoch"] = Payload("2");
    for (uint32_t i = 0; i < 8; ++i) {
      history.Create(Epoch{i < 5 ? 1u : 2u}, "/n" + std::to_string(i));
      states.push_back(history.database);
    }
    image["log.100000001"] = Log(history.txns, 0, 5);
    image["log.200000001"] = Log(history.txns, 5, 8, 500);
  }
  Payload Snapshot(size_t count) const {
    return Payload(SnapshotFile(states[count].tree, states[count].last_processed));
  }
};

/// Which of the states of `sample` the result is, -1 if none.
inline int StateOf(const Restored& restored, const Sample& sample) {
  if (restored.damaged) return -1;
  for (size_t i = 0; i < sample.states.size(); ++i) {
    if (sample.states[i].last_processed != restored.database.last_processed) continue;
    EXPECT_EQ(sample.states[i].tree, restored.database.tree);
    EXPECT_EQ(sample.states[i].tree.digest(), restored.database.tree.digest());
    EXPECT_TRUE(restored.mismatches.empty());
    return static_cast<int>(i);
  }
  ADD_FAILURE() << "no such history: " << ToString(restored.database.last_processed);
  return -1;
}

}  // namespace zab::restore_test
