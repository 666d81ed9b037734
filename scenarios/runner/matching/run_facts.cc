// Histories are nodes of one tree: a zxid is in one if its prefix up to there ends with that zxid.
#include "scenarios/runner/matching/run_facts.h"

#include "scenarios/runner/invariants/ghost.h"

namespace scenario {
namespace {

bool Contains(const Ghost& ghost, HistoryId history, zab::Zxid zxid) {
  const Histories& histories = ghost.histories();
  return histories.zxid(histories.UpTo(history, zxid)) == zxid;
}

}  // namespace

bool HistoryView::IsCommitted(zab::Zxid zxid) const {
  return ghost_ != nullptr && Contains(*ghost_, ghost_->committed(), zxid);
}

bool HistoryView::HasDelivered(zab::ServerId server, zab::Zxid zxid) const {
  return ghost_ != nullptr && Contains(*ghost_, ghost_->server(server).delivered, zxid);
}

bool HistoryView::HasSynced(zab::ServerId server, zab::Zxid zxid) const {
  return ghost_ != nullptr && Contains(*ghost_, ghost_->durable(server).history, zxid);
}

}  // namespace scenario
