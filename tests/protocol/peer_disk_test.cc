// A server whose disk fails halts with a reason, or continues as damaged until a SNAP repairs it;
// it never continues as if nothing had happened.
#include <gtest/gtest.h>

#include "protocol/peer.h"
#include "protocol/storage/epochs.h"
#include "protocol/storage/snapshot_format.h"
#include "tests/protocol/storage_model.h"

namespace zab::peer_disk_test {

using storage_model::History;
using storage_model::ModelDisk;

PeerConfig Config() {
  return {.self = ServerId{1},
          .voters = {{ServerId{1}, "n1"}, {ServerId{2}, "n2"}, {ServerId{3}, "n3"}},
          .limits = {.commit_log_count = 7}};
}

/// A disk with a snapshot, two transactions and both epochs.
DirectoryImage SampleDisk() {
  History history(Config().ConfigText());
  DirectoryImage image;
  image["snapshot.0"] = Payload(SnapshotFile(history.database.tree, Zxid{}));
  history.Create(Epoch{1}, "/a");
  history.Create(Epoch{1}, "/b");
  image["log.100000001"] = storage_model::Log(history.txns, 0, 2);
  image[kAcceptedEpochFile] = Payload("1");
  image[kCurrentEpochFile] = Payload("1");
  return image;
}

/// A server that starts on a disk with some failing operations.
class Server {
 public:
  using Fault = std::function<FileError(const FileOp&)>;

  Server(const DirectoryImage& image, Fault fault)
      : disk_(ModelDisk::Of(image)), fault_(std::move(fault)) {
    Step(Started{});
  }

  const Core& core() const { return peer_.core(); }
  bool looking() const { return std::holds_alternative<Looking>(peer_.role()); }
  /// The reason why it halted; nullopt if it runs.
  std::optional<Reason> halted() const { return halted_; }

 private:
  void Step(const Input& input) {
    Effects effects;
    peer_.Step(Instant{}, input, effects);
    for (const Effect& effect : effects) {
      if (const auto* halt = std::get_if<Halt>(&effect)) halted_ = halt->reason;
      if (const auto* file = std::get_if<FileOp>(&effect)) files_.push_back(*file);
    }
    while (!halted_ && !files_.empty()) {
      const FileOp file = files_.front();
      files_.pop_front();
      const FileError error = fault_(file);
      Step(error == FileError::kNone ? disk_.Perform(file)
                                     : FileDone{.operation = file.operation, .error = error});
    }
  }

  Peer peer_{Config(), Chooser(1), Entity{1}};
  ModelDisk disk_;
  Fault fault_;
  std::deque<FileOp> files_;
  std::optional<Reason> halted_;
};

/// Fails one kind of operation on files with this prefix.
Server::Fault Failing(FileKind kind, const std::string& prefix, FileError error) {
  return [=](const FileOp& file) {
    const bool hit = file.kind == kind && file.path.substr(0, prefix.size()) == prefix;
    return hit ? error : FileError::kNone;
  };
}

TEST(PeerDisk, WithoutAFaultItLooksForALeader) {
  const Server server(SampleDisk(), [](const FileOp&) { return FileError::kNone; });
  EXPECT_FALSE(server.halted());
  EXPECT_TRUE(server.looking());
  EXPECT_FALSE(server.core().damaged);
  EXPECT_EQ(server.core().database.last_processed, (Zxid{Epoch{1}, 2}));
}

TEST(PeerDisk, AFailedChangeHalts) {
  const Server refused(SampleDisk(), Failing(FileKind::kFsync, "log.", FileError::kIo));
  EXPECT_EQ(refused.halted(), Reason::kDiskError);
  const Server full({}, Failing(FileKind::kWrite, "snapshot.", FileError::kNoSpace));
  EXPECT_EQ(full.halted(), Reason::kDiskFull);
}

TEST(PeerDisk, AHistoryThatCannotBeReadIsDamagedUntilASnapRepairsIt) {
  for (const char* file : {"log.", "snapshot."}) {
    const Server server(SampleDisk(), Failing(FileKind::kRead, file, FileError::kUnreadable));
    EXPECT_FALSE(server.halted());
    EXPECT_TRUE(server.core().damaged) << file;
    EXPECT_EQ(server.core().AnnouncedZxid(), std::nullopt);
    EXPECT_EQ(server.core().epochs.accepted(), Epoch{1});  // Its promises remain valid.
  }
}

TEST(PeerDisk, APromiseThatCannotBeReadHalts) {
  const Server server(SampleDisk(),
                      Failing(FileKind::kRead, kAcceptedEpochFile, FileError::kUnreadable));
  EXPECT_EQ(server.halted(), Reason::kPromiseLost);
  DirectoryImage scribbled = SampleDisk();
  scribbled[kAcceptedEpochFile] = Payload("1x");
  const Server other(scribbled, [](const FileOp&) { return FileError::kNone; });
  EXPECT_EQ(other.halted(), Reason::kPromiseLost);
}

TEST(PeerDisk, ADirectoryThatCannotBeListedHalts) {
  const Server server(SampleDisk(), Failing(FileKind::kList, "", FileError::kUnreadable));
  EXPECT_EQ(server.halted(), Reason::kDiskError);
}

TEST(PeerDisk, AFileThatHasDisappearedIsIgnored) {
  DirectoryImage image = SampleDisk();
  image["log.1.tmp"] = Payload("-");
  const Server server(image, Failing(FileKind::kRead, "log.1.tmp", FileError::kNotFound));
  EXPECT_FALSE(server.core().damaged);
  EXPECT_TRUE(server.looking());
}

}  // namespace zab::peer_disk_test
