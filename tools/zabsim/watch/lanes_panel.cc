// Space and time: one event per row, a lane for each server and client, a message as an arrow in
// the row in which it is sent and again where it is delivered.
#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/captions/caption.h"
#include "scenarios/runner/language/probe_table.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/watch/panels.h"

namespace zabsim {
namespace {

constexpr int kMarkCells = 2;  // The cursor; followed or violated.
constexpr int kNarrowLane = 3;
constexpr int kWideLane = 7;
constexpr Glyph kFollowedGlyph{U'┃', '|'};
constexpr Glyph kClientLaneGlyph{U'│', '|'};
constexpr Glyph kEventGlyph{U'●', 'o'};
constexpr Glyph kSentGlyph{U'○', 'o'};
constexpr Glyph kMilestoneGlyph{U'◆', '*'};
constexpr Glyph kLostGlyph{U'×', 'x'};
constexpr Glyph kToRightGlyph{U'►', '>'};
constexpr Glyph kToLeftGlyph{U'◄', '<'};

/// The part of a message's arrow that tells its kind.
Glyph ArrowGlyph(scenario::Kind kind) {
  if (kind == scenario::Kind::kAckMessage) return {U'╌', '.'};
  if (kind == scenario::Kind::kCommitMessage) return {U'━', '='};
  if (kind == scenario::Kind::kNotificationMessage) return {U'┈', '.'};
  return {U'─', '-'};
}

Look ArrowLook(scenario::Kind kind) {
  if (kind == scenario::Kind::kProposalMessage) return {.color = Color::kCyan};
  if (kind == scenario::Kind::kAckMessage) return {.color = Color::kYellow};
  if (kind == scenario::Kind::kCommitMessage) return {.color = Color::kGreen, .bold = true};
  return {};
}

/// Where the lanes are: all, or those around the one that matters if there are too many.
struct LaneLayout {
  int left = kMarkCells;  // After the time.
  int width = kNarrowLane;
  int first = 1;  // Node.
  int count = 0;

  int text() const { return left + count * width + 1; }
  bool Shows(int node) const { return node >= first && node < first + count; }
  int Center(int node) const { return left + (node - first) * width + width / 2; }
};

/// Wide enough for the longest possible time: the seconds of the last event, and nanoseconds.
int CellsOfTimes(const WatchedRun& run) {
  const int64_t seconds = run.records().back().time.nanoseconds / 1'000'000'000;
  return CellsOf(absl::StrCat(std::max<int64_t>(seconds, 10), ".123456789s "));
}

LaneLayout LayOutLanes(const Panels& panels) {
  LaneLayout layout;
  layout.left += CellsOfTimes(panels.run);
  const int nodes = static_cast<int>(panels.run.names().size()) - 1;
  const int room = (panels.canvas.columns() - layout.left) * 2 / 5;
  layout.width = std::clamp(room / nodes, kNarrowLane, kWideLane);
  layout.count = std::min(nodes, room / layout.width);
  const int chosen = panels.player.lane().value;
  const int matters = chosen != 0 ? chosen : panels.run.record(panels.player.cursor()).node.value;
  if (matters >= layout.count) layout.first = std::min(matters, nodes) - layout.count + 1;
  return layout;
}

class LanesPanel {
 public:
  explicit LanesPanel(const Panels& panels)
      : panels_(panels), canvas_(panels.canvas), layout_(LayOutLanes(panels)) {}

  void Draw(Band band) {
    DrawHeads(band.top);
    const auto& shown = panels_.player.shown();
    const int rows = band.rows - 1;
    const auto position = static_cast<int>(panels_.player.position());
    const auto all = static_cast<int>(shown.size());
    const int first = std::max(0, std::min(position - rows * 3 / 5, all - rows));
    const int last = std::min(all, first + rows);
    if (first >= last) return;
    size_t next = shown[static_cast<size_t>(first)] + 1;
    scenario::ClusterState state = panels_.states.At(next - 1);
    for (int at = first; at < last; ++at) {
      const size_t event = shown[static_cast<size_t>(at)];
      for (; next <= event; ++next) panels_.run.Apply(next, state);
      DrawEvent(band.top + 1 + at - first, event, state);
    }
  }

 private:
  void DrawHeads(int row) {
    const std::string time = panels_.Say(Word{"column.time"});
    canvas_.Put(row, layout_.left - 1 - CellsOf(time), time, {.dim = true});
    for (int node = layout_.first; layout_.Shows(node); ++node) {
      const std::string& name = panels_.run.names()[static_cast<size_t>(node)];
      const bool chosen = panels_.player.lane().value == node;
      const std::string text = Shortened(name, layout_.width - 1);
      canvas_.Put(row, layout_.Center(node) - CellsOf(text) / 2, text,
                  {.bold = true, .reverse = chosen});
    }
    const int nodes = static_cast<int>(panels_.run.names().size()) - 1;
    if (layout_.count == nodes) return;
    canvas_.Put(row, layout_.text(), absl::StrCat(layout_.count, "/", nodes), {.dim = true});
  }

  void DrawEvent(int row, size_t event, const scenario::ClusterState& state) {
    const bool here = event == panels_.player.cursor();
    const bool dim = !panels_.player.StandsOut(event);
    const scenario::Record& record = panels_.run.record(event);
    if (here) canvas_.Put(row, 0, kMarkGlyph, {.bold = true});
    if (panels_.player.followed() && !dim) canvas_.Put(row, 1, kFollowedGlyph, {.bold = true});
    if (IsViolation(event)) canvas_.Put(row, 1, kFaultGlyph, {.color = Color::kRed, .bold = true});
    const std::string time = ToString(record.time);
    canvas_.Put(row, layout_.left - 1 - CellsOf(time), time, {.dim = dim, .reverse = here});
    for (int node = layout_.first; layout_.Shows(node); ++node) DrawLane(row, node, state);
    if (panels_.run.IsMessage(event)) DrawArrow(row, event, dim);
    DrawOwnSign(row, event, dim);
    const scenario::Explanation explanation = panels_.run.Explain(event);
    const std::string text = Shortened(In(panels_.player.language(), explanation.what),
                                       canvas_.columns() - layout_.text());
    canvas_.Put(row, layout_.text(), text,
                {.color = ColorOfTone(panels_, event), .bold = here, .dim = dim && !here});
  }

  bool IsViolation(size_t event) const {
    return std::ranges::any_of(panels_.run.violations(), [event](const WatchedViolation& each) {
      return each.event == event;
    });
  }

  void DrawLane(int row, int node, const scenario::ClusterState& state) {
    const auto server = static_cast<size_t>(node) - 1;
    const bool is_server = server < state.servers().size();
    const Glyph glyph = is_server ? LaneGlyph(state.servers()[server]) : kClientLaneGlyph;
    canvas_.Put(row, layout_.Center(node), glyph, {.dim = true});
  }

  /// From the sender's lane to the receiver's.
  void DrawArrow(int row, size_t event, bool dim) {
    const scenario::Record& record = panels_.run.record(event);
    const bool sent = record.event.probe == scenario::Probe::kMsgSent;
    const int from = sent ? record.node.value : record.event.peer.value;
    const int to = sent ? record.event.peer.value : record.node.value;
    if (!layout_.Shows(from) || !layout_.Shows(to) || from == to) return;
    const int begin = layout_.Center(from);
    const int end = layout_.Center(to);
    Look look = ArrowLook(record.event.kind);
    look.dim = dim;
    canvas_.Fill(row, std::min(begin, end) + 1, std::max(begin, end), ArrowGlyph(record.event.kind),
                 look);
    const bool lost = sent && !panels_.run.Arrives(event);
    const Glyph head = begin < end ? kToRightGlyph : kToLeftGlyph;
    if (lost) look.color = Color::kRed;
    canvas_.Put(row, begin < end ? end - 1 : end + 1, lost ? kLostGlyph : head, look);
  }

  void DrawOwnSign(int row, size_t event, bool dim) {
    const scenario::Record& record = panels_.run.record(event);
    if (!layout_.Shows(record.node.value)) return;
    const scenario::Probe probe = record.event.probe;
    Glyph glyph = probe == scenario::Probe::kMsgSent ? kSentGlyph : kEventGlyph;
    if (panels_.run.IsMilestone(event)) glyph = kMilestoneGlyph;
    if (scenario::RowOf(probe).IsFault()) glyph = kFaultGlyph;
    canvas_.Put(row, layout_.Center(record.node.value), glyph,
                {.color = ColorOfTone(panels_, event), .bold = !dim, .dim = dim});
  }

  const Panels& panels_;
  Canvas& canvas_;
  LaneLayout layout_;
};

}  // namespace

Glyph RoleGlyph(const scenario::ServerState& server) {
  if (server.damaged) return {U'!', '!'};
  if (server.paused) return {U'=', '='};
  if (!server.up()) return {U'×', 'x'};
  return server.role == scenario::Role::kLeading ? Glyph{U'★', '*'} : Glyph{};
}

Glyph LaneGlyph(const scenario::ServerState& server) {
  if (server.paused) return {U'=', '='};
  switch (server.role) {
    case scenario::Role::kLooking: return {U'┊', ':'};
    case scenario::Role::kFollowing: return {U'│', '|'};
    case scenario::Role::kLeading: return {U'┃', '#'};
    case scenario::Role::kDown: break;
  }
  return {U'×', 'x'};
}

Color ColorOfTone(const Panels& panels, size_t event) {
  const auto caption = CaptionOf(panels.run.record(event), panels.run.scenario());
  if (!caption) return Color::kNone;
  switch (caption->tone) {
    case scenario::Tone::kPlain: break;
    case scenario::Tone::kLeader: return Color::kGreen;
    case scenario::Tone::kFault: return Color::kRed;
    case scenario::Tone::kRepair: return Color::kYellow;
    case scenario::Tone::kSync: return Color::kCyan;
  }
  return Color::kNone;
}

void DrawLanes(const Panels& panels, Band band) {
  LanesPanel(panels).Draw(band);
}

}  // namespace zabsim
