// What a client does next: the operations of a script, the loop of a closed block, or the liveness
// write of the quiet phase.  Plain values that know nothing of connections; client_process.h drives
// them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "protocol/wire/operation.h"
#include "scenarios/runner/language/scenario.h"
#include "scenarios/runner/record/record.h"

namespace scenario {

/// A request to be sent.
struct Job {
  zab::Operation operation;
  std::optional<OperationIndex> script;  // Its position in Scenario::operations.
  std::optional<zab::OpType> then;       // Follows its success, on the same path.
  bool setup = false;                    // Whether it creates a key of a closed block.
};

/// What a client should do now: send `job`; or ask again at `at`; or, if neither is set, wait until
/// a request returns.
struct Turn {
  std::optional<Job> job;
  std::optional<zab::Time> at;
};

/// The operations of one client of a script block, each sent at its time, even while earlier ones
/// are in flight.
class ScriptWork {
 public:
  struct Step {
    zab::Time at;
    Job job;
  };
  /// `steps` must be ordered by time.
  explicit ScriptWork(std::vector<Step> steps, zab::Time begin = {})
      : begin_(begin), steps_(std::move(steps)) {}

  zab::Time Begin() const { return begin_; }
  bool IsOver(zab::Time /*now*/) const { return next_ == steps_.size(); }
  Turn Next(zab::Time now, zab::Chooser& chooser);
  void OnReturned(const Job& /*job*/, Kind /*kind*/, const zab::Result& /*result*/,
                  zab::Time /*now*/) {}
  void Stop() {}  // Scripts also run after quiet.

 private:
  zab::Time begin_;
  std::vector<Step> steps_;
  size_t next_ = 0;
};

/// One client of a closed block: draws an operation, awaits the answer, thinks, and repeats.
class ClosedWork {
 public:
  /// `client` is its name in the values it writes; `entity` identifies it in draws.  The first
  /// client of a block has `creates_keys` set and creates the keys.
  ClosedWork(const Closed& block, std::string client, zab::Entity entity, bool creates_keys);

  zab::Time Begin() const { return block_.from; }
  bool IsOver(zab::Time now) const { return stopped_ || (block_.until && now >= *block_.until); }
  Turn Next(zab::Time now, zab::Chooser& chooser);
  void OnReturned(const Job& job, Kind kind, const zab::Result& result, zab::Time now);
  void Stop() { stopped_ = true; }

 private:
  Job SetupJob() const;
  Job DrawnJob(zab::Chooser& chooser);
  Job FollowUp(zab::OpType type, const std::string& path, const zab::Result& result);
  void DrawValue(zab::Operation& operation);

  Closed block_;
  std::string client_;
  zab::Entity entity_;
  uint64_t setup_left_ = 0;  // Nodes to create before the loop begins: /k and the keys.
  uint64_t written_ = 0;     // Numbers the values.
  bool busy_ = false;        // A request is under way.
  bool stopped_ = false;
  zab::Time ready_at_;       // The end of its thinking time.
  std::optional<Job> next_;  // The second of two operations.
};

/// The liveness write of the quiet phase: writes until one write succeeds; each attempt is a new
/// request.
class LivenessWork {
 public:
  explicit LivenessWork(zab::Time begin) : begin_(begin) {}

  zab::Time Begin() const { return begin_; }
  bool IsOver(zab::Time /*now*/) const { return done_; }
  Turn Next(zab::Time now, zab::Chooser& chooser);
  void OnReturned(const Job& job, Kind kind, const zab::Result& result, zab::Time now);
  void Stop() {}
  /// Writes again until another write succeeds.
  void Again() { done_ = false; }

 private:
  zab::Time begin_;
  zab::Time ready_at_;
  bool busy_ = false;
  bool done_ = false;
};

using Work = std::variant<ScriptWork, ClosedWork, LivenessWork>;

/// The pause after a failed liveness write.
constexpr zab::Duration kLivenessPause = zab::Milliseconds(100);

/// The path of a key of closed blocks, such as "/k/3".
std::string KeyPath(uint64_t key);

}  // namespace scenario
