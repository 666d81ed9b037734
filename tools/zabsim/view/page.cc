// Records go into the page as columns of varints, those of one column together, deflated, in
// base64: which every browser can unpack.  Integers stay below 2^53, and the seed is text.
#include "tools/zabsim/view/page.h"

#include <zlib.h>

#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "protocol/base/check.h"
#include "protocol/wire/operation.h"
#include "scenarios/runner/captions/caption.h"
#include "scenarios/runner/invariants/invariant.h"
#include "scenarios/runner/language/probe_table.h"
#include "scenarios/runner/state/client_states.h"
#include "scenarios/runner/state/cluster_state.h"
#include "tools/zabsim/view/state_changes.h"
#include "tools/zabsim/view/varint.h"

namespace zabsim {
namespace {

using Json = nlohmann::ordered_json;

/// Collects the columns of records.
class ColumnWriter {
 public:
  explicit ColumnWriter(const std::vector<scenario::Record>& records) : records_(records) {}

  template <class Column>
  void Unsigned(Column column) {
    for (const scenario::Record& record : records_) {
      AppendVarint(static_cast<uint64_t>(column(record)), bytes_);
    }
  }
  template <class Column>
  void Signed(Column column) {
    for (const scenario::Record& record : records_) {
      AppendSignedVarint(static_cast<int64_t>(column(record)), bytes_);
    }
  }
  const std::string& bytes() const { return bytes_; }

 private:
  const std::vector<scenario::Record>& records_;
  std::string bytes_;
};

/// In the order in which trace.mjs takes them.
std::string ColumnBytes(const std::vector<scenario::Record>& records,
                        const scenario::Scenario& scenario) {
  using Record = scenario::Record;
  ColumnWriter out(records);
  uint64_t last_id = 0;
  out.Unsigned([&](const Record& r) { return r.id - std::exchange(last_id, r.id); });
  int64_t last_time = 0;
  out.Signed([&](const Record& r) {
    const int64_t now = r.time.nanoseconds;
    return now - std::exchange(last_time, now);
  });
  out.Unsigned([](const Record& r) { return r.node.value; });
  out.Unsigned([](const Record& r) { return r.cause == 0 ? 0 : r.id - r.cause; });
  out.Unsigned([](const Record& r) { return r.event.probe; });
  out.Unsigned([](const Record& r) { return r.event.kind; });
  out.Unsigned([](const Record& r) { return r.event.reason; });
  out.Unsigned([](const Record& r) { return r.event.peer.value; });
  out.Unsigned([](const Record& r) { return r.event.zxid.epoch.value; });
  out.Unsigned([](const Record& r) { return r.event.zxid.counter; });
  out.Unsigned([](const Record& r) { return r.event.epoch.value; });
  out.Signed([](const Record& r) { return r.event.number; });
  out.Signed([](const Record& r) { return r.event.code; });
  out.Unsigned([&](const Record& r) { return scenario::CaptionOf(r, scenario).has_value(); });
  return out.bytes();
}

std::string Deflated(const std::string& bytes) {
  uLongf size = compressBound(bytes.size());
  std::string packed(size, '\0');
  const int code =
      compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), Z_BEST_COMPRESSION);
  ZAB_CHECK(code == Z_OK) << "zlib: " << code;
  packed.resize(size);
  return packed;
}

template <class Enum>
Json NamesOf(int count) {
  Json names = Json::array();
  for (int i = 0; i < count; ++i) names.push_back(std::string(Name(static_cast<Enum>(i))));
  return names;
}

/// The names of all probes of faults.
Json Faults() {
  Json names = Json::array();
  for (const scenario::ProbeRow& row : scenario::kProbeTable) {
    if (row.IsFault()) names.push_back(std::string(Name(row.probe)));
  }
  return names;
}

Json Both(const scenario::Text& text) {
  return {{"en", text.en}, {"zh", text.zh}};
}

/// The operations of clients, by number.
Json OperationsOf(const std::vector<scenario::Record>& records) {
  Json names = Json::object();
  for (const scenario::Record& record : records) {
    if (record.event.probe != scenario::Probe::kInvoked) continue;
    const auto type = static_cast<zab::OpType>(record.event.code);
    names[absl::StrCat(record.event.code)] = std::string(Name(type));
  }
  return names;
}

/// Whether the questions of the lesson are about another run than this one.
bool AsksOfAnotherRun(const scenario::Scenario& scenario, const Json& result) {
  if (!scenario.lesson) return false;
  const std::string hash = result.value("trace_hash", "");
  return !absl::StartsWith(hash, scenario.lesson->trace);
}

/// The stops that the run has reached, in order.
Json LessonOf(const scenario::Scenario& scenario, const Json& result) {
  Json stops = Json::array();
  if (!scenario.lesson || !result.contains("lesson")) return stops;
  if (AsksOfAnotherRun(scenario, result)) return stops;
  for (size_t i = 0; i < scenario.lesson->stops.size(); ++i) {
    const scenario::LessonStop& stop = scenario.lesson->stops[i];
    const Json& record = result["lesson"][i];
    if (record == 0) continue;
    Json choices = Json::array();
    for (const scenario::Text& choice : stop.choices) choices.push_back(Both(choice));
    stops.push_back({{"record", record},
                     {"ask", Both(stop.ask)},
                     {"choices", std::move(choices)},
                     {"answer", stop.answer},
                     {"explain", Both(stop.explain)}});
  }
  return stops;
}

Json ToJson(const std::optional<PageLink>& link, const char* label = nullptr) {
  if (!link) return nullptr;
  Json json{{"href", link->href}, {"title", Both(link->title)}};
  if (label != nullptr) json["label"] = label;
  return json;
}

Json ToJson(const std::optional<PagePlace>& place) {
  if (!place) return nullptr;
  Json other = ToJson(place->without_bug, "fixed");
  if (place->with_bug) other = ToJson(place->with_bug, "bug");
  return {{"index", ToJson(PageLink{place->index, {}})},
          {"previous", ToJson(place->previous)},
          {"next", ToJson(place->next)},
          {"other", std::move(other)}};
}

/// What captions.mjs says of an event of the scenario.
Json ToJson(const scenario::Event& event) {
  Json notes = Json::array();
  for (const scenario::Action& action : event.actions) {
    const auto* note = std::get_if<scenario::Note>(&action);
    notes.push_back(note != nullptr ? Both(note->text) : Json(nullptr));
  }
  return {{"id", event.id}, {"doc", Both(scenario::DocOf(event))}, {"notes", std::move(notes)}};
}

/// What state.mjs must know to read the cells of the state.
Json StateLayout() {
  const StateNames names = NamesOfState();
  return {{"server", names.server},
          {"client", names.client},
          {"link", names.link},
          {"piece", names.piece},
          {"roles", NamesOf<scenario::Role>(scenario::kRoleCount)},
          {"entries", NamesOf<scenario::LogEntry>(scenario::kLogEntryCount)},
          {"statuses", NamesOf<scenario::ClientStatus>(scenario::kClientStatusCount)}};
}

Json MetaOf(const RecordedRun& run, const std::vector<scenario::Record>& records, Detail detail) {
  const scenario::Scenario& scenario = run.scenario;
  Json meta;
  meta["scenario"] = scenario.id;
  meta["title"] = Both(scenario.title);
  meta["doc"] = Both(scenario.doc);
  meta["digest"] = run.digest;
  meta["seed"] = absl::StrCat(run.seed);
  meta["bug"] = run.bug;
  meta["quorum"] = scenario.ServerCount() / 2 + 1;
  meta["servers"] = scenario.cluster.voters;
  meta["clients"] = Json::array();
  for (const scenario::Client& client : scenario.clients) meta["clients"].push_back(client.name);
  meta["clients"].push_back("probe");  // That of the deadline `write_ok`.
  meta["events"] = Json::array();
  for (const scenario::Event& event : scenario.events) {
    meta["events"].push_back(ToJson(event));
  }
  meta["ops"] = OperationsOf(records);
  meta["probes"] = NamesOf<scenario::Probe>(scenario::kProbeCount);
  meta["faults"] = Faults();
  meta["kinds"] = NamesOf<scenario::Kind>(scenario::kKindCount);
  meta["reasons"] = NamesOf<zab::Reason>(zab::kReasonCount);
  meta["state"] = StateLayout();
  meta["count"] = records.size();
  meta["records"] = run.records.size();
  meta["left_out"] = std::string(LeftOut(detail));
  meta["result"] = Json::parse(run.result);
  meta["invariants"] = Json::object();
  for (const Json& violation : meta["result"]["violations"]) {
    const std::string name = violation["invariant"];
    meta["invariants"][name] = Both(scenario::InvariantInWords(name));
  }
  meta["lesson"] = LessonOf(scenario, meta["result"]);
  meta["other_run"] = AsksOfAnotherRun(scenario, meta["result"]);
  return meta;
}

}  // namespace

std::string ForScript(absl::string_view json) {
  return absl::StrReplaceAll(json, {{"<", "\\u003c"}});
}

Page PageOf(const RecordedRun& run, const PageOptions& options,
            const std::optional<PagePlace>& place) {
  const auto [records, detail] = ChooseRecords(run, options.events);
  Json meta = MetaOf(run, records, detail);
  meta["site"] = ToJson(place);
  meta["language"] = options.language;
  const std::string columns = ColumnBytes(records, run.scenario) + StateChanges(run, records);
  const std::string text = meta.dump(-1, ' ', false, Json::error_handler_t::replace);
  return {.html = absl::StrReplaceAll(
              ViewerTemplate(),
              {{"@META@", ForScript(text)}, {"@DATA@", absl::Base64Escape(Deflated(columns))}}),
          .detail = detail,
          .records = records.size(),
          .other_run = meta["other_run"]};
}

}  // namespace zabsim
