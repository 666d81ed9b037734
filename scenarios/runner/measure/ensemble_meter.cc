// Whether the ensemble is available is asked only after records that can change it.
#include "scenarios/runner/measure/ensemble_meter.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/record/numbers.h"

namespace scenario {
namespace {

/// By probe: whether Sight::cluster may have, or lack, a leader after it.
constexpr auto kMayChangeLeader = [] {
  using enum Probe;
  std::array<bool, kProbeCount> may{};
  for (const Probe probe :
       {kLooking, kElected, kEstablished, kNewLeaderAcked, kQuorumLost, kAbandoned, kCrashed,
        kHalted, kPaused, kResumed, kCut, kHealed, kClogged, kReleased}) {
    may[static_cast<size_t>(probe)] = true;
  }
  return may;
}();

sim::Traffic TotalOf(const std::vector<sim::Traffic>& by_tag) {
  sim::Traffic total;
  for (const sim::Traffic& traffic : by_tag) {
    total.messages += traffic.messages;
    total.bytes += traffic.bytes;
  }
  return total;
}

sim::Traffic ProposalsOf(const std::vector<sim::Traffic>& by_tag) {
  const sim::Tag tag = TagOf(Kind::kProposalMessage);
  return tag < by_tag.size() ? by_tag[tag] : sim::Traffic{};
}

Counter RecoveriesBy(Kind kind) {
  if (kind == Kind::kTrunc) return Counter::kRecoveriesTrunc;
  return kind == Kind::kSnap ? Counter::kRecoveriesSnap : Counter::kRecoveriesDiff;
}

}  // namespace

void EnsembleMeter::OnRecord(const Sight& sight, const Record& record, Measured& measured,
                             const RowSink& rows) {
  const Probe probe = record.event.probe;
  if (probe == Probe::kProposed || probe == Probe::kCommitted) {
    return CountOutstanding(record, measured);
  }
  OnRecovery(sight, record, measured, rows);
  if (probe == Probe::kEstablished) OnEstablished(sight, record, measured, rows);
  if (kMayChangeLeader[static_cast<size_t>(probe)]) {
    SetAvailable(sight.cluster.HasLeader(), record.time, measured, rows);
  }
  OnElection(record);
}

void EnsembleMeter::CountOutstanding(const Record& record, Measured& measured) {
  uint64_t& outstanding = outstanding_[record.node.value];
  if (record.event.probe == Probe::kProposed) {
    measured.Add(Quantity::kOutstanding, ++outstanding);
    return;
  }
  measured.Count(Counter::kCommitted);
  if (outstanding > 0) --outstanding;
}

void EnsembleMeter::OnElection(const Record& record) {
  const size_t sid = record.node.value;
  if (record.event.probe == Probe::kVoteSent) {
    ++election_.notifications;
  } else if (record.event.probe == Probe::kLooking) {
    outstanding_[sid] = 0;
    looking_since_[sid] = record.time;
    if (available_ || election_.start) return;
    election_ = {.start = record.time, .why = record.event.reason};
  } else if (record.event.probe == Probe::kElected && record.event.kind == Kind::kLeading) {
    ++election_.rounds;
    elected_[sid] = record.time;
  }
}

void EnsembleMeter::OnEstablished(const Sight& sight, const Record& record, Measured& measured,
                                  const RowSink& rows) {
  const size_t sid = record.node.value;
  const zab::Time start = election_.start.value_or(looking_since_[sid]);
  measured.Count(Counter::kElections);
  measured.Add(Quantity::kElectionTime, start, record.time);
  if (rows) {
    rows(Table::kElections,
         {CellOf(start), CellOf(elected_[sid]), CellOf(record.time), absl::StrCat(election_.rounds),
          absl::StrCat(election_.notifications), sight.scenario.NameOf(record.node),
          absl::StrCat(record.event.epoch.value),
          election_.start ? std::string(Name(election_.why)) : ""});
  }
  election_ = {};
}

void EnsembleMeter::SetAvailable(bool available, zab::Time now, Measured& measured,
                                 const RowSink& rows) {
  if (available == available_) return;
  available_ = available;
  if (available) {
    election_ = {};
    if (!began_) measured[Counter::kStartupTime] = static_cast<uint64_t>(now.nanoseconds);
    began_ = true;
    if (unavailable_) EndOutage(now, true, measured, rows);
  } else {
    unavailable_ = now;
  }
}

void EnsembleMeter::EndOutage(zab::Time end, bool ended, Measured& measured, const RowSink& rows) {
  const zab::Time begin = *std::exchange(unavailable_, std::nullopt);
  if (end <= begin) return;
  measured.Add(Quantity::kEnsembleOutage, begin, end);
  measured.Count(Counter::kEnsembleUnavailable, static_cast<uint64_t>((end - begin).nanoseconds));
  if (!rows) return;
  rows(Table::kOutages, {"ensemble", CellOf(begin), CellOf(end), absl::StrCat(ended ? 1 : 0)});
}

void EnsembleMeter::OnRecovery(const Sight& sight, const Record& record, Measured& measured,
                               const RowSink& rows) {
  const Probe probe = record.event.probe;
  const NodeId peer{record.event.peer.value};
  if (probe == Probe::kSyncDecided) {
    measured.Count(RecoveriesBy(record.event.kind));
    const Pair pair{record.node, peer};
    const auto& by_tag = sight.world.network().traffic({record.node, peer});
    const Recovery begun{.kind = record.event.kind,
                         .start = record.time,
                         .sent = TotalOf(by_tag),
                         .proposals = ProposalsOf(by_tag)};
    const auto [entry, is_new] = recoveries_.insert({pair, begun});
    if (is_new) return;
    AddRow(sight, pair, entry->second, std::nullopt, measured, rows);  // It came to nothing.
    entry->second = begun;
  } else if (probe == Probe::kNewLeaderAcked) {
    const auto found = recoveries_.find({peer, record.node});
    if (found != recoveries_.end()) found->second.acked = record.time;
  } else if (probe == Probe::kUpToDate) {
    const auto found = recoveries_.find({record.node, peer});
    if (found == recoveries_.end()) return;
    AddRow(sight, found->first, found->second, record.time, measured, rows);
    recoveries_.erase(found);
  }
}

void EnsembleMeter::AddRow(const Sight& sight, const Pair& pair, const Recovery& recovery,
                           std::optional<zab::Time> uptodate, Measured& measured,
                           const RowSink& rows) {
  const auto& by_tag = sight.world.network().traffic({pair.first, pair.second});
  const sim::Traffic sent = TotalOf(by_tag);
  if (uptodate) {
    measured.Add(Quantity::kRecoveryTime, recovery.start, *uptodate);
    measured.Add(Quantity::kRecoveryBytes, sent.bytes - recovery.sent.bytes);
  }
  if (!rows) return;
  rows(Table::kRecoveries,
       {sight.scenario.NameOf(pair.first), sight.scenario.NameOf(pair.second),
        std::string(Name(recovery.kind)), CellOf(recovery.start), CellOf(recovery.acked),
        CellOf(uptodate), absl::StrCat(sent.messages - recovery.sent.messages),
        absl::StrCat(ProposalsOf(by_tag).messages - recovery.proposals.messages),
        absl::StrCat(sent.bytes - recovery.sent.bytes)});
}

void EnsembleMeter::Finish(const Sight& sight, zab::Time end, Measured& measured,
                           const RowSink& rows) {
  for (const auto& [pair, recovery] : recoveries_) {
    AddRow(sight, pair, recovery, std::nullopt, measured, rows);
  }
  if (unavailable_) EndOutage(end, false, measured, rows);
}

}  // namespace scenario
