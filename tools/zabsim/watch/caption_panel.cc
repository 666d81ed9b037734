// What the event at the cursor means; the life of the transaction that is followed.
#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scenarios/runner/captions/caption.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/watch/panels.h"

namespace zabsim {
namespace {

/// A step in the life of a transaction.
struct LifeStep {
  scenario::Probe probe;
  Word word;
};

constexpr LifeStep kLifeSteps[] = {
    {scenario::Probe::kProposed, Word{"life.proposed"}},
    {scenario::Probe::kLogged, Word{"life.logged"}},
    {scenario::Probe::kSynced, Word{"life.synced"}},
    {scenario::Probe::kAcked, Word{"life.acked"}},
    {scenario::Probe::kQuorum, Word{"life.quorum"}},
    {scenario::Probe::kCommitted, Word{"life.committed"}},
    {scenario::Probe::kDelivered, Word{"life.delivered"}},
    {scenario::Probe::kTruncated, Word{"life.truncated"}},
    {scenario::Probe::kRecovered, Word{"life.lost"}},
};

/// Which servers have taken which steps up to the cursor, each once, in the order in which the
/// steps were first taken.
class LifeOfZxid {
 public:
  LifeOfZxid(const Panels& panels, zab::Zxid zxid) : panels_(panels), zxid_(zxid) {
    for (size_t i = 0; i <= panels.player.cursor(); ++i) Add(panels.run.record(i));
  }

  /// "proposed n3 · written n3 n1".
  std::string Text() const {
    std::vector<std::string> steps;
    for (const LifeStep& step : kLifeSteps) {
      const auto found = who_.find(step.probe);
      if (found == who_.end()) continue;
      steps.push_back(absl::StrCat(panels_.Say(step.word), " ", absl::StrJoin(found->second, " ")));
    }
    return steps.empty() ? panels_.Say(Word{"life.none"}) : absl::StrJoin(steps, " · ");
  }

 private:
  /// Truncation or a restart removes it only from a server that has it.
  void Add(const scenario::Record& record) {
    const scenario::TraceEvent& event = record.event;
    const bool takes =
        event.probe == scenario::Probe::kTruncated || event.probe == scenario::Probe::kRecovered;
    const std::string& name = panels_.run.names()[record.node.value];
    std::vector<std::string>& holders = holders_;
    const auto held = std::ranges::find(holders, name);
    if (takes && event.zxid < zxid_ && held != holders.end()) {
      holders.erase(held);
      Note(event.probe, name);
    } else if (!takes && event.zxid == zxid_) {
      if (event.probe == scenario::Probe::kLogged && held == holders.end()) holders.push_back(name);
      Note(event.probe, name);
    }
  }

  void Note(scenario::Probe probe, const std::string& name) {
    std::vector<std::string>& who = who_[probe];
    if (std::ranges::find(who, name) == who.end()) who.push_back(name);
  }

  const Panels& panels_;
  zab::Zxid zxid_;
  std::vector<std::string> holders_;  // Servers that have it in their logs.
  absl::btree_map<scenario::Probe, std::vector<std::string>> who_;
};

class CaptionPanel {
 public:
  CaptionPanel(const Panels& panels, Band band)
      : panels_(panels), canvas_(panels.canvas), row_(band.top), end_(band.top + band.rows) {}

  void Draw() {
    const Player& player = panels_.player;
    DrawRule(canvas_, row_++, Head());
    const scenario::Explanation said = panels_.run.Explain(player.cursor());
    Put(In(player.language(), said.what), 1, {.bold = true});
    if (DrawViolations()) return;
    const int life = player.followed() ? std::max(1, left() / 2) : 0;
    if (life > 0) {
      const std::string steps = LifeOfZxid(panels_, *player.followed()).Text();
      Put(panels_.Say(Word{"line.life"}, {{"zxid", ToString(*player.followed())}, {"text", steps}}),
          life, {});
    }
    const int why = (left() + 1) / 2;
    Put(panels_.Say(Word{"line.why"}, {{"text", In(player.language(), said.why)}}), why, {});
    Put(panels_.Say(Word{"line.next"}, {{"text", In(player.language(), said.next)}}), left(), {});
    DrawCause();
  }

 private:
  int left() const { return end_ - row_; }

  /// "#1541  1.632492772s  78 / 8,392  following 1:40".
  std::string Head() const {
    const Player& player = panels_.player;
    const scenario::Record& record = panels_.run.record(player.cursor());
    std::string head =
        absl::StrCat("#", record.id, " · ", ToString(record.time), " · ",
                     Grouped(player.position() + 1), " / ", Grouped(player.shown().size()));
    if (player.followed()) {
      absl::StrAppend(&head, " · ",
                      panels_.Say(Word{"following"}, {{"zxid", ToString(*player.followed())}}));
    }
    if (player.lane().value != 0) {
      const std::string& name = panels_.run.names()[player.lane().value];
      absl::StrAppend(&head, " · ", panels_.Say(Word{"chosen"}, {{"name", name}}));
    }
    if (player.shows_heartbeats()) {
      absl::StrAppend(&head, " · ", panels_.Say(Word{"with-heartbeats"}));
    }
    return head;
  }

  /// If there is room for it.
  void DrawCause() {
    const uint64_t cause = panels_.run.record(panels_.player.cursor()).cause;
    if (cause == 0) return;
    const scenario::Explanation said = panels_.run.Explain(panels_.run.AtId(cause));
    Put(panels_.Say(Word{"line.cause"}, {{"name", absl::StrCat("#", cause)},
                                         {"text", In(panels_.player.language(), said.what)}}),
        1, {});
  }

  /// The facts of those that were found at the cursor; whether there are any.
  bool DrawViolations() {
    const Language language = panels_.player.language();
    bool any = false;
    for (const WatchedViolation& violation : panels_.run.violations()) {
      if (violation.event != panels_.player.cursor() || left() == 0) continue;
      const int lines = any ? std::min(1, left()) : std::max(1, left() - 1);
      Put(absl::StrCat("✖ ", panels_.Say(Word{"fact"}, {{"name", In(language, violation.invariant)},
                                                        {"text", In(language, violation.facts)}})),
          lines, {.color = Color::kRed});
      any = true;
    }
    return any;
  }

  void Put(const std::string& text, int lines, Look look) {
    lines = std::min(lines, left());
    if (lines <= 0) return;
    for (const std::string& line : Wrapped(text, canvas_.columns(), static_cast<size_t>(lines))) {
      canvas_.Put(row_++, 0, line, look);
    }
  }

  const Panels& panels_;
  Canvas& canvas_;
  int row_, end_;
};

}  // namespace

void DrawRule(Canvas& canvas, int row, const std::string& text) {
  canvas.Fill(row, 0, canvas.columns(), kRuleGlyph, {.dim = true});
  canvas.Put(row, 2, Shortened(absl::StrCat(" ", text, " "), canvas.columns() - 4));
}

void DrawCaption(const Panels& panels, Band band) {
  CaptionPanel(panels, band).Draw();
}

}  // namespace zabsim
