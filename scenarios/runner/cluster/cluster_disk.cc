// Builds histories as a leader does: each write is prepared on the tree so far, then applied to it.
#include "scenarios/runner/cluster/cluster_disk.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/base/check.h"
#include "protocol/storage/epochs.h"
#include "protocol/storage/log_format.h"
#include "protocol/storage/snapshot_format.h"
#include "protocol/tree/preparer.h"

namespace scenario {
namespace {

/// 2020-01-01T00:00:00Z, the time of the wall clock when a run begins.
constexpr int64_t kStampMilliseconds = 1'577'836'800'000;

bool Contains(const ZxidRange& range, zab::Zxid zxid) {
  return range.first <= zxid && zxid <= range.last;
}

/// The part of `ranges` up to `zxid`; they must contain `zxid`.
std::vector<ZxidRange> CutAt(const std::vector<ZxidRange>& ranges, zab::Zxid zxid) {
  std::vector<ZxidRange> cut;
  for (const ZxidRange& range : ranges) {
    cut.push_back(range);
    if (!Contains(range, zxid)) continue;
    cut.back().last = zxid;
    break;
  }
  return cut;
}

/// The zxids of one epoch that the file names, up to `last`; ascending, without overlaps.
std::vector<ZxidRange> NamedUpTo(const Scenario& scenario, zab::Zxid last) {
  std::vector<ZxidRange> named;
  for (const auto& [server, state] : scenario.cluster.initial) {
    if (state.snapshot && state.snapshot->counter > 0) {
      named.push_back({*state.snapshot, *state.snapshot});
    }
    if (state.log.empty()) continue;
    // What the log goes on from is in the snapshot that leads to it.
    const zab::Zxid first = state.log.front().first;
    if (first.counter > 1) named.push_back({{first.epoch, first.counter - 1}, first});
    named.insert(named.end(), state.log.begin(), state.log.end());
  }
  std::erase_if(named, [&](const ZxidRange& range) {
    return range.first.epoch != last.epoch || range.first > last;
  });
  std::ranges::sort(named, {}, [](const ZxidRange& range) { return range.first; });
  std::vector<ZxidRange> merged;
  for (ZxidRange range : named) {
    range.last = std::min(range.last, last);
    if (!merged.empty() && range.last <= merged.back().last) continue;
    if (!merged.empty() && range.first <= merged.back().last) {
      merged.back().last = range.last;
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

/// A generated history of an epoch up to `last`: all of it if it is short; of a long one, which
/// only a snapshot can cover, the part that the file names.
std::vector<ZxidRange> GeneratedUpTo(const Scenario& scenario, zab::Zxid last) {
  const zab::Zxid first{last.epoch, 1};
  if (last.counter <= kMostInitialWrites) return {{first, last}};
  const std::vector<ZxidRange> named = NamedUpTo(scenario, last);
  std::vector<ZxidRange> history;
  zab::Zxid short_end{last.epoch, 0};
  for (const ZxidRange& range : named) {
    if (range.first.counter > kMostInitialWrites) break;
    const zab::Zxid most{last.epoch, kMostInitialWrites};
    short_end = std::min(range.last, most);
  }
  if (short_end.counter > 0) history.push_back({first, short_end});
  for (ZxidRange range : named) {
    if (range.last <= short_end) continue;
    range.first = std::max(range.first, short_end.Next());
    history.push_back(range);
  }
  return history;
}

/// A history up to `zxid` from a server whose log contains all of it; otherwise a generated one.
std::vector<ZxidRange> PrefixUpTo(const Scenario& scenario, zab::Zxid zxid) {
  for (const auto& [server, state] : scenario.cluster.initial) {
    if (state.log.empty() || state.log.front().first.counter != 1) continue;
    for (const ZxidRange& range : state.log) {
      if (Contains(range, zxid)) return CutAt(state.log, zxid);
    }
  }
  return GeneratedUpTo(scenario, zxid);
}

/// The write at a zxid; it is valid after any history.
zab::Operation WriteAt(zab::Zxid zxid) {
  return {.type = zab::OpType::kCreate,
          .path = absl::StrCat("/initial-", zxid.epoch.value, "-", zxid.counter),
          .data = ToString(zxid)};
}

/// A tree and the transactions that led to it.
class History {
 public:
  explicit History(const Scenario& scenario)
      : tree_(zab::DataTree::Fresh(PeerConfigOf(scenario, zab::ServerId{1}).ConfigText())),
        initial_tree_(scenario.cluster.initial_tree) {}

  zab::TxnRef Add(zab::Zxid zxid) {
    const zab::TxnHeader header{.zxid = zxid, .time = kStampMilliseconds};
    if (initial_tree_.nodes > 0) return AddTree(header, std::exchange(initial_tree_, {}));
    zab::TxnRef txn = preparer_.Prepare(tree_, header, WriteAt(zxid));
    tree_.Apply(*txn);
    preparer_.Applied(zxid);
    return txn;
  }
  const zab::DataTree& tree() const { return tree_; }

 private:
  /// One transaction that stands for all those that have made the tree.
  zab::TxnRef AddTree(const zab::TxnHeader& header, const InitialTree& wanted) {
    zab::MultiTxn all;
    const auto create = [&](std::string path, uint64_t size) {
      all.txns.push_back({zab::TxnType::kCreate, zab::CreateTxn{.path = std::move(path),
                                                                .data = std::string(size, 'x'),
                                                                .acl = {zab::Acl{}}}});
    };
    create("/initial", 0);
    for (uint64_t i = 1; i <= wanted.nodes; ++i) {
      create(absl::StrCat("/initial/", i), wanted.value_size);
    }
    tree_.Apply(*zab::MakeTxn(header, all, std::nullopt));
    return zab::MakeTxn(header, std::move(all), tree_.digest());
  }

  zab::DataTree tree_;
  InitialTree initial_tree_;  // To be made by the first transaction.
  zab::Preparer preparer_;
};

template <class Visit>
void ForEachZxid(const std::vector<ZxidRange>& ranges, Visit visit) {
  for (const ZxidRange& range : ranges) {
    for (zab::Zxid zxid = range.first; zxid <= range.last; zxid = zxid.Next()) visit(zxid);
  }
}

void AddSnapshot(const zab::DataTree& tree, zab::Zxid zxid, zab::DirectoryImage& image) {
  image[zab::SnapshotName(zxid)] = zab::Payload(zab::SnapshotFile(tree, zxid));
}

}  // namespace

zab::PeerConfig PeerConfigOf(const Scenario& scenario, zab::ServerId self) {
  zab::PeerConfig config{
      .self = self, .timing = scenario.timing, .limits = scenario.cluster.server};
  for (size_t i = 0; i < scenario.cluster.voters.size(); ++i) {
    config.voters.push_back(
        {.server = {static_cast<uint16_t>(i + 1)}, .name = scenario.cluster.voters[i]});
  }
  return config;
}

std::vector<ZxidRange> InitialHistory(const Scenario& scenario, zab::ServerId server) {
  const auto found = scenario.cluster.initial.find(server);
  if (found == scenario.cluster.initial.end()) return {};
  const InitialState& state = found->second;
  if (state.log.empty()) {
    if (!state.snapshot || state.snapshot->counter == 0) return {};
    return PrefixUpTo(scenario, *state.snapshot);
  }
  const ZxidRange first = state.log.front();
  std::vector<ZxidRange> history;
  if (first.first.counter > 1) {
    const zab::Zxid before{first.first.epoch, first.first.counter - 1};
    ZAB_CHECK(state.snapshot && *state.snapshot >= before) << "no snapshot leads to the log";
    history = PrefixUpTo(scenario, before);
  } else if (state.snapshot && *state.snapshot < first.first && state.snapshot->counter > 0) {
    history = PrefixUpTo(scenario, *state.snapshot);
  }
  history.insert(history.end(), state.log.begin(), state.log.end());
  return history;
}

std::vector<zab::TxnRef> InitialTxns(const Scenario& scenario, zab::ServerId server) {
  std::vector<zab::TxnRef> txns;
  History history(scenario);
  ForEachZxid(InitialHistory(scenario, server),
              [&](zab::Zxid zxid) { txns.push_back(history.Add(zxid)); });
  return txns;
}

zab::DirectoryImage DurableImage(const sim::FileStore& files) {
  zab::DirectoryImage image;
  for (const std::string& name : files.Names(sim::Image::kDurable)) {
    image[name] = zab::Payload(files.Find(sim::Image::kDurable, name)->bytes());
  }
  return image;
}

zab::DirectoryImage InitialDisk(const Scenario& scenario, zab::ServerId server) {
  const auto found = scenario.cluster.initial.find(server);
  if (found == scenario.cluster.initial.end()) return {};
  const InitialState& state = found->second;
  zab::DirectoryImage image;
  const auto epoch = [](zab::Epoch value) { return zab::Payload(absl::StrCat(value.value)); };
  image[zab::kAcceptedEpochFile] = epoch(state.accepted_epoch);
  image[zab::kCurrentEpochFile] = epoch(state.current_epoch);

  const zab::Zxid snapshot = state.snapshot.value_or(zab::Zxid{});
  History history(scenario);
  // If there was no earlier snapshot, the server had written one of its empty tree.
  if (snapshot.counter == 0) AddSnapshot(history.tree(), snapshot, image);
  std::optional<std::string> name;
  std::string file;
  const auto finish_file = [&] {
    if (name) image[*std::exchange(name, std::nullopt)] = zab::Payload(std::exchange(file, {}));
  };
  ForEachZxid(InitialHistory(scenario, server), [&](zab::Zxid zxid) {
    const zab::TxnRef txn = history.Add(zxid);
    if (!state.log.empty() && zxid >= state.log.front().first) {
      if (!name) name = zab::LogName(zxid), file = zab::LogHeader();
      zab::AppendRecord(*txn, file);
    }
    if (zxid == snapshot) {  // With a snapshot begins a new log file.
      AddSnapshot(history.tree(), zxid, image);
      finish_file();
    }
  });
  finish_file();
  return image;
}

}  // namespace scenario
