// The header of a trace as JSON; the seed is a decimal string.
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/units.h"
#include "scenarios/runner/trace/trace_format.h"

namespace scenario {

std::string ToJson(const TraceHeader& header) {
  nlohmann::ordered_json out;
  out["format"] = absl::StrCat("zabsim-trace/", kTraceVersion);
  out["scenario"] = header.scenario;
  out["digest"] = header.digest;
  out["seed"] = absl::StrCat(header.seed);
  out["keep_going"] = header.keep_going;
  out["bug"] = header.bug;
  out["peer"] = header.peer;
  out["text"] = header.text;
  return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

absl::StatusOr<TraceHeader> ParseTraceHeader(absl::string_view json) {
  const auto value = nlohmann::json::parse(json.begin(), json.end(), nullptr, false);
  const auto refuse = [](absl::string_view key) {
    return absl::InvalidArgumentError(absl::StrCat("its header has no valid `", key, "`"));
  };
  if (!value.is_object()) return absl::InvalidArgumentError("its header is not a JSON object");
  const auto text = [&value](const char* key, std::string& out) {
    const auto found = value.find(key);
    if (found == value.end() || !found->is_string()) return false;
    out = found->get<std::string>();
    return true;
  };
  TraceHeader header;
  std::string seed;
  if (!text("scenario", header.scenario)) return refuse("scenario");
  if (!text("digest", header.digest)) return refuse("digest");
  if (!text("text", header.text)) return refuse("text");
  if (value.contains("bug") && !text("bug", header.bug)) return refuse("bug");
  if (!text("peer", header.peer)) return refuse("peer");
  const absl::StatusOr<uint64_t> parsed =
      text("seed", seed) ? ParseSeed(seed) : absl::InvalidArgumentError("");
  if (!parsed.ok()) return refuse("seed");
  header.seed = *parsed;
  const auto keep_going = value.find("keep_going");
  if (keep_going == value.end() || !keep_going->is_boolean()) return refuse("keep_going");
  header.keep_going = keep_going->get<bool>();
  return header;
}

}  // namespace scenario
