// Each thread has its own clean run and takes the next block of runs when it is free.
#include "tools/zabsim/crashes/crashes_work.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

namespace zabsim {
namespace {

/// Runs per block: neighbours branch off at nearly the same event.
constexpr size_t kRunsPerBlock = 16;
constexpr std::chrono::milliseconds kProgressPause(20);

/// The mutable state that the threads share; each writes its own elements of `outcomes`.
struct SharedWork {
  const std::vector<scenario::CrashRun>& runs;
  std::vector<std::optional<scenario::CrashOutcome>>& outcomes;
  std::atomic<size_t> next{0};
  std::atomic<uint64_t> done{0};
  std::atomic<uint64_t> failed{0};
  std::atomic<bool> stop{false};
  std::atomic<unsigned> working{0};
};

void MakeBlocks(const SweepSubject& subject, SharedWork& work) {
  scenario::CrashBrancher brancher(subject.scenario, subject.seed);
  while (true) {
    const size_t from = work.next.fetch_add(kRunsPerBlock);
    const size_t until = std::min(from + kRunsPerBlock, work.runs.size());
    for (size_t i = from; i < until; ++i) {
      if (work.stop) return;
      brancher.AdvanceTo(work.runs[i].event);
      work.outcomes[i] = brancher.Crash(work.runs[i]);
      if (work.outcomes[i]->verdict != scenario::RunVerdict::kHeld) ++work.failed;
      ++work.done;
    }
    if (until == work.runs.size() || from >= work.runs.size()) return;
  }
}

}  // namespace

std::vector<std::optional<scenario::CrashOutcome>> MakeRuns(
    const SweepSubject& subject, const std::vector<scenario::CrashRun>& runs, unsigned threads,
    const std::function<bool(uint64_t done, uint64_t failed)>& progress) {
  std::vector<std::optional<scenario::CrashOutcome>> outcomes(runs.size());
  SharedWork work{.runs = runs, .outcomes = outcomes};
  work.working = threads;
  std::vector<std::thread> workers;
  workers.reserve(threads);
  for (unsigned i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      MakeBlocks(subject, work);
      --work.working;
    });
  }
  while (work.working > 0) {
    std::this_thread::sleep_for(kProgressPause);
    if (!progress(work.done, work.failed)) work.stop = true;
  }
  for (std::thread& worker : workers) worker.join();
  return outcomes;
}

}  // namespace zabsim
