// Compares snapshots and digests with the transactions themselves.  (REFERENCE.md 16.3, item 16)
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "protocol/storage/restore.h"
#include "scenarios/runner/cluster/cluster_disk.h"
#include "scenarios/runner/invariants/makers.h"

namespace scenario {
namespace {

/// The tree after any history that a disk holds.  Mostly one is asked for that continues the last
/// one; otherwise the replay begins where all disks agree, or with what the ghost has kept.
class Reference {
 public:
  explicit Reference(const std::string& config) : common_(config), latest_(config) {}

  /// Null if some transaction is in no log that was read.  Valid until the next call.
  const zab::DataTree* TreeAt(HistoryId history, const Ghost& ghost) {
    const Histories& histories = ghost.histories();
    if (!histories.IsPrefix(latest_.at(), history)) {
      AdvanceCommon(ghost);
      latest_ = common_;
      if (!histories.IsPrefix(latest_.at(), history)) latest_ = ghost.fold();
      if (!histories.IsPrefix(latest_.at(), history)) latest_ = ghost.start();
    }
    return latest_.Advance(history, histories) ? &latest_.tree() : nullptr;
  }

 private:
  void AdvanceCommon(const Ghost& ghost) {
    const Histories& histories = ghost.histories();
    if (histories.size(common_.at()) < histories.size(ghost.fold().at())) common_ = ghost.fold();
    const HistoryId common = ghost.DurableEverywhere();
    if (histories.IsPrefix(common_.at(), common)) common_.Advance(common, histories);
  }

  ReferenceTree common_;
  ReferenceTree latest_;
};

/// The newest snapshots and the logs that extend beyond them: the files that a restore needs.
zab::DirectoryImage NewestFiles(const sim::FileStore& files) {
  constexpr auto kDurable = sim::Image::kDurable;
  std::optional<zab::Zxid> snapshot, log;
  const std::vector<std::string> names = files.Names(kDurable);
  for (const std::string& name : names) {
    const auto zxid = zab::ZxidOfName(name, "snapshot.");
    if (zxid && (!snapshot || *zxid > *snapshot)) snapshot = zxid;
  }
  for (const std::string& name : names) {
    const auto zxid = zab::ZxidOfName(name, "log.");
    if (zxid && snapshot && *zxid <= *snapshot && (!log || *zxid > *log)) log = zxid;
  }
  zab::DirectoryImage image;
  for (const std::string& name : names) {
    const auto as_snapshot = zab::ZxidOfName(name, "snapshot.");
    const auto as_log = zab::ZxidOfName(name, "log.");
    if (as_snapshot && *as_snapshot < *snapshot) continue;
    if (as_log && log && *as_log < *log) continue;
    image[name] = zab::Payload(std::string(files.Find(kDurable, name)->written));
  }
  return image;
}

/// The digest of a tree, and the server it was seen at.
struct Digest {
  uint64_t tree = 0;
  zab::ServerId server;
  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("tree", tree);
    field("server", server);
  }
};

/// tree(restore(snapshot + log)) == tree(all transactions), node by node, Stat included: checked at
/// the end of each snapshot, at each restart and at the end of the run.  Digests at equal zxids are
/// always compared.
class SnapshotEquivalence final : public CopyableInvariant<SnapshotEquivalence> {
 public:
  explicit SnapshotEquivalence(const Scenario& scenario)
      : reference_(PeerConfigOf(scenario, zab::ServerId{1}).ConfigText()) {
    for (const zab::ServerId sid : scenario.ServerIds()) {
      configs_.push_back(PeerConfigOf(scenario, sid));
    }
  }

  ProbeSet probes() const override {
    return {Probe::kDelivered,     Probe::kServing,        Probe::kRecovered,  Probe::kTruncated,
            Probe::kSnapInstalled, Probe::kDigestMismatch, Probe::kSnapshotEnd};
  }
  Finding OnRecord(const Record& record, const Ghost& ghost, const Surroundings& world) override {
    const TraceEvent& event = record.event;
    const zab::ServerId server = ServerOf(record);
    if (event.probe == Probe::kDigestMismatch) {
      return Sentence("$0 at $1 has another tree than the digest of its transaction says",
                      "$0 在 $1 处的数据树，与其事务中的摘要不符", ghost.NameOf(server),
                      ToString(event.zxid));
    }
    if (event.probe == Probe::kSnapshotEnd) return CompareTrees(server, ghost, world);
    if (event.tree != 0) {
      if (Finding f = CompareDigest(server, event, ghost)) return f;
    }
    if (event.probe == Probe::kRecovered) return CompareTrees(server, ghost, world);
    return std::nullopt;
  }
  Finding OnEnd(const Ghost& ghost, const Surroundings& world) override {
    Sound sound;
    for (const zab::ServerId sid : ghost.server_ids()) {
      if (Finding f = CompareTrees(sid, ghost, world, &sound)) return f;
    }
    return std::nullopt;
  }

  template <class Visitor>
  void Fields(Visitor&& field) const {
    field("digests", digests_);
  }

 private:
  /// Files that have been restored, and whose tree is that of the history.
  struct Sound {
    zab::DirectoryImage files;
    HistoryId history;
  };

  Finding CompareDigest(zab::ServerId server, const TraceEvent& event, const Ghost& ghost) {
    Digest& known = digests_[event.zxid];
    if (known.server.value == 0) known = {event.tree, server};
    if (known.tree == event.tree) return std::nullopt;
    return Sentence("at $0 the tree of $1 is another one than that of $2 was",
                    "在 $0 处，$1 的数据树与 $2 当时的不同", ToString(event.zxid),
                    ghost.NameOf(server), ghost.NameOf(known.server));
  }

  /// `sound`: what another server has had; equal bytes are not restored again.  May be null.
  Finding CompareTrees(zab::ServerId server, const Ghost& ghost, const Surroundings& world,
                       Sound* sound = nullptr) {
    const DurableState& disk = ghost.durable(server);
    if (!disk.known || !disk.damage.empty()) return std::nullopt;
    zab::DirectoryImage files = NewestFiles(world.files(server));
    if (sound != nullptr && sound->history == disk.history && sound->files == files) {
      return std::nullopt;
    }
    const zab::Restored restored = zab::Restore(files, configs_[server.value - size_t{1}]);
    if (restored.damaged || restored.fresh) return std::nullopt;
    const zab::Zxid last = restored.database.last_processed;
    const HistoryId history = ghost.histories().UpTo(disk.history, last);
    const zab::DataTree* const wanted = reference_.TreeAt(history, ghost);
    if (wanted == nullptr) return std::nullopt;
    if (*wanted == restored.database.tree) {
      if (sound != nullptr) *sound = {std::move(files), disk.history};
      return std::nullopt;
    }
    return Sentence(
        "snapshot and log of $0 restore to $1 with a different tree than all transactions up to "
        "there: "
        "$2",
        "$0 的快照与日志恢复到 $1，得到的数据树与到此为止的全部事务给出的不同：$2",
        ghost.NameOf(server), ToString(last), Difference(restored.database.tree, *wanted));
  }

  static Text Describe(const zab::Node& node) {
    return Sentence("mzxid $0 pzxid $1 version $2 cversion $3 with $4 children",
                    "mzxid $0 pzxid $1 version $2 cversion $3，$4 个子节点",
                    ToString(node.stat.mzxid), ToString(node.stat.pzxid), node.stat.version,
                    node.stat.cversion, node.children.size());
  }

  static Text Difference(const zab::DataTree& found, const zab::DataTree& wanted) {
    for (const auto& [path, node] : wanted.nodes()) {
      const zab::Node* other = found.Find(path);
      if (other == nullptr) return Sentence("it lacks $0", "缺少 $0", path);
      if (!(*other == node)) {
        return Sentence("node $0: $1, wanted $2", "节点 $0：$1，应为 $2", path, Describe(*other),
                        Describe(node));
      }
    }
    for (const auto& [path, node] : found.nodes()) {
      if (wanted.Find(path) == nullptr) return Sentence("it has $0", "多出 $0", path);
    }
    return {"nowhere", "没有不同之处"};
  }

  std::vector<zab::PeerConfig> configs_;  // Not a field: never changes.  By sid - 1.
  ZxidMap<Digest> digests_;
  Reference reference_;  // Not a field: any tree can be worked out anew.
};

}  // namespace

std::unique_ptr<Invariant> MakeSnapshotEquivalence(const Scenario& scenario) {
  return std::make_unique<SnapshotEquivalence>(scenario);
}

}  // namespace scenario
