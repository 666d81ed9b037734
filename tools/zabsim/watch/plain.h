// A run as text, for pipes and screen readers.
#pragma once

#include <optional>
#include <ostream>

#include "protocol/wire/ids.h"
#include "tools/zabsim/cli/timeline.h"
#include "tools/zabsim/playback/watched_run.h"

namespace zabsim {

struct PlainOptions {
  Language language = Language::kEnglish;
  bool heartbeats = false;
  std::optional<zab::Zxid> zxid;  // Only the events of this transaction.
};

/// What was run and how it ended; then one event per line and, after each milestone, a line for
/// each server.
void PrintPlain(const WatchedRun& run, const PlainOptions& options, std::ostream& out);

}  // namespace zabsim
