// zabsim campaign status DIR: what is planned, done, under way and missing, and what was found.
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/campaign/json_parts.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/engines/commands.h"
#include "tools/zabsim/engines/engine_manifest.h"
#include "tools/zabsim/engines/lease.h"
#include "tools/zabsim/engines/shard_state.h"

namespace zabsim {
namespace {

struct StatusOptions {
  std::string folder, against;
  bool json = false;
};

/// One that is not complete.
struct OpenShard {
  uint64_t shard = 0;
  ShardState state;
  std::optional<LeaseView> lease;  // Of somebody who works at it; none: nobody does.
};

struct CampaignStatus {
  EngineManifest manifest;
  std::optional<uint64_t> planned;  // Runs; none: nobody knows before the end.
  uint64_t done = 0;
  std::vector<OpenShard> open;
  Signatures findings;
  /// Of `findings`, and those of the earlier campaign that are not among them.
  std::vector<std::string> added, ongoing, gone;

  bool complete() const { return open.empty(); }
};

absl::Status ReadShards(const std::string& folder, CampaignStatus& status) {
  const auto leases = ReadLeases(folder + "/leases");
  if (!leases.ok()) return leases.status();
  for (uint64_t shard = 1; shard <= status.manifest.shards; ++shard) {
    const auto state = StateOf(status.manifest, folder, shard);
    if (!state.ok()) return state.status();
    status.done += state->done;
    if (state->complete) continue;
    OpenShard& open = status.open.emplace_back(OpenShard{.shard = shard, .state = *state});
    const auto lease = leases->find(shard);
    if (lease != leases->end() && lease->second.IsHeld(status.manifest.lease)) {
      open.lease = lease->second;
    }
  }
  return absl::OkStatus();
}

absl::Status Compare(const std::string& earlier, CampaignStatus& status) {
  const auto before = SignaturesIn(earlier);
  if (!before.ok()) return before.status();
  for (const auto& [signature, runs] : status.findings) {
    (before->contains(signature) ? status.ongoing : status.added).push_back(signature);
  }
  for (const auto& [signature, runs] : *before) {
    if (!status.findings.contains(signature)) status.gone.push_back(signature);
  }
  return absl::OkStatus();
}

absl::StatusOr<CampaignStatus> ReadStatus(const StatusOptions& options) {
  const auto manifest = ReadEngineManifest(options.folder);
  if (!manifest.ok()) return manifest.status();
  CampaignStatus status{.manifest = *manifest};
  const auto work = ReadPlannedWork(options.folder);
  if (!work.ok()) return work.status();
  status.planned = work->runs;
  if (absl::Status read = ReadShards(options.folder, status); !read.ok()) return read;
  const auto findings = SignaturesIn(options.folder);
  if (!findings.ok()) return findings.status();
  status.findings = *findings;
  if (options.against.empty()) return status;
  if (absl::Status compared = Compare(options.against, status); !compared.ok()) return compared;
  return status;
}

std::string RunsText(const ShardState& state) {
  return absl::StrCat(Grouped(state.done),
                      state.wanted ? absl::StrCat(" of ", Grouped(*state.wanted)) : "", " runs");
}

void PrintShards(const CampaignStatus& status) {
  std::cout << "planned: "
            << (status.planned ? Grouped(*status.planned) + " runs" : "runs until their time")
            << " in " << Grouped(status.manifest.shards) << " shards\n"
            << "done:    " << Grouped(status.done) << " runs; "
            << Grouped(status.manifest.shards - status.open.size()) << " shards are complete\n";
  for (const OpenShard& open : status.open) {
    if (!open.lease) continue;
    std::cout << "running: shard " << open.shard << ", " << RunsText(open.state) << ", by "
              << open.lease->holder << ", last sign of life " << open.lease->age.count()
              << " s ago\n";
  }
  for (const OpenShard& open : status.open) {
    if (open.lease) continue;
    std::cout << "missing: shard " << open.shard << ", " << RunsText(open.state)
              << ", nobody works at it\n";
  }
}

void PrintFindings(const CampaignStatus& status, bool compared) {
  std::cout << "found:   " << status.findings.size() << " distinct failures\n";
  const auto print = [&](const char* word, const std::vector<std::string>& signatures) {
    for (const std::string& signature : signatures) {
      const auto found = status.findings.find(signature);
      std::cout << "  " << word << ": " << signature;
      if (found != status.findings.end()) std::cout << ", " << Grouped(found->second) << " runs";
      std::cout << "\n";
    }
  };
  if (!compared) {
    for (const auto& [signature, runs] : status.findings) {
      std::cout << "  " << signature << ", " << Grouped(runs) << " runs\n";
    }
    return;
  }
  print("new", status.added);
  print("ongoing", status.ongoing);
  print(status.complete() ? "resolved" : "not seen yet", status.gone);
}

Json ToJson(const CampaignStatus& status, bool compared) {
  Json json = {{"shards", status.manifest.shards},
               {"complete", status.manifest.shards - status.open.size()},
               {"planned", status.planned ? Json(*status.planned) : Json()},
               {"done", status.done},
               {"running", Json::array()},
               {"missing", Json::array()},
               {"findings", status.findings}};
  for (const OpenShard& open : status.open) {
    Json shard = {{"shard", open.shard}, {"done", open.state.done}};
    if (open.state.wanted) shard["wanted"] = *open.state.wanted;
    if (open.lease) shard["holder"] = open.lease->holder;
    if (open.lease) shard["age_seconds"] = open.lease->age.count();
    json[open.lease ? "running" : "missing"].push_back(std::move(shard));
  }
  if (!compared) return json;
  json["new"] = status.added;
  json["ongoing"] = status.ongoing;
  json[status.complete() ? "resolved" : "not_seen_yet"] = status.gone;
  return json;
}

int Status(const StatusOptions& options) {
  const auto status = ReadStatus(options);
  if (!status.ok()) return Fail(status.status());
  const bool compared = !options.against.empty();
  if (options.json) {
    std::cout << ToJson(*status, compared).dump(2) << "\n";
    return 0;
  }
  PrintShards(*status);
  PrintFindings(*status, compared);
  return 0;
}

}  // namespace

Command StatusCommand() {
  const auto options = std::make_shared<StatusOptions>();
  Command command{"status", "Say what is done, under way and missing, and what was found"};
  command.examples = {
      "zabsim campaign status DIR",
      "zabsim campaign status DIR --against=EARLIER",
  };
  command.Add("DIR", &options->folder, "The folder of zabsim campaign init").Required();
  command.Add("--against", &options->against,
              "The folder of an earlier campaign: which findings are new, ongoing and resolved");
  command.Add("--json", &options->json, "As JSON");
  command.run = [options] { return Status(*options); };
  return command;
}

}  // namespace zabsim
