// zabsim campaign work DIR: makes shards, one after another, until none is left.
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "tools/zabsim/campaign/child.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/engines/commands.h"
#include "tools/zabsim/engines/engine_manifest.h"
#include "tools/zabsim/engines/lease.h"
#include "tools/zabsim/engines/shard_state.h"

namespace zabsim {
namespace {

using Clock = std::chrono::steady_clock;

constexpr char kLeases[] = "leases";
constexpr int kPollMilliseconds = 100;
constexpr int kRenewalsInLease = 4;

struct WorkOptions {
  std::string folder;
  std::optional<uint64_t> shard;  // From 1.
  std::optional<uint64_t> index;  // From 0.
  unsigned jobs = 0;
};

/// Waits until nobody writes to the folder: a task that has lost its lease needs a moment to end.
/// False: interrupted, or the lease is somebody else's.
absl::StatusOr<bool> WaitForFolder(const std::string& folder, const Lease& lease) {
  while (!Interrupted()) {
    absl::StatusOr<bool> ours = lease.Renew();
    if (!ours.ok() || !*ours) return ours;
    FolderLock lock;
    absl::Status status = lock.Take(folder);
    if (status.ok()) return true;
    if (status.code() != absl::StatusCode::kUnavailable) return status;
    ::poll(nullptr, 0, kPollMilliseconds);
  }
  return false;
}

/// Watches the command that makes a shard, and gives signs of life, until it has ended or the lease
/// is somebody else's.
absl::Status Watch(Child& child, const Lease& lease, std::chrono::seconds limit) {
  bool asked = false;
  Clock::time_point renewed = Clock::now();
  for (bool running = true; running;) {
    std::vector<pollfd> waiting;
    child.AddTo(waiting);
    ::poll(waiting.data(), waiting.size(), kPollMilliseconds);
    running = child.Read();
    while (auto line = child.TakeLine()) std::cout << *line << std::endl;
    if (Interrupted() && !asked) child.Interrupt(), asked = true;
    if (Clock::now() - renewed < limit / kRenewalsInLease) continue;
    renewed = Clock::now();
    const absl::StatusOr<bool> ours = lease.Renew();
    if (!ours.ok()) return ours.status();
    if (!*ours) child.Kill(), running = false;
  }
  return absl::OkStatus();
}

/// The exit code: 0 also if it has become somebody else's.
int Make(const EngineManifest& manifest, const WorkOptions& options, uint64_t shard,
         const Lease& lease) {
  const absl::StatusOr<bool> free = WaitForFolder(EngineManifest::FolderOf(shard), lease);
  if (!free.ok()) return Fail(free.status());
  if (!*free) return Interrupted() ? kExitInterrupted : 0;
  std::vector<std::string> words = manifest.CommandOf(shard);
  words.push_back("--quiet");
  if (options.jobs > 0) words.push_back(absl::StrCat("--jobs=", options.jobs));
  std::cout << "shard " << shard << " of " << manifest.shards << std::endl;
  Child child;
  absl::Status status = child.Spawn(words);
  if (status.ok()) status = Watch(child, lease, manifest.lease);
  std::cerr << child.errors() << std::flush;
  if (!status.ok()) return Fail(status);
  if (Interrupted()) return kExitInterrupted;
  const absl::StatusOr<bool> ours = lease.Renew();
  if (!ours.ok()) return Fail(ours.status());
  const absl::StatusOr<ShardState> state = StateOf(manifest, ".", shard);
  if (!state.ok()) return Fail(state.status());
  if (state->complete || !*ours) return 0;  // What was found is for merge to judge.
  std::cerr << "shard " << shard << " is not complete: its command ended with " << child.ending()
            << "\n";
  return child.exit_code().value_or(kExitOwnBug);
}

/// The next shard that is not complete and that nobody has, with its lease.
struct Next {
  std::optional<std::pair<uint64_t, Lease>> taken;
  bool others_work = false;  // At some that are not complete.
};

absl::StatusOr<Next> TakeNext(const EngineManifest& manifest, const std::vector<uint64_t>& shards,
                              absl::btree_set<uint64_t>& complete) {
  const auto leases = ReadLeases(kLeases);
  if (!leases.ok()) return leases.status();
  Next next;
  for (const uint64_t shard : shards) {
    if (complete.contains(shard)) continue;
    const auto held = leases->find(shard);
    if (held != leases->end() && held->second.IsHeld(manifest.lease)) {
      next.others_work = true;
      continue;
    }
    const absl::StatusOr<ShardState> state = StateOf(manifest, ".", shard);
    if (!state.ok()) return state.status();
    if (state->complete) {
      complete.insert(shard);
      continue;
    }
    auto lease = Lease::Take(kLeases, shard, manifest.lease);
    if (!lease.ok()) return lease.status();
    if (*lease) {
      next.taken = {shard, **lease};
      return next;
    }
    next.others_work = true;
  }
  return next;
}

absl::StatusOr<std::vector<uint64_t>> ShardsOf(const EngineManifest& manifest,
                                               const WorkOptions& options) {
  std::vector<uint64_t> shards;
  if (options.shard || options.index) {
    shards.push_back(options.shard ? *options.shard : *options.index + 1);
    if (shards[0] >= 1 && shards[0] <= manifest.shards) return shards;
    return absl::InvalidArgumentError(
        absl::StrCat("shard ", shards[0], ": wanted one of 1 to ", manifest.shards));
  }
  for (uint64_t shard = 1; shard <= manifest.shards; ++shard) shards.push_back(shard);
  return shards;
}

int Work(const WorkOptions& options) {
  const auto manifest = ReadEngineManifest(options.folder);
  if (!manifest.ok()) return Fail(manifest.status());
  if (const absl::Status status = CheckBuild(*manifest); !status.ok()) return Fail(status);
  const auto shards = ShardsOf(*manifest, options);
  if (!shards.ok()) return Fail(shards.status());
  if (::chdir(options.folder.c_str()) != 0) return Fail(FileError(options.folder, "entered"));
  CatchInterrupts();
  absl::btree_set<uint64_t> complete;
  while (!Interrupted()) {
    auto next = TakeNext(*manifest, *shards, complete);
    if (!next.ok()) return Fail(next.status());
    if (!next->taken && !next->others_work) return 0;
    if (!next->taken) {  // They may die, and leave it to others.
      ::poll(nullptr, 0, 10 * kPollMilliseconds);
      continue;
    }
    const auto& [shard, lease] = *next->taken;
    const int code = Make(*manifest, options, shard, lease);
    if (const absl::Status status = lease.Release(); !status.ok()) return Fail(status);
    if (code != 0) return code;
  }
  return kExitInterrupted;
}

}  // namespace

Command WorkCommand() {
  const auto options = std::make_shared<WorkOptions>();
  Command command{"work", "Make shards of a campaign, until none is left; what jobs run"};
  command.examples = {
      "zabsim campaign work DIR",
      "zabsim campaign work DIR --shard=3 --jobs=1",
  };
  command.Add("DIR", &options->folder, "The folder of zabsim campaign init").Required();
  command.Add("--shard", &options->shard, "Only this one, from 1 (any that nobody works at)");
  command.Add("--index", &options->index, "The same, counted from 0").Excludes("--shard");
  command.Add("--jobs", &options->jobs, "Processes (as many as processors)").Within(1, 256);
  command.run = [options] { return Work(*options); };
  return command;
}

}  // namespace zabsim
