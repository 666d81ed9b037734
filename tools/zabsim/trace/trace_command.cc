// zabsim trace FILE: shows a trace, whole or filtered, as text, as lines of JSON, or for Perfetto.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/captions/caption.h"
#include "scenarios/runner/language/units.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/trace/columns.h"
#include "tools/zabsim/trace/commands.h"
#include "tools/zabsim/trace/perfetto.h"
#include "tools/zabsim/trace/trace_file.h"

namespace zabsim {
namespace {

struct TraceOptions {
  std::string file, server, zxid, from, to, language = "en";
  bool json = false, text = false, perfetto = false, explain = false;
};

/// Which records are shown: those for which all given conditions hold.
struct TraceFilter {
  std::optional<sim::NodeId> server;  // The server of the record, or the other end.
  std::optional<zab::Zxid> zxid;
  std::optional<zab::Time> from;
  std::optional<zab::Time> to;

  bool Shows(const scenario::Record& record) const {
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
  names.reserve(nodes);
  for (const auto node : sim::IdsUpTo<sim::NodeId>(nodes)) {
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

/// The form in which records are shown.
class TraceShow {
 public:
  virtual ~TraceShow() = default;
  virtual void Add(const scenario::Record& record) = 0;
  /// All records have been added; `time` is that of the last one in the trace.
  virtual void Finish(zab::Time /*time*/) {}
};

class TextShow final : public TraceShow {
 public:
  TextShow(const TraceInput& trace, Language language, bool explain)
      : trace_(trace), language_(language), explain_(explain) {}

  /// A line with what happened; with --explain, one with why and one with what follows.
  void Add(const scenario::Record& record) override {
    std::cout << RecordText(record, trace_.scenario(), language_, trace_.header().bug) << "\n";
    if (!explain_) return;
    const scenario::Explanation explanation =
        scenario::Explain(record, trace_.scenario(), trace_.header().bug);
    const std::string indent(25, ' ');
    std::cout << indent << In(language_, explanation.why) << "\n"
              << indent << In(language_, explanation.next) << "\n";
  }

 private:
  const TraceInput& trace_;
  Language language_;
  bool explain_;
};

class JsonShow final : public TraceShow {
 public:
  explicit JsonShow(const TraceInput& trace) : trace_(trace) {
    std::cout << HeaderLine(trace) << "\n";
  }
  void Add(const scenario::Record& record) override {
    std::cout << RecordJson(record, trace_.scenario()) << "\n";
  }
  void Finish(zab::Time /*time*/) override {
    std::cout << "{\"result\":" << trace_.end().result << ",\"host\":" << trace_.end().host
              << "}\n";
  }

 private:
  const TraceInput& trace_;
};

class PerfettoShow final : public TraceShow {
 public:
  PerfettoShow(const TraceInput& trace, Language language)
      : writer_(std::cout, trace.scenario(), language) {}
  void Add(const scenario::Record& record) override { writer_.Add(record); }
  void Finish(zab::Time time) override { writer_.Finish(time); }

 private:
  PerfettoWriter writer_;
};

std::unique_ptr<TraceShow> ShowOf(const TraceOptions& options, const TraceInput& trace) {
  const Language language = LanguageOf(options.language);
  if (options.json) return std::make_unique<JsonShow>(trace);
  if (options.perfetto) return std::make_unique<PerfettoShow>(trace, language);
  return std::make_unique<TextShow>(trace, language, options.explain);
}

int ShowTrace(const TraceOptions& options) {
  const auto trace = TraceInput::Open(options.file);
  if (!trace.ok()) return Fail(trace.status());
  TraceInput& input = **trace;
  const auto filter = FilterOf(options, input.scenario());
  if (!filter.ok()) return Fail(filter.status());
  const std::unique_ptr<TraceShow> show = ShowOf(options, input);
  zab::Time last;
  for (;;) {
    const auto record = input.Next();
    if (!record.ok()) {
      std::cout << std::flush;
      return Fail(record.status());
    }
    if (!*record) break;
    last = (*record)->time;
    if (filter->Shows(**record)) show->Add(**record);
  }
  show->Finish(last);
  return 0;
}

}  // namespace

Command TraceCommand() {
  const auto options = std::make_shared<TraceOptions>();
  Command command{"trace", "Show a trace as text or as JSON"};
  command.examples = {
      "zabsim run leader-crash --trace=a.trace --quiet",
      "zabsim trace a.trace --zxid=1:40 --explain",
      "zabsim trace a.trace --server=n2 --from=3s --to=3500ms",
      "zabsim trace a.trace --json",
  };
  command.Add("FILE", &options->file, "A file that zabsim run --trace=FILE wrote").Required();
  command.Add("--json", &options->json, "Lines of JSON: what was run, the records, the result");
  command.Add("--text", &options->text, "One line per record (the default)").Excludes("--json");
  command
      .Add("--perfetto", &options->perfetto, "Chrome's JSON with flow arrows, which Perfetto opens")
      .Excludes("--json")
      .Excludes("--text");
  command
      .Add("--explain", &options->explain,
           "With each record, why the protocol does it and what follows")
      .Excludes("--json");
  command.Add("--server", &options->server,
              "Only records of this server or client, or with it at the other end");
  command.Add("--zxid", &options->zxid, "Only this transaction, as in 2:17");
  command.Add("--from", &options->from, "From this virtual time on, as in 2s or 2500ms");
  command.Add("--to", &options->to, "Up to this virtual time");
  AddLanguage(command, options->language);
  command.run = [options] { return ShowTrace(*options); };
  return command;
}

}  // namespace zabsim
