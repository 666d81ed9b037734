// The state of each server, and which of the newest transactions it has: synced, or written so that
// a power loss would take them.
#include <algorithm>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/watch/panels.h"

namespace zabsim {
namespace {

constexpr int kMostZxids = 16;
constexpr int kWideTable = 72;  // Columns from which phase and promise are shown too.

/// The newest entries of all servers, oldest first, at most `most`.
std::vector<zab::Zxid> NewestZxids(const scenario::ClusterState& state, size_t most) {
  absl::btree_set<zab::Zxid> found;
  for (const scenario::ServerState& server : state.servers()) {
    size_t left = most;
    for (auto range = server.history.log().rbegin();
         range != server.history.log().rend() && left > 0; ++range) {
      for (zab::Zxid zxid = range->last; zxid >= range->first && left > 0; --zxid.counter, --left) {
        found.insert(zxid);
        if (zxid.counter == 0) break;
      }
    }
  }
  while (found.size() > most) found.erase(found.begin());
  return {found.begin(), found.end()};
}

Glyph EntryGlyph(scenario::LogEntry entry) {
  switch (entry) {
    case scenario::LogEntry::kAbsent: break;
    case scenario::LogEntry::kBase: return kBaseGlyph;
    case scenario::LogEntry::kVolatile: return kVolatileGlyph;
    case scenario::LogEntry::kSynced: return kSyncedGlyph;
    case scenario::LogEntry::kClaimed: return kClaimedGlyph;
    case scenario::LogEntry::kInDoubt: return kInDoubtGlyph;
  }
  return {};
}

Color EntryColor(scenario::LogEntry entry) {
  if (entry == scenario::LogEntry::kVolatile) return Color::kYellow;
  const bool missing =
      entry == scenario::LogEntry::kClaimed || entry == scenario::LogEntry::kInDoubt;
  return missing ? Color::kRed : Color::kNone;
}

std::string PhaseText(scenario::Kind phase) {
  if (phase == scenario::Kind::kNone) return "";
  if (phase == scenario::Kind::kSynchronization) return "SYNC";
  return absl::AsciiStrToUpper(Name(phase));
}

std::string EpochText(zab::Epoch epoch) {
  return absl::StrCat(epoch.value);
}

class ServersPanel {
 public:
  explicit ServersPanel(const Panels& panels)
      : panels_(panels),
        canvas_(panels.canvas),
        state_(panels.states.At(panels.player.cursor())),
        wide_(canvas_.columns() >= kWideTable) {
    for (size_t i = 1; i <= panels.run.server_count(); ++i) {
      name_cells_ = std::max(name_cells_, CellsOf(panels.run.names()[i]) + 1);
    }
    name_cells_ = std::min(name_cells_, 12);
  }

  void Draw(Band band) {
    DrawSummary(band.top);
    const int zxids_at = DrawHeads(band.top + 1);
    DrawZxidHeads(band.top + 1, zxids_at);
    const auto servers = static_cast<int>(state_.servers().size());
    const int rows = std::min(servers, band.rows - 2);
    const int matters =
        std::min(std::max<int>(1, panels_.player.lane().value != 0
                                      ? panels_.player.lane().value
                                      : panels_.run.record(panels_.player.cursor()).node.value),
                 servers);
    const int first = std::clamp(matters - rows, 0, servers - rows);
    for (int i = first; i < first + rows; ++i) {
      DrawServer(band.top + 2 + i - first, static_cast<size_t>(i), zxids_at);
    }
  }

 private:
  /// What is committed, which links are cut; the symbols, if there is room for them.
  void DrawSummary(int row) {
    std::vector<std::string> parts = {
        panels_.Say(Word{"committed"}, {{"zxid", ToString(state_.committed())}})};
    if (const std::string cuts = Links(true); !cuts.empty()) {
      parts.push_back(panels_.Say(Word{"cuts"}, {{"links", cuts}}));
    }
    if (const std::string clogs = Links(false); !clogs.empty()) {
      parts.push_back(panels_.Say(Word{"clogs"}, {{"links", clogs}}));
    }
    const std::string text = absl::StrJoin(parts, " · ");
    DrawRule(canvas_, row, text);
    DrawSigns(row, CellsOf(text) + 6);
  }

  /// The meaning of the symbols, at the right end.
  void DrawSigns(int row, int behind) {
    const std::string synced = panels_.Say(Word{"logs.synced"});
    const std::string written = panels_.Say(Word{"sign.volatile"});
    const std::string applied = panels_.Say(Word{"logs.applied"});
    const int cells = CellsOf(synced) + CellsOf(written) + CellsOf(applied) + 13;
    int column = canvas_.columns() - cells;
    if (column < behind) return;
    canvas_.Put(row, column - 1, " ");
    const auto put = [&](Glyph glyph, const std::string& text) {
      canvas_.Put(row, column, glyph, {.bold = true});
      column = canvas_.Put(row, column + 1, absl::StrCat(" ", text, "  "));
    };
    put(kSyncedGlyph, synced);
    put(kVolatileGlyph, written);
    put(kAppliedGlyph, applied);
    canvas_.Fill(row, column - 1, canvas_.columns(), kRuleGlyph, {.dim = true});
  }

  /// "n1>n2 n2>n1".
  std::string Links(bool cut) const {
    std::vector<std::string> links;
    for (const auto& [ends, link] : state_.links()) {
      if (cut ? link.cuts == 0 : !link.clogged) continue;
      links.push_back(absl::StrCat(NodeName(ends.first), ">", NodeName(ends.second)));
    }
    return absl::StrJoin(links, " ");
  }

  std::string NodeName(uint16_t node) const {
    return node < panels_.run.names().size() ? panels_.run.names()[node] : "?";
  }

  int PutColumn(int row, int column, int cells, const std::string& text, Look look) {
    canvas_.Put(row, column, Shortened(text, cells - 1), look);
    return column + cells;
  }

  /// Returns where the transactions begin.
  int DrawHeads(int row) {
    const Look look{.dim = true};
    const auto head = [&](int column, int cells, Word word) {
      return PutColumn(row, column, cells, panels_.Say(word), look);
    };
    int column = head(0, name_cells_ + 2, Word{"logs.server"});
    column = head(column, 10, Word{"column.role"});
    if (wide_) column = head(column, 10, Word{"column.phase"});
    column = head(column, 6, Word{"column.epoch"});
    if (wide_) column = head(column, 9, Word{"column.promised"});
    column = head(column, 8, Word{"logs.last"});
    return head(column, 8, Word{"logs.applied"});
  }

  void DrawZxidHeads(int row, int column) {
    const std::vector<zab::Zxid> newest = NewestZxids(state_, kMostZxids);
    for (const zab::Zxid zxid : newest) {
      zxid_cells_ = std::max(zxid_cells_, CellsOf(ToString(zxid)) + 1);
    }
    const int room = std::min(kMostZxids, (canvas_.columns() - column) / zxid_cells_);
    zxids_ = NewestZxids(state_, static_cast<size_t>(std::max(0, room)));
    for (const zab::Zxid zxid : zxids_) {
      const bool followed = panels_.player.followed() == zxid;
      canvas_.Put(row, column, ToString(zxid), {.bold = followed, .reverse = followed});
      column += zxid_cells_;
    }
  }

  void DrawServer(int row, size_t index, int zxids_at) {
    const scenario::ServerState& server = state_.servers()[index];
    const bool chosen = panels_.player.lane().value == index + 1;
    const Look look{.color = server.up() ? Color::kNone : Color::kRed, .bold = chosen};
    int column = PutColumn(row, 0, name_cells_, panels_.run.names()[index + 1],
                           {.bold = true, .reverse = chosen});
    canvas_.Put(row, column, RoleGlyph(server), {.bold = true});
    column = PutColumn(row, column + 2, 10, RoleText(server), look);
    if (wide_) column = PutColumn(row, column, 10, PhaseText(server.phase), look);
    column = PutColumn(row, column, 6, EpochText(server.current), look);
    if (wide_) column = PutColumn(row, column, 9, EpochText(server.accepted), look);
    column = PutColumn(
        row, column, 8,
        server.damaged ? panels_.Say(Word{"logs.damaged"}) : ToString(server.history.last()), look);
    PutColumn(row, column, 8, server.up() ? ToString(server.applied()) : "-", look);
    DrawLog(row, server, zxids_at);
  }

  std::string RoleText(const scenario::ServerState& server) const {
    if (server.paused) return panels_.Say(Word{"paused"});
    switch (server.role) {
      case scenario::Role::kLooking: return panels_.Say(Word{"role.looking"});
      case scenario::Role::kFollowing: return panels_.Say(Word{"role.FOLLOWING"});
      case scenario::Role::kLeading: return panels_.Say(Word{"role.LEADING"});
      case scenario::Role::kDown: break;
    }
    return panels_.Say(Word{"role.DOWN"});
  }

  void DrawLog(int row, const scenario::ServerState& server, int column) {
    for (const zab::Zxid zxid : zxids_) {
      const scenario::LogEntry entry = server.history.EntryOf(zxid);
      canvas_.Put(row, column, EntryGlyph(entry), {.color = EntryColor(entry)});
      const bool applied =
          server.up() && entry != scenario::LogEntry::kAbsent && zxid <= server.applied();
      if (applied) canvas_.Put(row, column + 1, kAppliedGlyph, {.color = Color::kGreen});
      column += zxid_cells_;
    }
  }

  const Panels& panels_;
  Canvas& canvas_;
  const scenario::ClusterState& state_;
  bool wide_;
  int name_cells_ = 6;
  int zxid_cells_ = 5;
  std::vector<zab::Zxid> zxids_;
};

}  // namespace

void DrawServers(const Panels& panels, Band band) {
  ServersPanel(panels).Draw(band);
}

}  // namespace zabsim
