// zabsim campaign emit DIR --engine=NAME: writes the job files of a batch engine.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/engines/commands.h"
#include "tools/zabsim/engines/engine_manifest.h"
#include "tools/zabsim/engines/job_files.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;

struct EmitOptions {
  std::string folder, engine, program, image, store;
  uint64_t tasks = 0;
  unsigned jobs = 1;
};

absl::StatusOr<JobSettings> SettingsOf(const EmitOptions& options, const EngineManifest& manifest) {
  std::error_code error;
  JobSettings settings{.folder = fs::absolute(options.folder, error).lexically_normal().string(),
                       .program = options.program,
                       .tasks = options.tasks == 0 ? manifest.shards : options.tasks,
                       .jobs = options.jobs,
                       .image = options.image,
                       .store = options.store};
  if (settings.program.empty()) settings.program = fs::read_symlink("/proc/self/exe", error);
  if (settings.tasks <= manifest.shards) return settings;
  return absl::InvalidArgumentError(absl::StrCat("--tasks: wanted at most as many as shards, ",
                                                 manifest.shards, ", found ", settings.tasks));
}

absl::Status Write(const std::string& folder, const JobFile& file) {
  const std::string path = absl::StrCat(folder, "/", file.name);
  if (absl::Status status = ReplaceFile(path, file.text); !status.ok()) return status;
  if (!file.executable) return absl::OkStatus();
  std::error_code error;
  fs::permissions(path, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                  fs::perm_options::add, error);
  return error ? absl::InvalidArgumentError(absl::StrCat(path, ": ", error.message()))
               : absl::OkStatus();
}

int Emit(const EmitOptions& options) {
  const auto manifest = ReadEngineManifest(options.folder);
  if (!manifest.ok()) return Fail(manifest.status());
  const auto settings = SettingsOf(options, *manifest);
  if (!settings.ok()) return Fail(settings.status());
  const auto jobs = JobFilesFor(options.engine, *manifest, *settings);
  if (!jobs.ok()) return Fail(jobs.status());
  if (options.engine == "github" && absl::EndsWith(manifest->commit, "+")) {
    std::cerr << "warning: the build has changes that its commit does not have\n";
  }
  const std::string folder = absl::StrCat(options.folder, "/jobs/", options.engine);
  std::error_code error;
  fs::create_directories(folder, error);
  for (const JobFile& file : jobs->files) {
    if (const absl::Status status = Write(folder, file); !status.ok()) return Fail(status);
    std::cout << folder << "/" << file.name << "\n";
  }
  std::cout << "next: " << folder << "/" << jobs->next << "\n";
  return 0;
}

}  // namespace

Command EmitCommand() {
  const auto options = std::make_shared<EmitOptions>();
  Command command{"emit", "Write the job files of a batch engine to DIR/jobs/ENGINE"};
  command.examples = {
      "zabsim campaign emit DIR --engine=slurm --jobs=4",
      "zabsim campaign emit DIR --engine=kubernetes --image=registry.example.org/zabsim:1",
  };
  command.Add("DIR", &options->folder, "The folder of zabsim campaign init").Required();
  command.Add("--engine", &options->engine, absl::StrJoin(EngineNames(), ", "))
      .Required()
      .OneOf(EngineNames());
  command
      .Add("--tasks", &options->tasks,
           "How many; each makes shards until none is left (one "
           "for each shard)")
      .Within(1, 100'000);
  command.Add("--jobs", &options->jobs, "Processors of a task").Within(1, 256).ShowDefault();
  command.Add("--program", &options->program, "How its machines call zabsim (this one's path)");
  command.Add("--image", &options->image, "kubernetes: an image that has zabsim");
  command.Add("--store", &options->store,
              "kubernetes: REMOTE:PATH of rclone where the folder is (a volume that tasks share)");
  command.run = [options] { return Emit(*options); };
  return command;
}

}  // namespace zabsim
