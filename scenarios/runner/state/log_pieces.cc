// A range is cut where the answer to any of the questions changes.
#include "scenarios/runner/state/log_pieces.h"

#include <algorithm>

namespace scenario {
namespace {

class Cutter {
 public:
  Cutter(const ServerState& server, const ClusterState& cluster)
      : server_(server), cluster_(cluster) {}

  std::vector<LogPiece> Cut() {
    const zab::Zxid base = server_.history.base();
    if (base != zab::Zxid{}) {
      pieces_.push_back(PieceAt({{base.epoch, 0}, base}));
      pieces_.back().based = true;
    }
    for (const ZxidRange& range : server_.history.log()) CutRange(range);
    return std::move(pieces_);
  }

 private:
  void CutRange(ZxidRange rest) {
    for (;;) {
      const zab::Zxid end = EndOfPiece(rest);
      pieces_.push_back(PieceAt({rest.first, end}));
      if (end == rest.last) return;
      rest.first = end.Next();
    }
  }

  /// How far what holds for the first of them holds.
  zab::Zxid EndOfPiece(const ZxidRange& rest) const {
    zab::Zxid end = rest.last;
    const auto cut = [&](zab::Zxid at) {
      if (rest.first <= at) end = std::min(end, at);
    };
    cut(server_.history.synced());
    if (server_.history.on_disk()) cut(*server_.history.on_disk());
    cut(server_.applied());
    cut(server_.counted);
    for (const auto& [first, last] : cluster_.committed_log()) {
      cut(last);
      if (rest.first < first && first <= end) end = {first.epoch, first.counter - 1};
    }
    return end;
  }

  LogPiece PieceAt(const ZxidRange& zxids) const {
    const zab::Zxid at = zxids.last;
    return {.zxids = zxids,
            .entry = server_.history.EntryOf(at),
            .committed = std::ranges::any_of(
                cluster_.committed_log(),
                [at](const ZxidRange& range) { return range.first <= at && at <= range.last; }),
            .applied = server_.up() && at <= server_.applied(),
            .counted = at <= server_.counted};
  }

  const ServerState& server_;
  const ClusterState& cluster_;
  std::vector<LogPiece> pieces_;
};

}  // namespace

std::vector<LogPiece> LogPieces(const ServerState& server, const ClusterState& cluster) {
  return Cutter(server, cluster).Cut();
}

}  // namespace scenario
