// Drives one peer over sockets and files: feeds it what happens and does what it asks for.
#pragma once

#include <cstdio>
#include <deque>
#include <string>

#include "absl/container/btree_map.h"
#include "protocol/peer.h"
#include "tests/live/files.h"
#include "tests/live/sockets.h"

namespace live {

/// One thread.  An input is taken at a time, and all that it leads to is done before the next.
class Driver {
 public:
  /// Files are those of `directory`; each trace event becomes a line of `trace`.
  Driver(const zab::PeerConfig& config, std::string directory, std::FILE* trace);

  /// Runs until the peer halts, and returns the reason.
  zab::Reason Run();

 private:
  struct Performer;

  void Step(const zab::Input& input);
  void Perform(const zab::Effect& effect);
  void FireTimers();
  zab::Duration UntilNextTimer() const;
  void Print(const zab::TraceEvent& event) const;

  std::FILE* trace_;
  zab::Peer peer_;
  std::deque<zab::Input> inputs_;
  Sockets sockets_;
  Files files_;
  absl::btree_map<zab::TimerId, zab::Time> timers_;  // When each is due.
  zab::Reason halted_ = zab::Reason::kNone;
};

}  // namespace live
