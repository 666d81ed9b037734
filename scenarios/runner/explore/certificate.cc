// Certificates, as JSON and as text.
#include "scenarios/runner/explore/certificate.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/parse/canonical.h"

namespace scenario::explore {
namespace {

using Pairs = std::vector<std::pair<absl::string_view, absl::string_view>>;

/// When timers fire in a world in which time stands still.
Pairs TimersOf(const Scope& explore) {
  const bool fine = explore.grain.election == Grain::kFine;
  return {
      {"notification",
       "at once if a server can be reached and is not; otherwise when nothing else can happen"},
      {"finalize", fine ? "at any time" : "when no notification is under way"},
      {"handshake", "never"},
      {"connect_retry", "as soon as the leader listens"},
      {"connect_limit", "when nothing else can happen"},
      {"phase_limit", "when nothing else can happen"},
      {"read", "never: a connection that breaks stands for it"},
      {"tick", "when a leader has no connection to a quorum, until it gives up"},
      {"flush", "never: the flush delay counts as 0"},
  };
}

std::vector<std::string> NotCovered(const Scope& explore) {
  std::vector<std::string> all = {
      "time: which timers fire, and when, is what the table says",
      "other budgets, more servers, other settings than those of the file",
      "what a process does between two inputs: hand-overs and handshakes of connections happen at "
      "once",
      "writes through followers: each is sent to a leader, by a client of its own",
      "a power loss that keeps part of what was not synced",
      "connections of elections: they break only with a crash or a cut",
  };
  if (explore.grain.election != Grain::kFine) {
    all.emplace_back("orders of election messages: notifications are delivered in one order");
  }
  if (explore.grain.disk != Grain::kFine) {
    all.emplace_back(
        "inputs between two operations of a disk of which nothing comes: they arrive before both");
  }
  if (explore.grain.recovery != Grain::kFine) {
    all.emplace_back("inputs and crashes while a server reads its disk: it reads at once");
  }
  return all;
}

/// The chance that two of so many states had the same fingerprint is at most so: N^2 / 2^65.
std::string CollisionBound(uint64_t states) {
  int exponent = 0;
  while (states >> exponent > 1) ++exponent;
  return absl::StrCat("below 2^", 2 * (exponent + 1) - 65);
}

absl::string_view Name(Ended ended) {
  switch (ended) {
    case Ended::kComplete: return "complete";
    case Ended::kViolation: return "violation";
    case Ended::kInterrupted: return "interrupted";
    case Ended::kBound: return "bound on states";
  }
  return "";
}

template <class List>
Value ListOfStrings(const List& list) {
  Value out = Value::Array();
  for (const auto& item : list) out.children.push_back(Value::String(item));
  return out;
}

Value Number(uint64_t number) {
  return Value::Integer(static_cast<int64_t>(number));
}

Value CounterexampleOf(const Counterexample& found) {
  Value out = Value::Object();
  out.Add("violates", Value::String(found.broken.invariant));
  out.Add("facts", Value::String(found.broken.facts.en));
  out.Add("path", ListOfStrings(found.steps));
  return out;
}

std::string Claim(const Findings& findings) {
  const Explored& explored = findings.explored;
  if (explored.counterexample) {
    return absl::StrCat("In this scope, at this grain, a path of ",
                        explored.counterexample->steps.size(), " choices violates ",
                        explored.counterexample->broken.invariant, "; no shorter one does.");
  }
  if (explored.ended != Ended::kComplete) {
    return absl::StrCat("Incomplete (", Name(explored.ended), "): ", explored.reached.queued,
                        " states were not gone on from.  Of those that were, none violates any of "
                        "the invariants.");
  }
  if (explored.pruned > 0) {
    return absl::StrCat("No certificate: ", explored.pruned,
                        " transitions lead beyond the bounds and were not followed.");
  }
  if (findings.audit.differences > 0) {
    return absl::StrCat("No certificate: the audit differs: ", findings.audit.first);
  }
  return "In this scope, at this grain, every state was visited, and none violates any of the "
         "invariants.";
}

}  // namespace

bool IsCertificate(const Findings& findings) {
  return findings.explored.IsCertificate() && findings.audit.differences == 0;
}

Value ToValue(const Findings& findings) {
  const auto& [scenario, explored, sizes, audit, build] = findings;
  Value out = Value::Object();
  out.Add("format", Value::String("zabsim/certificate/1"));
  out.Add("certificate", Value::Boolean(IsCertificate(findings)));
  out.Add("claim", Value::String(Claim(findings)));
  out.Add("scenario", Value::String(scenario.id));
  out.Add("digest", Value::String(DigestOf(scenario)));
  out.Add("servers", Number(scenario.ServerCount()));
  out.Add("scope", *ToValue(scenario).Find("explore"));
  Value timers = Value::Object();
  for (const auto& [name, when] : TimersOf(*scenario.explore))
    timers.Add(name, Value::String(when));
  out.Add("timers", std::move(timers));
  out.Add("ended", Value::String(Name(explored.ended)));
  out.Add("states", Number(explored.reached.states));
  out.Add("transitions", Number(explored.reached.transitions));
  out.Add("depth", Number(explored.reached.depth));
  out.Add("queued", Number(explored.reached.queued));
  out.Add("pruned", Number(explored.pruned));
  out.Add("terminal", Number(explored.terminal));
  out.Add("quiescent", Number(explored.quiescent));
  Value choices = Value::Object();
  for (int kind = 0; kind < kChoiceKindCount; ++kind) {
    choices.Add(Name(static_cast<ChoiceKind>(kind)),
                Number(explored.by_kind[static_cast<size_t>(kind)]));
  }
  out.Add("choices", std::move(choices));
  out.Add("set_hash", Value::String(absl::StrFormat("%016x", explored.set_hash)));
  out.Add("collision", Value::String(CollisionBound(explored.reached.states)));
  out.Add("server_states", Number(sizes.servers));
  out.Add("pasts", Number(sizes.witnesses));
  Value audited = Value::Object();
  audited.Add("pairs", Number(audit.pairs));
  audited.Add("differences", Number(audit.differences));
  out.Add("audit", std::move(audited));
  out.Add("invariants", ListOfStrings(JudgedBy(scenario)));
  out.Add("only_for_runs", ListOfStrings(OnlyForRuns(scenario)));
  out.Add("not_covered", ListOfStrings(NotCovered(*scenario.explore)));
  if (explored.counterexample) {
    out.Add("counterexample", CounterexampleOf(*explored.counterexample));
  }
  out.Add("build", Value::String(build));
  return out;
}

std::string ToText(const Findings& findings) {
  const auto& [scenario, explored, sizes, audit, build] = findings;
  std::string out = absl::StrCat(Claim(findings), "\n\n");
  const auto line = [&out](absl::string_view name, const auto&... values) {
    absl::StrAppend(&out, absl::StrFormat("%-14s", name), values..., "\n");
  };
  if (const auto& found = explored.counterexample) {
    absl::StrAppend(&out, found->broken.facts.en, "\n");
    for (size_t i = 0; i < found->steps.size(); ++i) {
      absl::StrAppend(&out, absl::StrFormat("%4d  ", i + 1), found->steps[i], "\n");
    }
    out += "\n";
  }
  line("scenario", scenario.id, ", ", scenario.ServerCount(), " servers, digest ",
       DigestOf(scenario));
  line("scope", CompactJson(*ToValue(scenario).Find("explore")));
  line("states", explored.reached.states, ", depth ", explored.reached.depth);
  line("transitions", explored.reached.transitions, ", pruned ", explored.pruned);
  line("quiescent", explored.quiescent, ", of them terminal ", explored.terminal);
  line("set hash", absl::StrFormat("%016x", explored.set_hash),
       ", two states with one hash: ", CollisionBound(explored.reached.states));
  line("kept once", sizes.servers, " server states, ", sizes.witnesses, " pasts");
  line("audit", audit.pairs, " pairs, ", audit.differences, " differences");
  line("invariants", absl::StrJoin(JudgedBy(scenario), " "), " ", kConvergence);
  line("only of runs", absl::StrJoin(OnlyForRuns(scenario), " "));
  line("build", build);
  out += "\nTimers:\n";
  for (const auto& [name, when] : TimersOf(*scenario.explore)) {
    absl::StrAppend(&out, absl::StrFormat("  %-14s", name), when, "\n");
  }
  out += "\nNot covered:\n";
  for (const std::string& what : NotCovered(*scenario.explore)) {
    absl::StrAppend(&out, "  ", what, "\n");
  }
  return out;
}

}  // namespace scenario::explore
