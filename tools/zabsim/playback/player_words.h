// The texts of the player, from tools/captions: those of its own and those it shares with the
// browser's viewer.  The build makes the table, and fails on a key that nothing here names.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/zabsim/cli/timeline.h"

namespace zabsim {

/// A key of the sections `watch` or `viewer`.  Written Word{"key"}, which is what the build looks
/// for.
struct Word {
  const char* key;
};

/// One line of the table.
struct WordEntry {
  absl::string_view key;
  const char* en;
  const char* zh;
};

/// The text that replaces {name}.
struct WordSlot {
  absl::string_view name;
  std::string value;
};

/// All words that the player uses, sorted by key.
std::span<const WordEntry> WatchWords();

/// The word in that language, its slots filled.
std::string Said(Word word, Language language, const std::vector<WordSlot>& slots = {});

}  // namespace zabsim
