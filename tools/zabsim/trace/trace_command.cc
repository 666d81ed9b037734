// zabsim trace FILE: shows a trace, whole or filtered, as text or as lines of JSON.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/explore/caption.h"
#include "scenarios/runner/text.h"
#include "tools/zabsim/command.h"
#include "tools/zabsim/language_option.h"
#include "tools/zabsim/trace/columns.h"
#include "tools/zabsim/trace/trace_file.h"

namespace zabsim {
namespace {

struct TraceOptions {
  std::string file, server, zxid, from, to, language = "en";
  bool json = false, text = false, explain = false;
};

/// Which records are shown: all conditions that are there hold.
struct TraceFilter {
  std::optional<sim::NodeId> server;  // Whom it concerns, or the other end.
  std::optional<zab::Zxid> zxid;
  std::optional<zab::Time> from;
  std::optional<zab::Time> to;

  bool Shows(const sim::Record& record) const {
    const bool other_end = server && record.event.peer.value == server->value;
    return (!server || record.node == *server || other_end) &&
           (!zxid || record.event.zxid == *zxid) && (!from || record.time >= *from) &&
           (!to || record.time <= *to);
  }
};

absl::Status BadTraceOption(absl::string_view option, absl::string_view wanted,
                            const std::string& found) {
  return absl::InvalidArgumentError(absl::StrCat(option, ": ", wanted, ", found \"", found, "\""));
}

absl::Status ReadServer(const std::string& name, const scenario::Scenario& scenario,
                        std::optional<sim::NodeId>& server) {
  const auto nodes = scenario.ServerCount() + scenario.clients.size();
  std::vector<std::string> names;
  for (size_t i = 1; i <= nodes; ++i) {
    const sim::NodeId node{static_cast<uint16_t>(i)};
    names.push_back(scenario.NameOf(node));
    if (names.back() == name) server = node;
  }
  if (name.empty() || server) return absl::OkStatus();
  return BadTraceOption("--server", absl::StrCat("wanted one of ", absl::StrJoin(names, ", ")),
                        name);
}

absl::Status ReadMoment(absl::string_view option, const std::string& text,
                        std::optional<zab::Time>& moment) {
  if (text.empty()) return absl::OkStatus();
  const auto since_start = scenario::ParseDuration(text);
  if (!since_start.ok()) {
    return BadTraceOption(option, std::string(since_start.status().message()), text);
  }
  moment = zab::Time{} + *since_start;
  return absl::OkStatus();
}

absl::StatusOr<TraceFilter> FilterOf(const TraceOptions& options,
                                     const scenario::Scenario& scenario) {
  TraceFilter filter;
  if (auto status = ReadServer(options.server, scenario, filter.server); !status.ok()) {
    return status;
  }
  if (!options.zxid.empty()) {
    const auto zxid = scenario::ParseZxid(options.zxid);
    if (!zxid.ok()) {
      return BadTraceOption("--zxid", std::string(zxid.status().message()), options.zxid);
    }
    filter.zxid = *zxid;
  }
  if (auto status = ReadMoment("--from", options.from, filter.from); !status.ok()) return status;
  if (auto status = ReadMoment("--to", options.to, filter.to); !status.ok()) return status;
  return filter;
}

/// The first line of the JSON: what was run.
std::string HeaderLine(const TraceInput& trace) {
  const scenario::TraceHeader& header = trace.header();
  nlohmann::ordered_json out;
  out["format"] = absl::StrCat("zabsim-trace/", scenario::kTraceVersion);
  out["scenario"] = header.scenario;
  out["digest"] = header.digest;
  out["seed"] = absl::StrCat(header.seed);
  out["servers"] = trace.scenario().cluster.voters;
  nlohmann::ordered_json clients = nlohmann::ordered_json::array();
  for (const scenario::Client& client : trace.scenario().clients) clients.push_back(client.name);
  out["clients"] = std::move(clients);
  return out.dump();
}

/// A line with what happened; to be explained, one with why and one with what follows.
void Tell(const sim::Record& record, const scenario::Scenario& scenario, Language language,
          bool explain) {
  std::cout << RecordText(record, scenario, language) << "\n";
  if (!explain) return;
  const scenario::Explanation explanation = scenario::Explain(record, scenario);
  const std::string indent(25, ' ');
  std::cout << indent << In(language, explanation.why) << "\n"
            << indent << In(language, explanation.next) << "\n";
}

int ShowTrace(const TraceOptions& options) {
  const auto trace = TraceInput::Open(options.file);
  if (!trace.ok()) return Fail(trace.status());
  TraceInput& input = **trace;
  const auto filter = FilterOf(options, input.scenario());
  if (!filter.ok()) return Fail(filter.status());
  if (options.json) std::cout << HeaderLine(input) << "\n";
  for (;;) {
    const auto record = input.Next();
    if (!record.ok()) {
      std::cout << std::flush;
      return Fail(record.status());
    }
    if (!*record) break;
    if (!filter->Shows(**record)) continue;
    if (options.json) {
      std::cout << RecordJson(**record, input.scenario()) << "\n";
    } else {
      Tell(**record, input.scenario(), LanguageOf(options.language), options.explain);
    }
  }
  if (options.json) {
    std::cout << "{\"result\":" << input.end().result << ",\"host\":" << input.end().host << "}\n";
  }
  return 0;
}

}  // namespace

void AddTrace(CLI::App& app, Action& action) {
  auto options = std::make_shared<TraceOptions>();
  CLI::App* command = app.add_subcommand("trace", "Show a trace as text or as JSON");
  command->add_option("FILE", options->file, "What zabsim run --trace=FILE has written")
      ->required();
  auto* json = command->add_flag("--json", options->json,
                                 "Lines of JSON: what was run, the records, the result");
  command->add_flag("--text", options->text, "One line a record (what it does anyway)")
      ->excludes(json);
  command
      ->add_flag("--explain", options->explain,
                 "With each: why the protocol does it, and what follows")
      ->excludes(json);
  command->add_option("--server", options->server,
                      "Only what concerns this server or client, or has it at its other end");
  command->add_option("--zxid", options->zxid, "Only this transaction, as in 2:17");
  command->add_option("--from", options->from, "Virtual time, as in 2.5s or 1500ms: not before it");
  command->add_option("--to", options->to, "Not after it");
  AddLanguage(*command, options->language);
  command->callback([options, &action] { action = [options] { return ShowTrace(*options); }; });
}

}  // namespace zabsim
