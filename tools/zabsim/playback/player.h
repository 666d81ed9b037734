// The player without a terminal: the cursor and all choices.  Panels draw only from it; a key press
// is a step.  It corresponds to tools/viewer/store.mjs and player.mjs.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocol/base/time.h"
#include "protocol/wire/ids.h"
#include "sim/node_id.h"
#include "tools/zabsim/cli/timeline.h"
#include "tools/zabsim/playback/keys.h"
#include "tools/zabsim/playback/watched_run.h"

namespace zabsim {

/// Events per second, or thousandths of the wall clock for virtual time.
struct PlaySpeed {
  const char* name;
  int64_t events = 0;
  int64_t thousandths = 0;
};
std::span<const PlaySpeed> PlaySpeeds();

struct PlayerOptions {
  Language language = Language::kEnglish;
  bool speaks_chinese = true;  // False: the terminal cannot show it, so it is English.
  bool heartbeats = false;
  std::optional<zab::Zxid> zxid;  // To be followed.
};

/// The prompt of the bottom line.
enum class Prompt : uint8_t { kNone, kSearch, kGoTo };

class Player {
 public:
  /// `run` must outlive it.  Begins at the first violation, or else at the first event.
  Player(const WatchedRun& run, const PlayerOptions& options);

  void Press(const KeyPress& press);
  /// That much real time has passed.  More than a second counts as one: the process was suspended.
  void Elapse(zab::Duration wall);

  const WatchedRun& run() const { return run_; }
  size_t cursor() const { return cursor_; }
  /// The events that are shown, and the cursor's position among them.
  const std::vector<size_t>& shown() const { return shown_; }
  size_t position() const { return PositionOf(cursor_); }
  /// The chosen server or client; 0: none.
  sim::NodeId lane() const { return lane_; }
  const std::optional<zab::Zxid>& followed() const { return followed_; }
  /// Whether an event belongs to what is followed; if nothing is followed, all do.
  bool StandsOut(size_t event) const;
  bool shows_heartbeats() const { return heartbeats_; }
  bool shows_help() const { return help_; }
  bool is_playing() const { return playing_; }
  bool is_done() const { return done_; }
  Language language() const { return language_; }
  const PlaySpeed& speed() const { return PlaySpeeds()[speed_]; }
  Prompt prompt() const { return prompt_; }
  const std::string& typed() const { return typed_; }
  /// The message of the last key; usually empty.
  const std::string& message() const { return message_; }

 private:
  using Test = bool (Player::*)(size_t event) const;

  void PressInPrompt(const KeyPress& press);
  void PressNamed(KeyName name);
  void PressCharacter(char32_t character);
  void ClosePrompt(bool entered);

  size_t PositionOf(size_t event) const;
  void ChooseShown();
  void Seek(size_t event);
  void Step(int by);
  /// To the next event in that direction that passes.
  void Jump(int by, Test test);
  void NextViolation();
  void ChooseLane(int by);
  void ChangeSpeed(int by);
  void ToggleHeartbeats();
  void ToggleFollowed();
  void TogglePlaying();
  void ToggleLanguage();
  void Ask(Prompt prompt);
  void SearchOn();
  void GoTo();
  void PlayEvents(zab::Duration wall);
  void PlayTime(zab::Duration wall);

  bool IsOfLane(size_t event) const;
  bool IsOfZxid(size_t event) const;
  bool IsMilestone(size_t event) const { return run_.IsMilestone(event); }

  const WatchedRun& run_;
  std::vector<size_t> shown_;
  size_t cursor_ = 0;
  sim::NodeId lane_;
  std::optional<zab::Zxid> followed_;
  bool heartbeats_, help_ = false, playing_ = false, done_ = false;
  bool speaks_chinese_;
  Language language_;
  size_t speed_;
  int64_t owed_ = 0;  // Of what is played: virtual nanoseconds, or billionths of an event.
  Prompt prompt_ = Prompt::kNone;
  std::string typed_, searched_, message_;
};

}  // namespace zabsim
