// Integers stay below 2^53 in JSON; ids and hashes, which do not, are strings.
#include "tools/zabsim/trace_file.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/diagnostics.h"
#include "scenarios/runner/source.h"
#include "scenarios/runner/text.h"

namespace zabsim {
namespace {

constexpr absl::string_view kTraceBegin = "{\"format\":\"zabsim-trace/1\"";

std::string Header(const scenario::Scenario& scenario, const std::string& digest, uint64_t seed) {
  std::string servers;
  for (const std::string& name : scenario.cluster.voters) {
    absl::StrAppend(&servers, servers.empty() ? "" : ",", "\"", name, "\"");
  }
  return absl::StrCat(kTraceBegin, ",\"scenario\":\"", scenario.id,
                      "\",\"digest\":\"", digest, "\",\"seed\":\"", seed, "\",\"servers\":[",
                      servers, "]}\n");
}

void AppendText(std::string& line, absl::string_view key, absl::string_view value) {
  absl::StrAppend(&line, ",\"", key, "\":\"", value, "\"");
}

void AppendHash(std::string& line, absl::string_view key, uint64_t value) {
  if (value != 0) AppendText(line, key, absl::StrCat(absl::Hex(value, absl::kZeroPad16)));
}

}  // namespace

absl::StatusOr<std::optional<TraceHeader>> ReadTraceHeader(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!file) return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
  std::getline(file, line);
  if (!absl::StartsWith(line, kTraceBegin)) return std::optional<TraceHeader>();
  scenario::Diagnostics problems(path);
  const std::optional<scenario::Value> value = scenario::ParseJson(line, problems);
  if (!value) return problems.ToStatus();
  const auto text = [&value](absl::string_view key) {
    const scenario::Value* member = value->Find(key);
    return member == nullptr ? std::string() : member->text;
  };
  const absl::StatusOr<uint64_t> seed = scenario::ParseSeed(text("seed"));
  TraceHeader header{.scenario = text("scenario"), .digest = text("digest")};
  if (header.scenario.empty() || header.digest.empty() || !seed.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, ":1: wanted a trace's header with scenario, digest and seed, found ", line));
  }
  header.seed = *seed;
  return std::optional<TraceHeader>(std::move(header));
}

absl::Status TraceFile::Open(const std::string& path, const scenario::Scenario& scenario,
                             const std::string& digest, uint64_t seed) {
  path_ = path;
  scenario_ = &scenario;
  file_.open(path, std::ios::trunc);
  file_ << Header(scenario, digest, seed) << std::flush;
  if (!file_) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": cannot be written; --trace needs a file in a folder that exists"));
  }
  return absl::OkStatus();
}

void TraceFile::Write(const sim::Record& record) {
  const zab::TraceEvent& event = record.event;
  std::string line = absl::StrCat("{\"id\":", record.id, ",\"t\":", record.time.nanoseconds,
                                  ",\"cause\":", record.cause);
  if (record.node.value != 0) {
    AppendText(line, "by", scenario_->NameOf(zab::ServerId{record.node.value}));
  }
  AppendText(line, "on", zab::Name(event.probe));
  if (event.kind != zab::Kind::kNone) AppendText(line, "kind", zab::Name(event.kind));
  if (event.reason != zab::Reason::kNone) AppendText(line, "reason", zab::Name(event.reason));
  if (event.peer.value != 0) AppendText(line, "peer", scenario_->NameOf(event.peer));
  if (event.epoch.value != 0) absl::StrAppend(&line, ",\"epoch\":", event.epoch.value);
  if (event.zxid != zab::Zxid{}) AppendText(line, "zxid", ToString(event.zxid));
  if (event.client != 0) AppendText(line, "client", absl::StrCat(event.client));
  if (event.number != 0) absl::StrAppend(&line, ",\"number\":", event.number);
  if (event.code != 0) absl::StrAppend(&line, ",\"code\":", event.code);
  AppendHash(line, "txn", event.txn);
  AppendHash(line, "tree", event.tree);
  if (event.connection != 0) absl::StrAppend(&line, ",\"connection\":", event.connection);
  file_ << line << "}\n";
}

absl::Status TraceFile::Close() {
  file_.close();
  if (file_) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(path_, ": could not be written to its end; disk full?"));
}

}  // namespace zabsim
