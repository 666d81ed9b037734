// zabsim campaign init DIR -- COMMAND...: plans a command as shards.
#include <poll.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/zabsim/campaign/child.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/version.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/cli/work.h"
#include "tools/zabsim/engines/commands.h"
#include "tools/zabsim/engines/engine_manifest.h"
#include "tools/zabsim/engines/shard_state.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;

struct InitOptions {
  std::string folder, lease = "60s";
  uint64_t shards = 0;
  std::vector<std::string> command;
};

/// What the command says that the first shard will do.
absl::StatusOr<std::string> PlanOf(const EngineManifest& manifest) {
  std::vector<std::string> words = manifest.CommandOf(1);
  words.push_back("--plan");
  Child child;
  if (absl::Status status = child.Spawn(words); !status.ok()) return status;
  child.CloseInput();
  std::string text;
  for (bool running = true; running;) {
    std::vector<pollfd> waiting;
    child.AddTo(waiting);
    ::poll(waiting.data(), waiting.size(), -1);
    running = child.Read();
    while (auto line = child.TakeLine()) absl::StrAppend(&text, *line, "\n");
  }
  if (child.EndedWell()) return text;
  return absl::InvalidArgumentError(
      absl::StrCat(absl::StrJoin(manifest.command, " "), ":\n", child.errors()));
}

/// A relative path means the same inside the folder.
absl::Status CopyInto(const std::string& folder, const std::string& path) {
  if (fs::path(path).is_absolute()) return absl::OkStatus();
  if (path == "-" || absl::StrContains(path, "..")) {
    return absl::InvalidArgumentError(
        absl::StrCat(path,
                     ": wanted a path below this folder, or an absolute one, which must be "
                     "the same on every machine"));
  }
  const fs::path to = fs::path(folder) / path;
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  const absl::StatusOr<std::string> text = ReadWholeFile(path);
  return text.ok() ? ReplaceFile(to.string(), *text) : text.status();
}

absl::Status Write(const std::string& folder, const EngineManifest& manifest,
                   const std::string& plan, const PlannedWork& work) {
  for (const std::string& file : work.files) {
    if (absl::Status status = CopyInto(folder, file); !status.ok()) return status;
  }
  absl::Status status = ReplaceFile(absl::StrCat(folder, "/", kPlanFile), plan);
  if (!status.ok()) return status;
  return ReplaceFile(absl::StrCat(folder, "/", kManifestFile), ToText(manifest));
}

/// Doing it twice is no harm, doing something else in the same folder is.
absl::Status CheckFolder(const std::string& folder, const EngineManifest& manifest,
                         const std::string& plan) {
  std::error_code error;
  if (!fs::exists(absl::StrCat(folder, "/", kManifestFile), error)) {
    fs::create_directories(folder, error);
    if (!error) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(folder, ": cannot be made: ", error.message()));
  }
  const auto there = ReadEngineManifest(folder);
  if (!there.ok()) return there.status();
  const auto plan_there = ReadWholeFile(absl::StrCat(folder, "/", kPlanFile));
  if (!plan_there.ok()) return plan_there.status();
  if (ToText(*there) == ToText(manifest) && *plan_there == plan) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(folder, ": holds another campaign (see manifest.json and plan.json)"));
}

int Init(const InitOptions& options) {
  if (options.command.front() != "fuzz" && options.command.front() != "sweep") {
    return Fail(absl::InvalidArgumentError(absl::StrCat(
        "COMMAND: wanted fuzz or sweep, which have shards, found ", options.command.front())));
  }
  const auto lease = SecondsOption("--lease", options.lease);
  if (!lease.ok()) return Fail(lease.status());
  const EngineManifest manifest{.command = options.command,
                                .shards = options.shards,
                                .lease = *lease,
                                .version = BuildText(),
                                .compiler = CompilerText(),
                                .commit = CommitText()};
  const auto plan = PlanOf(manifest);
  if (!plan.ok()) return Fail(plan.status());
  const auto work = ParsePlannedWork(*plan);
  if (!work.ok()) return Fail(work.status());
  absl::Status status = CheckFolder(options.folder, manifest, *plan);
  if (status.ok()) status = Write(options.folder, manifest, *plan, *work);
  if (!status.ok()) return Fail(status);
  std::cout << options.folder << ": "
            << (work->runs ? absl::StrCat(Grouped(*work->runs), " runs") : "runs until their time")
            << " in " << Grouped(options.shards) << " shards; next: zabsim campaign emit "
            << Shell(options.folder) << " --engine=...\n";
  return 0;
}

}  // namespace

Command InitCommand() {
  const auto options = std::make_shared<InitOptions>();
  Command command{"init", "Plan a campaign of zabsim fuzz, or a sweep, in shards"};
  command.examples = {
      "zabsim campaign init DIR --shards=8 -- fuzz scenarios/ci/swarm.json --runs=4000 --seed=7",
      "zabsim campaign init DIR --shards=64 -- sweep my-sweep.json",
  };
  command.Add("DIR", &options->folder, "A folder for the plan, the shards and the whole")
      .Required();
  command.Add("--shards", &options->shards, "How many").Required().Within(1, 100'000);
  command
      .Add("--lease", &options->lease,
           "A process that gives no sign of life for so long has lost its shard")
      .ShowDefault();
  command.Add("COMMAND", &options->command, "Behind --: fuzz or sweep, its files and options")
      .Required();
  command.run = [options] { return Init(*options); };
  return command;
}

}  // namespace zabsim
