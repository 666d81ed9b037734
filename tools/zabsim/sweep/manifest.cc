// What the file says is read from the file again; the manifest only has to agree with it.
#include "tools/zabsim/sweep/manifest.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/measure/metrics.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/cli/version.h"
#include "tools/zabsim/cli/words.h"

namespace zabsim {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr char kSweepFormat[] = "zabsim-sweep/1";

OrderedJson ParametersJson(const scenario::Sweep& sweep) {
  OrderedJson list = OrderedJson::array();
  for (const auto& [name, values] : sweep.matrix) {
    OrderedJson& parameter = list.emplace_back();
    parameter["name"] = name;
    for (const scenario::SweepValue& value : values) parameter["values"].push_back(value.label);
  }
  return list;
}

OrderedJson CellsJson(const SweepManifest& manifest) {
  OrderedJson list = OrderedJson::array();
  const std::vector<std::string> parameters = ParametersOf(manifest);
  for (size_t i = 0; i < manifest.cells.size(); ++i) {
    OrderedJson& cell = list.emplace_back();
    for (size_t k = 0; k < parameters.size(); ++k) {
      cell["values"][parameters[k]] = manifest.cells[i].labels[k];
    }
    cell["digest"] = manifest.digests[i];
  }
  return list;
}

OrderedJson SeedsJson(const SweepManifest& manifest) {
  OrderedJson list = OrderedJson::array();
  for (uint64_t i = 0; i < manifest.sweep().MostRepeats(); ++i) {
    list.push_back(absl::StrCat(manifest.seeds()[i]));
  }
  return list;
}

OrderedJson MetricsJson() {
  OrderedJson table = OrderedJson::object();
  for (const scenario::MetricInfo& metric : scenario::AllMetrics()) {
    table[std::string(metric.name)] = {{"unit", std::string(metric.unit)},
                                       {"en", std::string(metric.en)},
                                       {"zh", std::string(metric.zh)}};
  }
  return table;
}

std::string CommandOf(const SweepManifest& manifest) {
  std::string command =
      absl::StrCat("zabsim sweep ", Shell(manifest.file), ShellOverrides(manifest.overrides));
  if (!manifest.peer.empty()) absl::StrAppend(&command, " --peer=", manifest.peer);
  return command;
}

std::string TextOf(const SweepManifest& manifest, uint64_t shard, uint64_t shards) {
  const scenario::Sweep& sweep = manifest.sweep();
  OrderedJson json;
  json["format"] = kSweepFormat;
  json["scenario"] = manifest.document.scenario().id;
  json["file"] = manifest.file;
  json["digest"] = manifest.document.digest();
  json["set"] = manifest.overrides;
  if (!manifest.peer.empty()) json["peer"] = manifest.peer;
  json["design"] = std::string(Name(sweep.design));
  json["parameters"] = ParametersJson(sweep);
  json["cells"] = CellsJson(manifest);
  json["repeat"] = sweep.repeat;
  if (sweep.precision) {
    const scenario::SweepPrecision& precision = *sweep.precision;
    json["precision"] = {
        {"metric", precision.metric},
        {"within", absl::StrCat(precision.within.numerator, "/", precision.within.denominator)},
        {"most", precision.most}};
  }
  json["seeds"] = SeedsJson(manifest);
  json["shard"] = shard;
  json["shards"] = shards;
  json["build"] = BuildText();
  json["commit"] = CommitText();
  json["compiler"] = CompilerText();
  json["command"] = CommandOf(manifest);
  json["metrics"] = MetricsJson();
  return json.dump(1) + "\n";
}

absl::Status NoSweep(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", why,
                   "; wanted the manifest.json of a sweep, as `zabsim sweep --out=DIR` makes it"));
}

}  // namespace

bool SweepManifest::Owns(const SweepRun& run) const {
  const uint64_t number = sweep().precision ? run.cell : IndexOf(run);
  return number % shards == shard - 1;
}

std::vector<std::string> ParametersOf(const SweepManifest& manifest) {
  std::vector<std::string> names;
  for (const auto& [name, values] : manifest.sweep().matrix) names.push_back(name);
  return names;
}

absl::StatusOr<SweepManifest> MakeManifest(const std::string& file,
                                           const std::vector<std::string>& overrides,
                                           const std::string& peer) {
  auto document = scenario::Document::Load(file, overrides);
  if (!document.ok()) return document.status();
  if (!document->scenario().sweep) {
    return absl::InvalidArgumentError(
        absl::StrCat(file,
                     ": wanted a key \"sweep\", found none; scenarios/MEASURING.md describes "
                     "it, and `zabsim run` makes the file's own runs"));
  }
  SweepManifest manifest{.file = file, .overrides = overrides, .peer = peer, .document = *document};
  manifest.cells = scenario::CellsOf(manifest.sweep(), manifest.seeds()[0]);
  if (manifest.cells.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": /sweep/exclude: wanted a cell that is left, found none"));
  }
  for (const scenario::SweepCell& cell : manifest.cells) {
    const auto of_cell = scenario::LoadCell(file, overrides, manifest.sweep(), cell);
    if (!of_cell.ok()) return of_cell.status();
    manifest.digests.push_back(of_cell->digest());
  }
  return manifest;
}

absl::StatusOr<scenario::Document> DocumentOf(const SweepManifest& manifest, uint64_t cell) {
  return scenario::LoadCell(manifest.file, manifest.overrides, manifest.sweep(),
                            manifest.cells[cell]);
}

std::string ToText(const SweepManifest& manifest) {
  return TextOf(manifest, manifest.shard, manifest.shards);
}

std::string TextOfWhole(const SweepManifest& manifest) {
  return TextOf(manifest, 1, 1);
}

absl::StatusOr<SweepManifest> ReadManifest(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  const auto json = OrderedJson::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return NoSweep(path, "is not JSON");
  try {
    if (json.at("format") != kSweepFormat) return NoSweep(path, "is of another format");
    auto manifest = MakeManifest(json.at("file"), json.at("set").get<std::vector<std::string>>(),
                                 json.value("peer", ""));
    if (!manifest.ok()) return manifest.status();
    manifest->shard = json.at("shard");
    manifest->shards = json.at("shards");
    if (manifest->shard < 1 || manifest->shard > manifest->shards) {
      return NoSweep(path, "its shard is none");
    }
    if (ToText(*manifest) == *text) return manifest;
    return absl::InvalidArgumentError(absl::StrCat(
        path, ": its file has changed since, or this build is another than that of the sweep (",
        json.value("build", ""), ", ", json.value("commit", ""), ", ", json.value("compiler", ""),
        "); go on with those, or with a new --out"));
  } catch (const OrderedJson::exception& error) {
    return NoSweep(path, error.what());
  }
}

}  // namespace zabsim
