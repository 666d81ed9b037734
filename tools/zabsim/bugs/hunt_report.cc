// Times in the table are CPU seconds with two decimals, in JSON CPU nanoseconds; a median that lies
// between two numbers of runs has one decimal.
#include "tools/zabsim/bugs/hunt_report.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/zabsim/bugs/median.h"
#include "tools/zabsim/campaign/json_parts.h"

namespace zabsim {
namespace {

using What = std::optional<Cost> Chase::*;

std::vector<std::optional<uint64_t>> Each(const Hunted& hunted, What what,
                                          uint64_t Cost::* number) {
  std::vector<std::optional<uint64_t>> all;
  for (const Chase& chase : hunted.chases) {
    const std::optional<Cost>& cost = chase.*what;
    all.push_back(cost ? std::optional((*cost).*number) : std::nullopt);
  }
  return all;
}

std::string RunsText(Halves halves) {
  return absl::StrCat(halves.count / 2, halves.count % 2 == 0 ? "" : ".5");
}

std::string SecondsText(Halves nanoseconds) {
  const uint64_t hundredths = (nanoseconds.count / 2 + 5'000'000) / 10'000'000;
  return absl::StrFormat("%d.%02d", hundredths / 100, hundredths % 100);
}

/// "39.5 (12–80)"; "–" is what was not found.
std::string Cell(const MedianInterval& interval, std::string (*text)(Halves)) {
  const auto whole = [&](std::optional<uint64_t> end) {
    return end ? text(Halves{2 * *end}) : std::string("–");
  };
  std::string cell = interval.median ? text(*interval.median) : std::string("–");
  if (!interval.has_interval) return cell;
  return absl::StrCat(cell, " (", whole(interval.low), " to ", whole(interval.high), ")");
}

std::string Cells(const Hunted& hunted, What what) {
  return absl::StrCat(Cell(MedianOf(Each(hunted, what, &Cost::runs)), RunsText), " | ",
                      Cell(MedianOf(Each(hunted, what, &Cost::cpu_nanoseconds)), SecondsText));
}

std::string SmallCell(const Hunted& hunted) {
  if (!hunted.small || !hunted.small->trouble.empty()) return "";
  const SmallCase& small = *hunted.small;
  return absl::StrCat(small.servers, ", ", small.faults, ", ", small.operations);
}

Json NumberJson(std::optional<uint64_t> number) {
  return number ? Json(*number) : Json();
}

Json CostJson(const std::optional<Cost>& cost) {
  if (!cost) return nullptr;
  return {{"runs", cost->runs}, {"cpu_nanoseconds", cost->cpu_nanoseconds}};
}

Json IntervalJson(const MedianInterval& interval) {
  Json json;
  json["median"] = interval.median ? Json(RunsText(*interval.median)) : Json();
  json["interval"] = nullptr;
  if (interval.has_interval) {
    json["interval"] = {NumberJson(interval.low), NumberJson(interval.high)};
  }
  return json;
}

Json IntervalsJson(const Hunted& hunted, What what) {
  return {{"runs", IntervalJson(MedianOf(Each(hunted, what, &Cost::runs)))},
          {"cpu_nanoseconds", IntervalJson(MedianOf(Each(hunted, what, &Cost::cpu_nanoseconds)))}};
}

}  // namespace

std::string HuntHeader() {
  return "| bug | found | runs to anything | CPU s to anything | named by | runs to that | "
         "CPU s to that | servers, faults, operations left | what others needed |\n"
         "|---|---|---|---|---|---|---|---|---|";
}

std::string HuntRow(const Hunted& hunted) {
  return absl::StrCat("| ", hunted.bug->id, " | ", hunted.Found(), " of ", hunted.chases.size(),
                      " | ", Cells(hunted, &Chase::anything), " | ", hunted.bug->violates, " | ",
                      Cells(hunted, &Chase::named), " | ", SmallCell(hunted), " | ",
                      hunted.bug->cost, " |");
}

std::string ToJson(const Hunted& hunted, const HuntOptions& options) {
  Json json;
  json["bug"] = hunted.bug->id;
  json["violates"] = hunted.bug->violates;
  json["repeat"] = options.repeat;
  json["budget_nanoseconds"] = options.budget.count();
  json["jobs"] = options.jobs;
  json["found"] = hunted.Found();
  json["anything"] = IntervalsJson(hunted, &Chase::anything);
  json["named"] = IntervalsJson(hunted, &Chase::named);
  json["campaigns"] = Json::array();
  for (const Chase& chase : hunted.chases) {
    json["campaigns"].push_back({{"root_seed", absl::StrCat(chase.root_seed)},
                                 {"spent", CostJson(chase.spent)},
                                 {"anything", CostJson(chase.anything)},
                                 {"named", CostJson(chase.named)}});
  }
  json["small"] = nullptr;
  if (hunted.small) {
    json["small"] = ToJson(*hunted.small);
    json["small"]["file"] = hunted.small_file;
  }
  json["published"] = hunted.bug->cost;
  json["interrupted"] = hunted.interrupted;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace zabsim
