// zabsim replay DIR_OR_FILE: runs a finding again, by itself, and says whether it still fails so.
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "scenarios/explore/explored.h"
#include "scenarios/explore/signature.h"
#include "scenarios/runner/load.h"
#include "scenarios/runner/run.h"
#include "tools/zabsim/command.h"
#include "tools/zabsim/fuzz/file_io.h"
#include "tools/zabsim/language_option.h"
#include "tools/zabsim/timeline.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;

struct ReplayOptions {
  std::string path, peer, language = "en";
  bool quiet = false, whole = false;
};

/// What is to be run, and what it is to fail with if that is known.
struct Replayed {
  std::string file;
  std::string signature;
};

absl::StatusOr<Replayed> Resolve(const ReplayOptions& options) {
  if (!fs::is_directory(options.path)) return Replayed{options.path, ""};
  Replayed replayed{options.path + "/minimal.json", ""};
  if (options.whole || !fs::exists(replayed.file)) replayed.file = options.path + "/scenario.json";
  if (!fs::exists(replayed.file)) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.path,
                     ": has no scenario.json; wanted a folder of DIR/findings, as zabsim fuzz "
                     "--out=DIR makes them, or a scenario file"));
  }
  const auto text = ReadWholeFile(options.path + "/finding.json");
  if (text.ok()) {
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (json.is_object()) replayed.signature = json.value("signature", "");
  }
  return replayed;
}

int Replay(const ReplayOptions& options, const Peers& peers) {
  const absl::StatusOr<Replayed> replayed = Resolve(options);
  if (!replayed.ok()) return Fail(replayed.status());
  const auto servers = FindPeer(peers, options.peer);
  if (!servers.ok()) return Fail(servers.status());
  const auto document = scenario::Document::Load(replayed->file);
  if (!document.ok()) return Fail(document.status());
  const uint64_t seed = document->scenario().run.seeds[0];
  const auto scenario = document->Instantiate(seed);
  if (!scenario.ok()) return Fail(scenario.status());
  Timeline timeline(*scenario, LanguageOf(options.language), false);
  const auto tell = [&](const sim::Record& record) {
    if (options.quiet) return;
    if (const auto line = timeline.Line(record)) std::cout << *line << "\n";
  };
  const scenario::RunResult result =
      scenario::RunOnce(*scenario, seed, {.sink = tell, .servers = *servers});
  const std::string signature = SignatureOf(result, *scenario);
  std::cout << replayed->file << ": " << Name(result.verdict) << ", trace hash "
            << ToString(result.trace_hash) << "\n";
  if (!signature.empty()) {
    std::cout << "  " << FirstFailure(result, *scenario) << "\n";
  }
  if (!replayed->signature.empty() && signature != replayed->signature) {
    std::cout << "  it was found as: " << replayed->signature
              << "\n  now it is:       " << (signature.empty() ? "held" : signature) << "\n";
  }
  return ExitCodeOf(result.verdict);
}

}  // namespace

void AddReplay(CLI::App& app, Action& action, const Peers& peers) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = app.add_subcommand("replay", "Run a finding of zabsim fuzz again");
  command->add_option("DIR_OR_FILE", options->path, "A folder of findings, or a scenario file")
      ->required();
  command->add_flag("--whole", options->whole, "Of a finding: the run as found, not the small one");
  command->add_flag("--quiet", options->quiet, "The verdict only");
  AddLanguage(*command, options->language);
  AddPeer(*command, options->peer, peers);
  command->callback([options, &action, &peers] {
    action = [options, &peers] { return Replay(*options, peers); };
  });
}

}  // namespace zabsim
