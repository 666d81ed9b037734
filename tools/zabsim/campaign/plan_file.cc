// Seeds are decimal strings, as everywhere in JSON.
#include "tools/zabsim/campaign/plan_file.h"

#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/search/state_watch.h"
#include "tools/zabsim/campaign/file_io.h"

namespace zabsim {
namespace {

constexpr char kPlanFormat[] = "zabsim-campaign/2";

absl::Status NoPlan(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", why, "; wanted the campaign.json of a campaign (", kPlanFormat,
                   "), as `zabsim fuzz --out=DIR` makes it"));
}

nlohmann::ordered_json ToJson(const Planned& planned) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (planned.runs) json["runs"] = *planned.runs;
  if (planned.time) json["time_seconds"] = planned.time->count();
  if (planned.cpu) json["cpu_nanoseconds"] = planned.cpu->nanoseconds;
  return json;
}

Planned PlannedFrom(const nlohmann::json& json) {
  Planned planned;
  if (json.contains("runs")) planned.runs = json.at("runs").get<uint64_t>();
  if (json.contains("time_seconds")) {
    planned.time = std::chrono::seconds(json.at("time_seconds").get<int64_t>());
  }
  if (json.contains("cpu_nanoseconds")) {
    planned.cpu = zab::Nanoseconds(json.at("cpu_nanoseconds").get<int64_t>());
  }
  return planned;
}

/// The larger one, where there is one.
template <class T>
void TakeLarger(const std::optional<T>& other, std::optional<T>& into) {
  if (other && (!into || *into < *other)) into = other;
}

}  // namespace

void Planned::Merge(const Planned& other) {
  TakeLarger(other.runs, runs);
  TakeLarger(other.time, time);
  TakeLarger(other.cpu, cpu);
}

std::string ToText(const CampaignPlan& plan) {
  nlohmann::ordered_json json;
  json["format"] = kPlanFormat;
  json["fingerprint_version"] = scenario::kFingerprintVersion;
  json["files"] = nlohmann::ordered_json::array();
  for (const CampaignPlan::File& file : plan.files) {
    json["files"].push_back({{"path", file.path}, {"digest", file.digest}});
  }
  json["set"] = plan.overrides;
  if (!plan.peer.empty()) json["peer"] = plan.peer;
  json["root_seed"] = absl::StrCat(plan.root_seed);
  json["strategy"] = scenario::ToString(plan.mix);
  json["shard"] = plan.shard;
  json["shards"] = plan.shards;
  json["planned"] = ToJson(plan.planned);
  return json.dump(2) + "\n";
}

absl::StatusOr<CampaignPlan> ReadPlan(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  const auto json = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return NoPlan(path, "is not JSON");
  CampaignPlan plan;
  try {
    if (json.at("format") != kPlanFormat) return NoPlan(path, "is of another format");
    if (json.at("fingerprint_version") != scenario::kFingerprintVersion) {
      return NoPlan(path, "counts states in another way; start a new directory");
    }
    for (const auto& file : json.at("files"))
      plan.files.push_back({file.at("path"), file.at("digest")});
    plan.overrides = json.at("set").get<std::vector<std::string>>();
    plan.peer = json.value("peer", "");
    if (!absl::SimpleAtoi(json.at("root_seed").get<std::string>(), &plan.root_seed)) {
      return NoPlan(path, "its root_seed is no number");
    }
    const auto mix = scenario::ParseMix(json.at("strategy").get<std::string>());
    if (!mix.ok()) return NoPlan(path, mix.status().message());
    plan.mix = *mix;
    plan.shard = json.at("shard").get<uint64_t>();
    plan.shards = json.at("shards").get<uint64_t>();
    plan.planned = PlannedFrom(json.at("planned"));
  } catch (const nlohmann::json::exception& error) {
    return NoPlan(path, error.what());
  }
  return plan;
}

bool IsSameCampaign(const CampaignPlan& a, const CampaignPlan& b) {
  CampaignPlan other = b;
  other.shard = a.shard;
  other.planned = a.planned;
  return ToText(a) == ToText(other);
}

absl::Status AddFile(const std::string& path, CampaignPlan& plan,
                     std::vector<scenario::Document>& documents) {
  auto document = scenario::Document::Load(path, plan.overrides);
  if (!document.ok()) return document.status();
  plan.files.push_back({path, document->digest()});
  documents.push_back(*std::move(document));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<scenario::Document>> LoadFiles(const CampaignPlan& plan) {
  std::vector<scenario::Document> documents;
  for (const CampaignPlan::File& file : plan.files) {
    auto document = scenario::Document::Load(file.path, plan.overrides);
    if (!document.ok()) return document.status();
    if (document->digest() != file.digest) {
      return absl::InvalidArgumentError(
          absl::StrCat(file.path, ": has changed since this campaign began (digest ",
                       document->digest(), ", was ", file.digest, "); go on with a new --out"));
    }
    documents.push_back(*std::move(document));
  }
  return documents;
}

}  // namespace zabsim
