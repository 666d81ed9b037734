// Turns the answers of processes, and the ways in which they ended, into findings.
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/parse/canonical.h"
#include "tools/zabsim/campaign/campaign.h"
#include "tools/zabsim/cli/command.h"

namespace zabsim {
namespace {

constexpr zab::Stream kAuditStream("fuzz/audit");

std::string FirstLineOf(const std::string& text) {
  return std::string(absl::StripAsciiWhitespace(text.substr(0, text.find('\n'))));
}

}  // namespace

scenario::PlannedRun Campaign::Planned(uint64_t index) const {
  return scenario::PlanRun(plan_.root_seed, index, weights_, plan_.mix);
}

Failure Campaign::FailureOf(const scenario::PlannedRun& run) const {
  return {.run = run.index,
          .file = plan_.files[run.file].path,
          .strategy = std::string(Name(run.strategy)),
          .seed = run.seed};
}

std::string Campaign::SignatureOfEnd(const End& end) {
  if (end.kind == End::Kind::kHung) return "hangs";
  if (end.kind == End::Kind::kHeldUp) return "held up: no answer, and little processor time used";
  if (end.kind == End::Kind::kKilled) return absl::StrCat("killed from outside: ", end.how);
  const std::string line = FirstLineOf(end.errors);
  return absl::StrCat("ends the process: ", end.how, line.empty() ? "" : ": ", line);
}

std::string Campaign::FirstOfEnd(const End& end) {
  switch (end.kind) {
    case End::Kind::kHung: return "no end";
    case End::Kind::kHeldUp:
      return "unknown: it did not get on, perhaps nothing on this machine did";
    case End::Kind::kKilled: return absl::StrCat("unknown: ended by ", end.how);
    case End::Kind::kEnded: break;
  }
  return absl::StrCat(end.how, ": ", FirstLineOf(end.errors));
}

absl::Status Campaign::OnLine(const Job& job, const std::string& line) {
  if (const auto* shrink = std::get_if<ShrinkJob>(&job)) {
    const absl::StatusOr<SmallCase> small = ParseSmallCase(line);
    return small.ok() ? OnShrunk(shrink->signature, *small) : small.status();
  }
  const absl::StatusOr<RunReport> report = ParseReport(line);
  if (!report.ok()) return report.status();
  if (const auto* run = std::get_if<RunJob>(&job)) return OnRun(run->n, *report);
  if (const auto* audit = std::get_if<AuditJob>(&job)) return OnAudit(*audit, *report);
  if (const auto* confirm = std::get_if<ConfirmJob>(&job)) {
    return OnConfirmed(*confirm, report->explored.signature);
  }
  if (const auto* small = std::get_if<ConfirmSmallJob>(&job)) {
    return OnConfirmedSmall(*small, report->explored.signature);
  }
  const auto& corpus = std::get<CorpusJob>(job);
  if (report->explored.signature.empty()) return absl::OkStatus();
  return Found({.run = corpus.position,
                .file = options_.corpus[corpus.position].path,
                .strategy = kCorpusStrategy,
                .code = ExitCodeOf(report->explored.verdict),
                .signature = report->explored.signature,
                .first = report->explored.first},
               false);
}

absl::Status Campaign::OnEnd(const Job& job, const End& end) {
  if (const auto* confirm = std::get_if<ConfirmJob>(&job)) {
    const bool says_nothing = end.IsFromOutside() && SignatureOfEnd(end) != confirm->signature;
    return says_nothing ? absl::OkStatus() : OnConfirmed(*confirm, SignatureOfEnd(end));
  }
  if (const auto* shrink = std::get_if<ShrinkJob>(&job)) {
    return OnShrunk(shrink->signature, {.trouble = SignatureOfEnd(end)});
  }
  if (const auto* small = std::get_if<ConfirmSmallJob>(&job)) {
    return OnConfirmedSmall(*small, SignatureOfEnd(end));
  }
  Failure failure;
  if (const auto* corpus = std::get_if<CorpusJob>(&job)) {
    failure = {.run = corpus->position,
               .file = options_.corpus[corpus->position].path,
               .strategy = kCorpusStrategy};
  } else if (const auto* run = std::get_if<RunJob>(&job)) {
    const scenario::PlannedRun planned = Planned(plan_.RunAt(run->n));
    progress_.AddEnded(run->n, planned);
    ++runs_this_session_;
    failure = FailureOf(planned);
  } else {
    failure = FailureOf(Planned(std::get<AuditJob>(job).run));
  }
  failure.code = end.IsFromOutside() ? ExitCodeOf(scenario::RunVerdict::kUnknown) : kExitOwnBug;
  failure.signature = SignatureOfEnd(end);
  failure.first = FirstOfEnd(end);
  return Found(failure, true);
}

absl::Status Campaign::OnRun(uint64_t n, const RunReport& report) {
  progress_.Add(n, Planned(plan_.RunAt(n)), report);
  ++runs_this_session_;
  cpu_this_session_ += report.cpu_nanoseconds;
  absl::Status status = Judge(Planned(plan_.RunAt(n)), report);
  if (status.ok() && listener_.on_run) listener_.on_run(report);
  return status;
}

absl::Status Campaign::Judge(const scenario::PlannedRun& run, const RunReport& report) {
  const scenario::Explored& explored = report.explored;
  zab::Chooser chooser(plan_.root_seed);
  const bool failed = explored.verdict != scenario::RunVerdict::kHeld;
  if (failed || chooser.Chance(kAuditStream, {run.index}, options_.audited)) {
    urgent_.push_back(AuditJob{run.index, explored.trace_hash});
  }
  if (!failed) return absl::OkStatus();
  Failure failure = FailureOf(run);
  failure.code = ExitCodeOf(explored.verdict);
  failure.signature = explored.signature;
  failure.first = explored.first;
  return Found(failure, false);
}

absl::Status Campaign::OnAudit(const AuditJob& job, const RunReport& report) {
  if (report.explored.trace_hash == job.hash) {
    progress_.CountAudit();
    return absl::OkStatus();
  }
  Failure failure = FailureOf(Planned(job.run));
  failure.code = ExitCodeOf(scenario::RunVerdict::kNotDeterministic);
  failure.signature = kDiffersSignature;
  failure.first = absl::StrCat("trace hash ", ToString(job.hash), ", in a fresh process ",
                               ToString(report.explored.trace_hash));
  return Found(failure, true);
}

absl::Status Campaign::Found(const Failure& failure, bool ends_process) {
  const absl::StatusOr<bool> is_new = findings_.Add(failure, ends_process);
  if (!is_new.ok()) return is_new.status();
  if (!*is_new) return absl::OkStatus();
  const Finding& finding = findings_.all().at(failure.signature);
  if (absl::Status status = Keep(finding); !status.ok()) return status;
  listener_.on_finding(finding);
  return absl::OkStatus();
}

// The files of a finding whose line is on disk; the campaign may have been killed before they were.
absl::Status Campaign::Keep(const Finding& finding) {
  const Failure& failure = finding.failure;
  if (absl::Status status = findings_.Save(failure.signature); !status.ok()) return status;
  const absl::StatusOr<std::string> text = TextOf(failure);
  if (!text.ok()) return text.status();
  const std::string path = findings_.WholeFile(failure.signature);
  if (absl::Status status = ReplaceFile(path, *text); !status.ok()) return status;
  if (!finding.IsComparison()) urgent_.push_back(ConfirmJob{.signature = failure.signature});
  return absl::OkStatus();
}

// The whole run as a scenario file.
absl::StatusOr<std::string> Campaign::TextOf(const Failure& failure) const {
  if (failure.strategy == kCorpusStrategy) return ReadWholeFile(failure.file);
  const scenario::PlannedRun run = Planned(failure.run);
  const auto derived = scenario::DeriveScenario(documents_[run.file], run.strategy, run.seed);
  if (!derived.ok()) return derived.status();
  return scenario::ToFileText(*derived);
}

absl::Status Campaign::OnConfirmed(const ConfirmJob& job, const std::string& signature) {
  const bool reproduced = signature == job.signature;
  if (reproduced && job.round == 1) {
    urgent_.push_back(ConfirmJob{.signature = job.signature, .round = 2});
    return absl::OkStatus();
  }
  Finding& finding = findings_.Get(job.signature);
  finding.confirmation = reproduced ? Confirmation::kTwice : Confirmation::kNo;
  Follow(finding);
  return findings_.Save(job.signature);
}

absl::Status Campaign::OnShrunk(const std::string& signature, SmallCase small) {
  if (small.trouble.empty()) {
    urgent_.push_back(ConfirmSmallJob{.signature = signature, .small = std::move(small)});
    return absl::OkStatus();
  }
  findings_.Get(signature).small = std::move(small);
  return findings_.Save(signature);
}

absl::Status Campaign::OnConfirmedSmall(const ConfirmSmallJob& job, const std::string& signature) {
  const bool reproduced = signature == job.signature;
  findings_.Get(job.signature).small =
      reproduced ? job.small
                 : SmallCase{.trouble = absl::StrCat("alone it fails otherwise: ", signature)};
  return findings_.Save(job.signature);
}

void Campaign::Follow(const Finding& finding) {
  if (options_.shrink && finding.CanShrink()) {
    urgent_.push_back(ShrinkJob{.signature = finding.failure.signature});
  }
}

}  // namespace zabsim
