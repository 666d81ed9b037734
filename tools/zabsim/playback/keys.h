// The keyboard: keys, independent of a terminal, and the list that the help shows.
#pragma once

#include <cstdint>
#include <span>

#include "tools/zabsim/playback/player_words.h"

namespace zabsim {

enum class KeyName : uint8_t {
  kCharacter,
  kLeft,
  kRight,
  kShiftLeft,
  kShiftRight,
  kUp,
  kDown,
  kHome,
  kEnd,
  kEnter,
  kEscape,
  kBackspace,
};

struct KeyPress {
  KeyName name = KeyName::kCharacter;
  char32_t character = 0;  // Of kCharacter.
};

/// A line of the help.
struct KeyHelp {
  const char* keys;
  Word does;
};
std::span<const KeyHelp> HelpOnKeys();

}  // namespace zabsim
