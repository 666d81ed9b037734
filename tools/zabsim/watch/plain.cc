// Each line makes sense by itself: no columns, no symbols.
#include "tools/zabsim/watch/plain.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/playback/player_words.h"
#include "tools/zabsim/playback/replayed_states.h"
#include "tools/zabsim/trace/columns.h"
#include "tools/zabsim/watch/screen.h"

namespace zabsim {
namespace {

/// Where what is on the disk ends: as was found there or, if nobody has looked, as the server says.
zab::Zxid OnDisk(const scenario::WrittenHistory& history) {
  return history.on_disk().value_or(history.synced());
}

class PlainPrinter {
 public:
  PlainPrinter(const WatchedRun& run, const PlainOptions& options, std::ostream& out)
      : run_(run), options_(options), out_(out), states_(run) {}

  void PrintHead() {
    const scenario::Scenario& scenario = run_.scenario();
    const Language language = options_.language;
    if (!scenario.title.empty()) out_ << In(language, scenario.title) << "\n";
    out_ << Said(Word{"facts"}, language,
                 {{"scenario", scenario.id},
                  {"seed", absl::StrCat(run_.seed())},
                  {"digest", run_.digest().substr(0, 8)}})
         << " · " << In(language, run_.VerdictInWords()) << "\n";
    if (run_.is_cut()) {
      out_ << Said(Word{"cut"}, language, {{"all", Grouped(run_.count())}}) << "\n";
    }
    for (const WatchedViolation& violation : run_.violations()) {
      const scenario::Record& record = run_.record(violation.event);
      out_ << Said(Word{"line.violation"}, language,
                   {{"name", absl::StrCat(In(language, violation.invariant), " · #", record.id,
                                          " · ", ToString(record.time))},
                    {"text", In(language, violation.facts)}})
           << "\n";
    }
    out_ << "\n";
  }

  void PrintEvents() {
    for (size_t event = 0; event < run_.count(); ++event) {
      if (!Shows(event)) continue;
      out_ << RecordText(run_.record(event), run_.scenario(), options_.language, run_.bug())
           << "\n";
      if (run_.IsMilestone(event)) PrintServers(states_.At(event));
    }
  }

 private:
  bool Shows(size_t event) const {
    if (run_.IsHeartbeat(event) && !options_.heartbeats) return false;
    return !options_.zxid || run_.record(event).event.zxid == *options_.zxid;
  }

  void PrintServers(const scenario::ClusterState& state) {
    for (size_t i = 0; i < state.servers().size(); ++i) {
      out_ << std::string(25, ' ') << ServerText(run_.names()[i + 1], state.servers()[i]) << "\n";
    }
  }

  std::string ServerText(const std::string& name, const scenario::ServerState& server) const {
    const std::vector<WordSlot> slots = {{"name", name},
                                         {"role", RoleInWords(server)},
                                         {"epoch", absl::StrCat(server.current.value)},
                                         {"zxid", ToString(server.history.last())},
                                         {"synced", ToString(OnDisk(server.history))},
                                         {"applied", ToString(server.applied())}};
    if (server.damaged) return Said(Word{"plain.damaged"}, options_.language, slots);
    std::string text =
        Said(server.up() ? Word{"plain.server"} : Word{"plain.down"}, options_.language, slots);
    if (server.history.synced() > OnDisk(server.history)) {
      text += Said(Word{"plain.claimed"}, options_.language,
                   {{"synced", ToString(server.history.synced())}});
    }
    if (server.history.in_doubt() && server.history.last() > OnDisk(server.history)) {
      text += Said(Word{"plain.doubt"}, options_.language);
    }
    return text;
  }

  std::string RoleInWords(const scenario::ServerState& server) const {
    const Language language = options_.language;
    if (server.paused) return Said(Word{"paused"}, language);
    switch (server.role) {
      case scenario::Role::kLooking: return Said(Word{"role.LOOKING"}, language);
      case scenario::Role::kFollowing: return Said(Word{"role.FOLLOWING"}, language);
      case scenario::Role::kLeading: return Said(Word{"role.LEADING"}, language);
      case scenario::Role::kDown: break;
    }
    return Said(Word{"role.DOWN"}, language);
  }

  const WatchedRun& run_;
  const PlainOptions& options_;
  std::ostream& out_;
  ReplayedStates states_;
};

}  // namespace

void PrintPlain(const WatchedRun& run, const PlainOptions& options, std::ostream& out) {
  PlainPrinter printer(run, options, out);
  printer.PrintHead();
  printer.PrintEvents();
}

}  // namespace zabsim
