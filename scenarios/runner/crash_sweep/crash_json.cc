// Integers are below 2^53; seeds and hashes are text.
#include "scenarios/runner/crash_sweep/crash_json.h"

#include "absl/strings/str_cat.h"
#include "scenarios/runner/json/value.h"

namespace scenario {
namespace {

Value Number(uint64_t value) {
  return Value::Integer(static_cast<int64_t>(value));
}

Value ToValue(const SweepRow& row) {
  Value object = Value::Object();
  object.Add("points", Number(row.points));
  object.Add("runs", Number(row.runs));
  for (int i = 0; i < kRunVerdictCount; ++i) {
    const uint64_t count = row.verdicts[static_cast<size_t>(i)];
    if (count > 0) object.Add(Name(static_cast<RunVerdict>(i)), Number(count));
  }
  return object;
}

Value ToValue(const CrashRun& run) {
  Value orders = Value::Array();
  for (const CrashOrder& order : run.orders) {
    Value object = Value::Object();
    object.Add("point", Number(order.number));
    object.Add("kind", Value::String(Name(order.crash)));
    orders.children.push_back(std::move(object));
  }
  return orders;
}

}  // namespace

std::string ToJson(const SweepSummary& summary, const CleanRun& clean,
                   const std::optional<CrashRun>& worst, const Scenario& scenario,
                   absl::string_view digest, uint64_t seed) {
  Value out = Value::Object();
  out.Add("scenario", Value::String(scenario.id));
  out.Add("digest", Value::String(digest));
  out.Add("seed", Value::String(absl::StrCat(seed)));
  out.Add("verdict", Value::String(Name(summary.verdict)));
  out.Add("interrupted", Value::Boolean(summary.interrupted));
  out.Add("clean_events", Number(clean.events));
  out.Add("clean_trace_hash", Value::String(zab::ToString(clean.trace_hash)));
  out.Add("points", Number(clean.points.size() - summary.heartbeats));
  out.Add("heartbeats", Number(summary.heartbeats));
  Value kinds = Value::Object();
  for (int i = 0; i < kPointKindCount; ++i) {
    kinds.Add(Name(static_cast<PointKind>(i)), ToValue(summary.rows[static_cast<size_t>(i)]));
  }
  out.Add("kinds", std::move(kinds));
  out.Add("pairs", ToValue(summary.pairs));
  if (worst) out.Add("worst", ToValue(*worst));
  out.Add("events", Number(summary.events));
  out.Add("hash", Value::String(zab::ToString(summary.hash)));
  return CompactJson(out);
}

}  // namespace scenario
