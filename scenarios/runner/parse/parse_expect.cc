// The key `expect`: what must hold, and by when.
#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/measure/metrics.h"
#include "scenarios/runner/parse/parse_filter.h"
#include "scenarios/runner/parse/sections.h"

namespace scenario {
namespace {

// ---- Outcomes -----------------------------------------------------------------------------------

// An error, by ZooKeeper's name.
struct ErrorCodec {
  void Read(ReadContext& in, const Place& at, zab::Error& out) const {
    constexpr int kLowest = -200;
    std::vector<std::string> all;
    for (int code = -1; code >= kLowest; --code) {
      const std::string name = Name(static_cast<zab::Error>(code));
      if (name == absl::StrCat("error ", code)) continue;
      if (at.value.Is(Value::Type::kString) && at.value.text == name) {
        out = static_cast<zab::Error>(code);
        return;
      }
      all.push_back(name);
    }
    Wrong(in, at, WantedOneOf(all), DidYouMean(at.value.text, all));
  }
  Value Write(const Scenario&, zab::Error error) const { return Value::String(Name(error)); }
};

const ListOf<> kServers{{}, /*may_be_empty=*/false};

}  // namespace

template <class V, Is<LeaderAfter> S>
void Fields(V& v, S& outcome) {
  v.Required("leader_after", outcome.event);
  v.Required("in", outcome.servers, kServers);
}

template <class V, Is<TxnOutcome> S>
void Fields(V& v, S& outcome) {
  v.Required("txn", outcome.txn, ValueOrVariable{});
  v.Required("is", outcome.delivered, Words<bool>{{{true, "delivered"}, {false, "absent"}}});
  v.Required("on", outcome.on, kServers);
}

template <class V, Is<OperationOutcome> S>
void Fields(V& v, S& outcome) {
  using enum Kind;
  v.Required("op", outcome.op);
  v.Required("is", outcome.is,
             Words<Kind>{{{kOk, "ok"}, {kError, "failed"}, {kIndeterminate, "indeterminate"}}});
  if (v.GivesUp()) return;
  if (outcome.is == kOk) v("value", outcome.value);
  if (outcome.is == kError) v("err", outcome.err, ErrorCodec{});
}

template <class V, Is<RecoveredBy> S>
void Fields(V& v, S& outcome) {
  v.Required("node", outcome.node);
  v.Required("recovered_by", outcome.ways,
             ListOf<Words<Kind>>{KindWords({Kind::kDiff, Kind::kTrunc, Kind::kSnap}),
                                 /*may_be_empty=*/false});
}

namespace {

// The kind of an outcome follows from the first of its keys.
struct OutcomeCodec {
  void Read(ReadContext& in, const Place& at, Outcome& out) const {
    if (at.value.Find("leader_after") != nullptr) {
      Object().Read(in, at, out.emplace<LeaderAfter>());
    } else if (at.value.Find("txn") != nullptr) {
      Object().Read(in, at, out.emplace<TxnOutcome>());
    } else if (at.value.Find("op") != nullptr) {
      Object().Read(in, at, out.emplace<OperationOutcome>());
    } else if (at.value.Find("node") != nullptr) {
      Object().Read(in, at, out.emplace<RecoveredBy>());
    } else {
      Wrong(in, at, "wanted an object with one of the keys leader_after, txn, op, node");
    }
  }
  Value Write(const Scenario& s, const Outcome& value) const {
    return std::visit([&](const auto& outcome) { return Object().Write(s, outcome); }, value);
  }
};

// ---- Deadlines ----------------------------------------------------------------------------------

// "quiet", or an event.
struct FromCodec {
  static constexpr bool kKnowsNone = true;
  void Read(ReadContext& in, const Place& at, std::optional<EventIndex>& out) const {
    if (at.value.Is(Value::Type::kString) && at.value.text == "quiet") {
      out.reset();
    } else {
      ReadValue(in, at, out.emplace());
    }
  }
  Value Write(const Scenario& s, const std::optional<EventIndex>& value) const {
    return value.has_value() ? WriteValue(s, *value) : Value::String("quiet");
  }
};

// A state, or a filter.
struct UntilCodec {
  void Read(ReadContext& in, const Place& at, std::variant<State, ProbeFilter>& out) const {
    if (at.value.Is(Value::Type::kObject)) {
      ReadValue(in, at, out.emplace<ProbeFilter>());
    } else {
      StateWords().Read(in, at, out.emplace<State>());
    }
  }
  Value Write(const Scenario& s, const std::variant<State, ProbeFilter>& value) const {
    if (const auto* filter = std::get_if<ProbeFilter>(&value)) return WriteValue(s, *filter);
    return StateWords().Write(s, std::get<State>(value));
  }

 private:
  static Words<State> StateWords() {
    return {{{State::kHasLeader, "has_leader"},
             {State::kWriteOk, "write_ok"},
             {State::kAllEqual, "all_equal"}}};
  }
};

// The problem with a deadline that starts at quiet; empty if there is none.
std::string ProblemOf(const Deadline& deadline, const Scenario& s) {
  if (!s.end.quiet.has_value())
    return "wanted a key \"quiet\" in `end`, where this starts; found none";
  const zab::Duration bound = RecoveryBound(s.timing);
  if (!s.nemesis.empty() && deadline.within < bound) {
    return absl::StrCat("wanted at least ", FormatDuration(bound), ", found ",
                        FormatDuration(deadline.within),
                        ": after random faults an unanswered connect, ZooKeeper's back-off "
                        "and one wasted init_limit may take 5s + notification_max + 3 * "
                        "(init_limit + sync_limit) * tick_time");
  }
  const bool known = s.end.at > zab::Time{};  // Otherwise `end` itself has a problem.
  if (known && s.end.quiet->at + deadline.within > s.end.at) {
    return absl::StrCat("wanted a deadline before the end of the run at ",
                        FormatDuration(s.end.at - zab::Time{}), ", found ",
                        FormatDuration(s.end.quiet->at + deadline.within - zab::Time{}),
                        ": set a shorter `within` or a later end.virtual");
  }
  return "";
}

}  // namespace

template <class V, Is<Deadline> S>
void Fields(V& v, S& deadline) {
  v("name", deadline.name);
  v("from", deadline.from, FromCodec{});
  v.Required("until", deadline.until, UntilCodec{});
  // The default depends on `timing`, which `run.vary` may change, so it is not written out.
  std::optional<zab::Duration> within;
  if constexpr (V::kReads) {
    v("within", within);
    deadline.within = within.value_or(RecoveryBound(v.in.scenario.timing));
    if (v.GivesUp() || deadline.from.has_value()) return;
    const std::string wrong = ProblemOf(deadline, v.in.scenario);
    if (!wrong.empty()) v.Fail("within", wrong);
  } else {
    if (deadline.within != RecoveryBound(v.scenario.timing)) within = deadline.within;
    v("within", within);
  }
}

// ---- Reachability and metrics -------------------------------------------------------------------

namespace {

// {"event": id}, or a filter; with `share` where `shares` says so.
struct ReachabilityCodec {
  bool shares;

  void Read(ReadContext& in, const Place& at, Reachability& out) const {
    if (!HasType(in, at, Value::Type::kObject, "wanted {\"on\": probe, ...} or {\"event\": id}")) {
      return;
    }
    ObjectIn visitor(in, at);
    HappeningKeys(visitor, out.what);
    if (shares) visitor("share", out.share, RatioCodec{});
    visitor.Done();
  }
  Value Write(const Scenario& s, const Reachability& value) const {
    ObjectOut visitor(s);
    HappeningKeys(visitor, value.what);
    visitor("share", value.share, RatioCodec{});
    return std::move(visitor.object);
  }
};

struct MetricKey {
  bool ReadKey(ReadContext& in, const Place& at, std::string& out) const {
    out = at.value.key;
    NameList names;
    for (const MetricInfo& metric : AllMetrics()) names.Add(metric.name);
    return Lookup(in, at, out, names, "a metric (scenarios/MEASURING.md lists them)").has_value();
  }
  std::string WriteKey(const Scenario&, const std::string& name) const { return name; }
};

}  // namespace

template <class V, Is<MetricBounds> S>
void Fields(V& v, S& bounds) {
  v("at_least", bounds.at_least, Integer{0});
  v("at_most", bounds.at_most, Integer{0});
  if (!bounds.at_least.has_value() && !bounds.at_most.has_value()) {
    v.Fail("", "wanted at_least, at_most or both, found none");
  }
  if (bounds.at_most.value_or(kLargestInteger) < bounds.at_least.value_or(0)) {
    v.Fail("at_most", "wanted at least `at_least`, found less");
  }
}

template <class V, Is<Expect> S>
void Fields(V& v, S& expect) {
  v("verdict", expect.verdict,
    Words<Verdict>{{{Verdict::kPass, "pass"}, {Verdict::kViolation, "violation"}}});
  v("violates", expect.violates, ListOf<InvariantName>{});
  if constexpr (V::kReads) {
    const bool must = expect.verdict == Verdict::kViolation;
    if (must && expect.violates.empty()) {
      v.Fail("verdict", "wanted the names of what is violated in `violates`, found none");
    }
    if ((must || !expect.violates.empty()) && !v.in.scenario.UsesDatagrams()) {
      v.Fail(expect.violates.empty() ? "verdict" : "violates",
             "a violation is expected only with transport \"datagram\"; what a known bug violates "
             "stands in `known_bug`; wanted verdict \"pass\" and no `violates`");
    }
  }
  v("outcome", expect.outcome, ListOf<OutcomeCodec>{});
  v("deadlines", expect.deadlines, ListOf<Object>{});
  v("sometimes", expect.sometimes, ListOf<ReachabilityCodec>{{/*shares=*/true}});
  v("never", expect.never, ListOf<ReachabilityCodec>{{/*shares=*/false}});
  v("metrics", expect.metrics, MapOf<MetricKey, Object>{});
  if constexpr (V::kReads) {
    for (size_t i = 0; i < expect.deadlines.size(); ++i) {
      std::string& name = expect.deadlines[i].name;
      if (name.empty()) name = absl::StrCat("deadline ", i + 1);
    }
  }
}

void ReadValue(ReadContext& in, const Place& at, Expect& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const Expect& value) {
  return Object().Write(s, value);
}

}  // namespace scenario
