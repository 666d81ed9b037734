// Templates; @WORD@ is a place.
#include "tools/zabsim/engines/job_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/engines/job_templates.h"

namespace zabsim {
namespace {

constexpr uint64_t kMostGithubJobs = 256;  // Of a matrix.

/// "campaign work DIR", of any shard or, if there is a task for each, of that shard.
std::string WorkOf(const JobSettings& settings, const EngineManifest& manifest,
                   const std::string& shard) {
  std::string words =
      absl::StrCat(Shell(settings.program), " campaign work ", Shell(settings.folder));
  if (settings.tasks == manifest.shards) absl::StrAppend(&words, " --shard=", shard);
  return absl::StrCat(words, " --jobs=", settings.jobs);
}

std::string ShellCommand(const std::vector<std::string>& words) {
  return absl::StrJoin(words, " ", [](std::string* out, const std::string& word) {
    absl::StrAppend(out, Shell(word));
  });
}

using Places = std::vector<std::pair<std::string, std::string>>;

Places PlacesOf(const EngineManifest& manifest, const JobSettings& settings) {
  return {{"@DIR@", Shell(settings.folder)},
          {"@ZABSIM@", Shell(settings.program)},
          {"@SHARDS@", absl::StrCat(manifest.shards)},
          {"@TASKS@", absl::StrCat(settings.tasks)},
          {"@JOBS@", absl::StrCat(settings.jobs)},
          {"@IMAGE@", settings.image},
          {"@STORE@", settings.store},
          {"@COMMIT@", std::string(absl::StripSuffix(manifest.commit, "+"))},
          {"@COMMAND@", ShellCommand(manifest.command)}};
}

JobFile Filled(const std::string& name, const char* text, const Places& places,
               bool executable = false) {
  return {name, absl::StrReplaceAll(text, places), executable};
}

absl::StatusOr<JobFiles> Slurm(const EngineManifest& manifest, const JobSettings& settings) {
  Places places = PlacesOf(manifest, settings);
  places.push_back({"@WORK@", WorkOf(settings, manifest, "\"$SLURM_ARRAY_TASK_ID\"")});
  return JobFiles{
      {Filled("shards.sbatch", kSlurmShards, places), Filled("merge.sbatch", kSlurmMerge, places),
       Filled("submit.sh", kSlurmSubmit, places, true)},
      "submit.sh"};
}

absl::StatusOr<JobFiles> Parallel(const EngineManifest& manifest, const JobSettings& settings) {
  Places places = PlacesOf(manifest, settings);
  places.push_back({"@WORK@", WorkOf(settings, manifest, "{}")});
  return JobFiles{{Filled("parallel.sh", kParallel, places, true)}, "parallel.sh"};
}

absl::StatusOr<JobFiles> Local(const EngineManifest& manifest, const JobSettings& settings) {
  return JobFiles{{Filled("local.sh", kLocal, PlacesOf(manifest, settings), true)}, "local.sh"};
}

absl::StatusOr<JobFiles> Kubernetes(const EngineManifest& manifest, const JobSettings& settings) {
  if (settings.image.empty()) {
    return absl::InvalidArgumentError(
        "--image: wanted an image that has zabsim, as tools/Containerfile makes it");
  }
  const bool shared = settings.store.empty();
  if (!shared && settings.tasks != manifest.shards) {
    return absl::InvalidArgumentError("--tasks: without a shared volume each shard has its task");
  }
  Places places = PlacesOf(manifest, settings);
  const bool of_one = settings.tasks == manifest.shards;
  places.push_back({"@SHARD@", of_one ? ", --index=$(SHARD_INDEX)" : ""});
  places.push_back({"@WORK@", absl::StrReplaceAll(kKubernetesWork, places)});
  return JobFiles{{Filled("shards.yaml", shared ? kKubernetesShared : kKubernetesStore, places),
                   Filled("merge.yaml", shared ? kKubernetesMerge : kKubernetesStoreMerge, places),
                   Filled("submit.sh", kKubernetesSubmit, places, true)},
                  "submit.sh"};
}

absl::StatusOr<JobFiles> Github(const EngineManifest& manifest, const JobSettings& settings) {
  if (manifest.shards > kMostGithubJobs || settings.tasks != manifest.shards) {
    return absl::InvalidArgumentError(
        absl::StrCat("--shards: a matrix of GitHub has a job for each, and at most ",
                     kMostGithubJobs, "; the campaign has ", manifest.shards));
  }
  std::vector<uint64_t> shards;
  for (uint64_t shard = 1; shard <= manifest.shards; ++shard) shards.push_back(shard);
  Places places = PlacesOf(manifest, settings);
  places.push_back({"@MATRIX@", absl::StrJoin(shards, ", ")});
  return JobFiles{{Filled("github.yml", kGithub, places)},
                  "github.yml, which belongs into .github/workflows/"};
}

using Writer = absl::StatusOr<JobFiles> (*)(const EngineManifest&, const JobSettings&);

constexpr std::array<std::pair<const char*, Writer>, 5> kEngines = {{{"slurm", Slurm},
                                                                     {"parallel", Parallel},
                                                                     {"kubernetes", Kubernetes},
                                                                     {"github", Github},
                                                                     {"local", Local}}};

}  // namespace

std::vector<std::string> EngineNames() {
  std::vector<std::string> names;
  names.reserve(kEngines.size());
  for (const auto& [name, writer] : kEngines) names.emplace_back(name);
  return names;
}

absl::StatusOr<JobFiles> JobFilesFor(const std::string& engine, const EngineManifest& manifest,
                                     const JobSettings& settings) {
  for (const auto& [name, writer] : kEngines) {
    if (name == engine) return writer(manifest, settings);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--engine: wanted one of ", absl::StrJoin(EngineNames(), ", ")));
}

}  // namespace zabsim
