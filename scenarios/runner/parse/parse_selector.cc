// Reads and writes selectors.  The grammar; the parentheses hold a selector:
//
//   n2 | leader | leader@2 | followers | any(...) | minority | majority_without(...)
//   | @self | @ev.target | $z.acked_by | $n
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "scenarios/runner/language/probe_table.h"
#include "scenarios/runner/parse/codecs.h"

namespace scenario {
namespace {

constexpr absl::string_view kWantedSelector =
    "wanted a selector: a server, leader, leader@EPOCH, followers, any(...), minority, "
    "majority_without(...), @self, @EVENT.target, $ZXID.acked_by, or a list of these";

class SelectorReader {
 public:
  SelectorReader(ReadContext& in, const Place& at, bool clients)
      : in_(in), at_(at), clients_(clients) {}

  void Read(absl::string_view text, Selector& out) {
    if (text == "followers") {
      out.form = Selector::Followers{};
    } else if (text == "minority") {
      out.form = Selector::Minority{};
    } else if (text == "leader") {
      out.form = Selector::Leader{};
    } else if (text == "@self") {
      if (!in_.self) in_.problems.Add(at_, "\"@self\" has a meaning only with a `when` trigger");
      out.form = Selector::Self{};
    } else if (absl::ConsumePrefix(&text, "leader@")) {
      ReadEpoch(text, out);
    } else if (absl::EndsWith(text, ")") && absl::ConsumePrefix(&text, "any(")) {
      ReadInside<Selector::Any>(text, out);
    } else if (absl::EndsWith(text, ")") && absl::ConsumePrefix(&text, "majority_without(")) {
      ReadInside<Selector::MajorityWithout>(text, out);
    } else if (absl::ConsumePrefix(&text, "@")) {
      ReadTarget(text, out);
    } else if (absl::StartsWith(text, "$")) {
      ReadBound(text, out);
    } else {
      ReadNode(text, out);
    }
  }

 private:
  // `text` begins after the opening parenthesis and ends with the closing one.
  template <class Form>
  void ReadInside(absl::string_view text, Selector& out) {
    constexpr int kDeepest = 4;
    if (++depth_ > kDeepest) return Wrong(in_, at_, "wanted selectors nested at most 4 deep");
    Form form;
    Read(text.substr(0, text.size() - 1), form.of.emplace_back());
    out.form = std::move(form);
  }

  void ReadEpoch(absl::string_view text, Selector& out) {
    zab::Epoch epoch;
    if (text.empty() || !absl::ascii_isdigit(static_cast<unsigned char>(text[0])) ||
        !absl::SimpleAtoi(text, &epoch.value)) {
      return Wrong(in_, at_, kWantedSelector);
    }
    out.form = Selector::Leader{epoch};
  }

  void ReadTarget(absl::string_view text, Selector& out) {
    if (!absl::ConsumeSuffix(&text, ".target")) return Wrong(in_, at_, kWantedSelector);
    const auto event = Lookup(in_, at_, text, in_.names.events, "the id of an event");
    if (event.has_value()) out.form = Selector::TargetOf{EventIndex{*event}};
  }

  void ReadBound(absl::string_view text, Selector& out) {
    const bool acked_by = absl::ConsumeSuffix(&text, ".acked_by");
    const std::vector<Column> columns = acked_by
                                            ? std::vector{Column::kZxid}
                                            : std::vector{Column::kBy, Column::kTo, Column::kFrom};
    const std::optional<VariableIndex> variable = ReadVariable(in_, at_, text, columns);
    if (!variable.has_value()) return;
    if (acked_by) {
      out.form = Selector::AckedBy{*variable};
    } else {
      out.form = Selector::Bound{*variable};
    }
  }

  void ReadNode(absl::string_view text, Selector& out) {
    const std::optional<NodeId> node = FindNode(in_.names, text);
    if (!node.has_value()) {
      std::vector<std::string> words = in_.names.servers.all();
      words.insert(words.end(), {"leader", "followers", "any(followers)", "minority", "@self",
                                 "majority_without(leader)"});
      return Wrong(in_, at_, kWantedSelector, HintFor(text, words));
    }
    if (!clients_ && node->value > in_.names.servers.size()) {
      return Wrong(in_, at_, "wanted servers only", ", which is a client");
    }
    out.form = Selector::Node{*node};
  }

  ReadContext& in_;
  const Place& at_;
  const bool clients_;
  int depth_ = 0;
};

void ReadSelector(ReadContext& in, const Place& at, bool clients, Selector& out) {
  if (at.value.Is(Value::Type::kString)) {
    return SelectorReader(in, at, clients).Read(at.value.text, out);
  }
  if (!HasType(in, at, Value::Type::kArray, kWantedSelector)) return;
  if (at.value.children.empty()) in.problems.Add(at, "wanted at least one item, found none");
  Selector::List list;
  for (const Value& item : at.value.children) {
    const Place place{item, &at};
    if (!HasType(in, place, Value::Type::kString, kWantedSelector)) continue;
    SelectorReader(in, place, clients).Read(item.text, list.parts.emplace_back());
  }
  out.form = std::move(list);
}

// The text of a selector that is not a list.
struct WriteForm {
  const Scenario& s;

  std::string operator()(const Selector::List&) const { return ""; }
  std::string operator()(const Selector::Node& x) const { return s.NameOf(x.node); }
  std::string operator()(const Selector::Leader& x) const {
    return x.epoch.has_value() ? absl::StrCat("leader@", x.epoch->value) : "leader";
  }
  std::string operator()(const Selector::Followers&) const { return "followers"; }
  std::string operator()(const Selector::Any& x) const {
    return absl::StrCat("any(", std::visit(*this, x.of[0].form), ")");
  }
  std::string operator()(const Selector::Minority&) const { return "minority"; }
  std::string operator()(const Selector::MajorityWithout& x) const {
    return absl::StrCat("majority_without(", std::visit(*this, x.of[0].form), ")");
  }
  std::string operator()(const Selector::Self&) const { return "@self"; }
  std::string operator()(const Selector::TargetOf& x) const {
    return absl::StrCat("@", s.events[x.event.value].id, ".target");
  }
  std::string operator()(const Selector::AckedBy& x) const {
    return absl::StrCat("$", s.variables[x.zxid.value].name, ".acked_by");
  }
  std::string operator()(const Selector::Bound& x) const {
    return absl::StrCat("$", s.variables[x.node.value].name);
  }
};

}  // namespace

void ReadValue(ReadContext& in, const Place& at, Selector& out) {
  ReadSelector(in, at, false, out);
}
void NodeSelector::Read(ReadContext& in, const Place& at, Selector& out) const {
  ReadSelector(in, at, true, out);
}

Value WriteValue(const Scenario& s, const Selector& value) {
  const auto* list = std::get_if<Selector::List>(&value.form);
  if (list == nullptr) return Value::String(std::visit(WriteForm{s}, value.form));
  Value out = Value::Array();
  for (const Selector& part : list->parts) out.children.push_back(WriteValue(s, part));
  return out;
}

std::optional<VariableIndex> ReadVariable(ReadContext& in, const Place& at,
                                          absl::string_view dollar_name,
                                          const std::vector<Column>& columns) {
  const absl::string_view name = absl::StripPrefix(dollar_name, "$");
  const std::optional<size_t> found =
      Lookup(in, at, name, in.names.variables, "a name that the `bind` of an event gives");
  if (!found.has_value()) return std::nullopt;
  const EventIndex event = in.names.bound_by[*found];
  const auto refuse = [&](absl::string_view why) {
    in.problems.Add(at, absl::StrCat("\"$", name, "\" ", why));
    return std::nullopt;
  };
  if (event.value >= in.visible_events) {
    return refuse(absl::StrCat("is bound by event \"", in.names.events[event.value],
                               "\", which is not before this one in the list"));
  }
  const std::vector<Variable>& variables = in.scenario.variables;
  if (*found >= variables.size())
    return std::nullopt;  // A problem in its `bind` has been reported.
  std::vector<std::string> wanted;
  for (const Column column : columns) {
    if (variables[*found].column == column) return VariableIndex{*found};
    wanted.emplace_back(Name(column));
  }
  return refuse(absl::StrCat("is bound to \"", Name(variables[*found].column),
                             "\"; here: ", absl::StrJoin(wanted, " or ")));
}

}  // namespace scenario
