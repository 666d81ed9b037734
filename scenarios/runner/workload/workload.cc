// Each operation takes two draws, one for its type and one for the key, in separate streams.
#include "scenarios/runner/workload/workload.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/base/check.h"

namespace scenario {
namespace {

constexpr char kKeysRoot[] = "/k";
constexpr char kProbePath[] = "/probe-";
constexpr zab::Stream kOperationStream("workload/operation");
constexpr zab::Stream kKeyStream("workload/key");

/// The entry of a mix that `draw` selects; `draw` is below the sum of the weights.
const MixEntry& EntryAt(const std::vector<MixEntry>& mix, uint64_t draw) {
  for (const MixEntry& entry : mix) {
    if (draw < entry.weight) return entry;
    draw -= entry.weight;
  }
  ZAB_CHECK(false) << "a draw above the weights of the mix";
  return mix.front();
}

uint64_t WeightOf(const std::vector<MixEntry>& mix) {
  uint64_t sum = 0;
  for (const MixEntry& entry : mix) sum += entry.weight;
  return sum;
}

}  // namespace

std::string KeyPath(uint64_t key) {
  return absl::StrCat(kKeysRoot, "/", key);
}

// ---- Script -------------------------------------------------------------------------------------

Turn ScriptWork::Next(zab::Time now, zab::Chooser& /*chooser*/) {
  if (next_ == steps_.size()) return {};
  if (now < steps_[next_].at) return {.at = steps_[next_].at};
  return {.job = steps_[next_++].job};
}

// ---- Closed -------------------------------------------------------------------------------------

ClosedWork::ClosedWork(const Closed& block, std::string client, zab::Entity entity,
                       bool creates_keys)
    : block_(block),
      client_(std::move(client)),
      entity_(entity),
      setup_left_(creates_keys ? block.keys + 1 : 0) {}

Turn ClosedWork::Next(zab::Time now, zab::Chooser& chooser) {
  if (busy_ || IsOver(now)) return {};
  if (now < ready_at_) return {.at = ready_at_};
  busy_ = true;
  if (next_) return {.job = std::exchange(next_, std::nullopt)};
  return {.job = setup_left_ > 0 ? SetupJob() : DrawnJob(chooser)};
}

void ClosedWork::OnReturned(const Job& job, Kind kind, const zab::Result& result, zab::Time now) {
  busy_ = false;
  if (job.setup) {
    // It exists, even if another client created it.  Without an answer it may not exist.
    if (kind == Kind::kOk || result.error == zab::Error::kNodeExists) --setup_left_;
    return;
  }
  if (job.then && kind == Kind::kOk) {
    next_ = FollowUp(*job.then, job.operation.path, result);
    return;
  }
  ready_at_ = now + block_.think;
}

Job ClosedWork::SetupJob() const {
  const uint64_t done = block_.keys + 1 - setup_left_;
  return {.operation = {.type = zab::OpType::kCreate,
                        .path = done == 0 ? kKeysRoot : KeyPath(done - 1),
                        .data = std::string()},
          .setup = true};
}

Job ClosedWork::DrawnJob(zab::Chooser& chooser) {
  const uint64_t draw = chooser.Below(kOperationStream, entity_, WeightOf(block_.mix));
  const MixEntry& entry = EntryAt(block_.mix, draw);
  const uint64_t key = chooser.Below(kKeyStream, entity_, block_.keys);
  Job job{.operation = {.type = entry.type, .path = KeyPath(key)}, .then = entry.then};
  if (entry.type == zab::OpType::kGetChildren) job.operation.path = kKeysRoot;  // Keys have none.
  if (entry.type == zab::OpType::kCreate || entry.type == zab::OpType::kSetData) {
    DrawValue(job.operation);
  }
  return job;
}

// A change after a read is of the version that the read saw, so that it fails if another client was
// faster.
Job ClosedWork::FollowUp(zab::OpType type, const std::string& path, const zab::Result& result) {
  Job job{.operation = {.type = type, .path = path}};
  if (type == zab::OpType::kSetData) DrawValue(job.operation);
  if (type != zab::OpType::kGetData && result.stat) job.operation.version = result.stat->version;
  return job;
}

// Values are unique and name their client, so that a lost write can be identified.
void ClosedWork::DrawValue(zab::Operation& operation) {
  operation.data = absl::StrCat(client_, "#", ++written_);
  operation.data->resize(block_.value_size, '.');
}

// ---- Liveness -----------------------------------------------------------------------------------

Turn LivenessWork::Next(zab::Time now, zab::Chooser& /*chooser*/) {
  if (busy_ || done_) return {};
  if (now < ready_at_) return {.at = ready_at_};
  busy_ = true;
  return {.job = Job{.operation = {.type = zab::OpType::kCreate,
                                   .path = kProbePath,
                                   .data = std::string(),
                                   .sequential = true}}};
}

void LivenessWork::OnReturned(const Job& /*job*/, Kind kind, const zab::Result& /*result*/,
                              zab::Time now) {
  busy_ = false;
  done_ = kind == Kind::kOk;
  ready_at_ = now + kLivenessPause;
}

}  // namespace scenario
