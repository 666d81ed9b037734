// One thread waits for many processes, as in a campaign; a run is all that they are asked for.
#include "tools/zabsim/sweep/sweeper.h"

#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/sweep/sweep_tables.h"

namespace zabsim {
namespace {

constexpr int kPollMilliseconds = 100;

std::string FirstLineOf(const std::string& text) {
  return std::string(absl::StripAsciiWhitespace(text.substr(0, text.find('\n'))));
}

}  // namespace

Sweeper::Sweeper(SweepManifest manifest, SweeperOptions options)
    : manifest_(std::move(manifest)), options_(std::move(options)), plan_(manifest_) {}

absl::Status Sweeper::OpenManifest() {
  const std::string path = options_.out + "/manifest.json";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return ReplaceFile(path, ToText(manifest_));
  const absl::StatusOr<std::string> there = ReadWholeFile(path);
  if (!there.ok()) return there.status();
  if (*there == ToText(manifest_)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      options_.out,
      ": holds another sweep (its file, --set, --shard or the build differ, see manifest.json); "
      "choose another --out, or go on with the same"));
}

absl::Status Sweeper::Open() {
  if (absl::Status status = lock_.Take(options_.out); !status.ok()) return status;
  if (absl::Status status = OpenManifest(); !status.ok()) return status;
  return journal_.Open(options_.out, manifest_, [this](const SweptRun& run) { Take(run); });
}

void Sweeper::Take(const SweptRun& run) {
  plan_.Add(run);
  code_ = scenario::WorseExitCode(code_, run.ExitCode());
  ended_ += run.verdict == kEndedVerdict ? 1 : 0;
}

absl::Status Sweeper::Begin(Slot& slot, const SweepRun& run) {
  if (!slot.worker.running()) {
    absl::Status status =
        slot.worker.Spawn({"sweep-worker", "--manifest", options_.out + "/manifest.json",
                           "--memory", absl::StrCat(options_.memory)});
    if (!status.ok()) return status;
  }
  slot.run = run;
  slot.cpu_before = slot.worker.cpu();
  slot.worker.Send(absl::StrCat(run.cell, " ", run.repeat));
  return absl::OkStatus();
}

absl::Status Sweeper::Done(Slot& slot, const std::string& line) {
  const auto run = ParseSweptRun(line, manifest_);
  if (!run.ok()) return run.status();
  slot.run.reset();
  if (absl::Status status = journal_.Append(run->run, line); !status.ok()) return status;
  Take(*run);
  return absl::OkStatus();
}

absl::Status Sweeper::Look(Slot& slot) {
  const bool running = slot.worker.Read();
  if (const std::optional<std::string> line = slot.worker.TakeLine()) return Done(slot, *line);
  const bool hangs = running && slot.worker.cpu() - slot.cpu_before > options_.patience;
  if (running && !hangs) return absl::OkStatus();
  if (hangs) {
    slot.worker.Kill();
    return Done(slot, LineOfEnd(*slot.run, "hangs"));
  }
  const std::string errors = FirstLineOf(slot.worker.errors());
  if (slot.worker.exit_code() == kExitStorage) return absl::ResourceExhaustedError(errors);
  if (slot.worker.exit_code() == kExitUsage) return absl::InvalidArgumentError(errors);
  // Killed by somebody else: that is no result of the run, which another session makes.
  if (slot.worker.WasKilled()) {
    return absl::UnavailableError(absl::StrCat("a worker was ended from outside (",
                                               slot.worker.ending(),
                                               "); the same command goes on from here"));
  }
  return Done(slot, LineOfEnd(*slot.run, absl::StrCat(slot.worker.ending(),
                                                      errors.empty() ? "" : ": ", errors)));
}

absl::Status Sweeper::Listen() {
  std::vector<pollfd> waiting;
  for (const auto& slot : slots_) {
    if (slot->run) slot->worker.AddTo(waiting);
  }
  ::poll(waiting.data(), waiting.size(), kPollMilliseconds);
  for (const auto& slot : slots_) {
    if (!slot->run) continue;
    if (absl::Status status = Look(*slot); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Sweeper::Loop(const std::function<bool()>& stop,
                           const std::function<void()>& on_progress) {
  for (unsigned i = 0; i < options_.jobs; ++i) slots_.push_back(std::make_unique<Slot>());
  while (!stop()) {
    for (const auto& slot : slots_) {
      if (slot->run) continue;
      const std::optional<SweepRun> run = plan_.Next();
      if (!run) break;
      if (absl::Status status = Begin(*slot, *run); !status.ok()) return status;
    }
    if (std::ranges::none_of(slots_, [](const auto& slot) { return slot->run.has_value(); })) break;
    if (absl::Status status = Listen(); !status.ok()) return status;
    on_progress();
  }
  return absl::OkStatus();
}

absl::Status Sweeper::Run(const std::function<bool()>& stop,
                          const std::function<void()>& on_progress) {
  absl::Status status = Loop(stop, on_progress);
  slots_.clear();
  if (!status.ok() || !plan_.IsComplete()) return status;
  // The tables first: they need the lines where they were written.
  status = WriteSweepTables(options_.out, manifest_, journal_);
  return status.ok() ? journal_.Sort() : status;
}

}  // namespace zabsim
