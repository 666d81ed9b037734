// zabsim disk FILE: runs a scenario, or what a trace was made from, up to a moment, and writes the
// contents of a server's disk at that moment as a ZooKeeper data directory.
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/cli/seed_option.h"
#include "tools/zabsim/disk/commands.h"
#include "tools/zabsim/disk/data_directory.h"
#include "tools/zabsim/trace/trace_file.h"

namespace zabsim {
namespace {

struct DiskOptions {
  std::string file, server, at, out, seed;
  std::vector<std::string> overrides;
  std::string image = "visible", language = "en";
};

/// A run that can be repeated.
struct Rerun {
  scenario::Document document;
  uint64_t seed = 0;
};

absl::Status BadDiskOption(absl::string_view place, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(place, ": ", what));
}

/// The trace has its scenario in it.
absl::StatusOr<Rerun> FromTrace(const DiskOptions& options) {
  if (!options.seed.empty()) return BadDiskOption("--seed", "a trace has its own seed");
  if (!options.overrides.empty()) {
    return BadDiskOption("--set", "a trace has its scenario in it; name the scenario file instead");
  }
  const auto trace = TraceInput::Open(options.file);
  if (!trace.ok()) return trace.status();
  const TraceInput& input = **trace;
  if (absl::Status status = input.CheckDigest(); !status.ok()) return status;
  if (!input.header().peer.empty() || !input.header().bug.empty()) {
    return BadDiskOption(
        options.file,
        absl::StrCat("was made with servers other than the real ones (peer \"", input.header().peer,
                     "\", bug \"", input.header().bug, "\"), and disk runs only real ones"));
  }
  return Rerun{input.document(), input.header().seed};
}

absl::StatusOr<Rerun> FindRun(const DiskOptions& options) {
  if (IsTrace(options.file)) return FromTrace(options);
  auto document = scenario::Document::Load(ScenarioPath(options.file), options.overrides);
  if (!document.ok()) return document.status();
  const absl::StatusOr<uint64_t> seed = OneSeed(options.seed, document->scenario().run.seeds);
  if (!seed.ok()) return seed.status();
  return Rerun{*std::move(document), *seed};
}

absl::StatusOr<zab::ServerId> FindServer(const scenario::Scenario& scenario,
                                         const std::string& name) {
  const std::vector<std::string>& voters = scenario.cluster.voters;
  for (size_t i = 0; i < voters.size(); ++i) {
    if (voters[i] == name) return zab::ServerId{static_cast<uint16_t>(i + 1)};
  }
  return BadDiskOption("--server", absl::StrCat("wanted one of ", absl::StrJoin(voters, ", "),
                                                ", found \"", name, "\""));
}

/// Up to `at`; without it to the end, or to where `zabsim run` stops.
absl::Status RunTo(std::optional<zab::Time> at, scenario::Simulation& simulation) {
  const scenario::Scenario& scenario = simulation.scenario();
  const bool stops = !at && !ExpectsViolation(scenario);
  const zab::Time limit = at.value_or(scenario.end.at);
  sim::World& world = simulation.world();
  while (!Interrupted() && world.RunNext(limit)) {
    if (stops && !simulation.checker().violations().empty()) return absl::OkStatus();
    if (world.event_count() < scenario.end.events) continue;
    if (!at) return absl::OkStatus();
    return BadDiskOption(
        "--at", absl::StrCat("the run ends at ", ToString(world.now()), ", with its guard of ",
                             scenario.end.events, " events; choose an earlier time"));
  }
  if (at && simulation.StandsStill()) {
    return BadDiskOption("--at", absl::StrCat("virtual time stands still at ",
                                              ToString(world.now()), "; choose an earlier time"));
  }
  if (!Interrupted()) simulation.RunUntil(limit);
  return absl::OkStatus();
}

zab::DirectoryImage ImageOf(const sim::FileStore& files, sim::Image which) {
  zab::DirectoryImage image;
  for (const std::string& name : files.Names(which)) {
    image[name] = zab::Payload(files.Find(which, name)->bytes());
  }
  return image;
}

absl::StatusOr<std::optional<zab::Time>> MomentOf(const DiskOptions& options,
                                                  const scenario::Scenario& scenario) {
  if (options.at.empty()) return std::optional<zab::Time>();
  const absl::StatusOr<zab::Duration> after = scenario::ParseDuration(options.at);
  if (!after.ok()) {
    return BadDiskOption("--at",
                         absl::StrCat(after.status().message(), ", found \"", options.at, "\""));
  }
  const zab::Time at = zab::Time{} + *after;
  if (at > scenario.end.at) {
    return BadDiskOption("--at", absl::StrCat("wanted a time up to the end of the run, ",
                                              ToString(scenario.end.at), ", found ", options.at));
  }
  return std::optional<zab::Time>(at);
}

absl::Status ExportDisk(const DiskOptions& options) {
  absl::StatusOr<Rerun> run = FindRun(options);
  if (!run.ok()) return run.status();
  auto drawn = run->document.Instantiate(run->seed);
  if (!drawn.ok()) return drawn.status();
  const auto scenario = std::make_shared<const scenario::Scenario>(*std::move(drawn));
  const absl::StatusOr<zab::ServerId> server = FindServer(*scenario, options.server);
  if (!server.ok()) return server.status();
  const absl::StatusOr<std::optional<zab::Time>> at = MomentOf(options, *scenario);
  if (!at.ok()) return at.status();

  CatchInterrupts();
  scenario::Simulation simulation(scenario, run->seed);
  if (absl::Status status = RunTo(*at, simulation); !status.ok()) return status;
  if (Interrupted()) return absl::CancelledError("interrupted; nothing was written");
  const bool durable = options.image == "durable";
  const zab::DirectoryImage image =
      ImageOf(simulation.world().disk(scenario::Scenario::NodeOf(*server)).files(),
              durable ? sim::Image::kDurable : sim::Image::kVisible);
  absl::Status status = WriteDataDirectory(options.out, image, absl::StrCat(server->value));
  if (!status.ok()) return status;
  const bool chinese = LanguageOf(options.language) == Language::kChinese;
  std::cout << options.out << (chinese ? "：" : ": ") << options.server
            << (chinese ? " 在 " : " at ") << ToString(simulation.world().now())
            << (chinese ? "，" : ", ") << image.size() << (chinese ? " 个文件，" : " files, ")
            << (durable ? (chinese ? "断电后留下的" : "as a power loss would leave them")
                        : (chinese ? "进程所见的" : "as its process sees them"))
            << "\n";
  return absl::OkStatus();
}

int Disk(const DiskOptions& options) {
  const absl::Status status = ExportDisk(options);
  if (status.ok()) return 0;
  const int code = Fail(status);
  return absl::IsCancelled(status) ? kExitInterrupted : code;
}

}  // namespace

Command DiskCommand() {
  const auto options = std::make_shared<DiskOptions>();
  Command command{"disk", "Write a server's disk as a ZooKeeper data directory"};
  command.examples = {
      "zabsim disk scenarios/leader-crash.json --server=n3 --at=2s --image=durable --out=n3-data",
  };
  command.Add("FILE", &options->file, "A scenario, or a trace").Required();
  command.Add("--server", &options->server, "Whose disk, as in n2").Required();
  command.Add("--out", &options->out, "The folder to make; new or empty").Required();
  command.Add("--at", &options->at, "Virtual time, as in 2.5s or 1500ms; else the run's end");
  command.Add("--seed", &options->seed, "The seed; else the scenario's first");
  command
      .Add("--image", &options->image,
           "visible: what its process sees; durable: what a power loss would leave")
      .OneOf({"visible", "durable"})
      .ShowDefault();
  AddOverrides(command, options->overrides);
  AddLanguage(command, options->language);
  command.run = [options] { return Disk(*options); };
  return command;
}

}  // namespace zabsim
