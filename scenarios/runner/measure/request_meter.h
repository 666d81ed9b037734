// RequestMeter: what becomes of the requests of clients, and when a client is without answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "protocol/wire/operation.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/measure/metrics.h"
#include "scenarios/runner/measure/tables.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

/// A plain value, as large as what is under way.
class RequestMeter {
 public:
  explicit RequestMeter(const Scenario& scenario);

  /// `leader`: who leads, with the record taken in.
  void OnRecord(const Scenario& scenario, const Record& record, std::optional<zab::ServerId> leader,
                Measured& measured, const RowSink& rows);
  /// The run has ended at that time.
  void Finish(const Scenario& scenario, zab::Time end, Measured& measured, const RowSink& rows);

 private:
  /// Client id and cxid.
  using RequestKey = std::pair<int64_t, int64_t>;
  struct Request {
    NodeId client;
    uint64_t session = 0;
    zab::OpType type{};
    zab::ServerId server, leader;  // leader: who has proposed it; 0: nobody.
    zab::Zxid zxid;
    zab::Time submitted;
    std::optional<zab::Time> proposed, first_acked, quorum_acked, committed;
  };
  /// That of a request, until it is committed.
  struct Proposal {
    zab::Zxid zxid;
    RequestKey request;
    bool acked = false;
  };
  struct Served {
    uint64_t sessions = 0;
    std::optional<zab::Time> lost;    // It has no connection, with nothing under way, since then.
    std::optional<zab::Time> outage;  // It gets no answers since then.
    zab::Time end;                    // Its work ends there.
  };

  Served* ClientAt(const Scenario& scenario, NodeId node);
  void OnStage(const Record& record, Measured& measured);
  void OnClient(const Scenario& scenario, const Record& record, std::optional<zab::ServerId> leader,
                Measured& measured, const RowSink& rows);
  void OnInvoked(const Record& record, Served& client, std::optional<zab::ServerId> leader,
                 Measured& measured);
  void OnReturned(const Scenario& scenario, const Record& record, Served& client,
                  Measured& measured, const RowSink& rows);
  void CountWrite(const Record& record, const Request& request, Measured& measured);
  void OnProposed(const Record& record, Measured& measured);
  void EndOutage(const Scenario& scenario, NodeId node, Served& client, zab::Time end, bool ended,
                 Measured& measured, const RowSink& rows) const;
  /// `returned`: none if it is still under way.
  static void AddRow(const Scenario& scenario, const RequestKey& key, const Request& request,
                     const Record* returned, const RowSink& rows);

  std::vector<Served> clients_;  // By ClientIndex.
  absl::btree_map<RequestKey, Request> requests_;
  std::vector<Proposal> proposals_;                    // Few: searched from the oldest.
  std::optional<zab::Time> first_write_, last_write_;  // Acknowledged.
};

}  // namespace scenario
