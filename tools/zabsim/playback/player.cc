// Keys become steps; nothing here draws or reads a clock.
#include "tools/zabsim/playback/player.h"

#include <algorithm>

#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/playback/run_search.h"

namespace zabsim {
namespace {

constexpr PlaySpeed kPlaySpeeds[] = {
    {.name = "1/s", .events = 1},
    {.name = "5/s", .events = 5},
    {.name = "25/s", .events = 25},
    {.name = "0.01x", .thousandths = 10},
    {.name = "0.1x", .thousandths = 100},
    {.name = "1x", .thousandths = 1'000},
    {.name = "10x", .thousandths = 10'000},
    {.name = "100x", .thousandths = 100'000},
    {.name = "1000x", .thousandths = 1'000'000},
};
constexpr size_t kFirstSpeed = 1;
constexpr int64_t kBillion = 1'000'000'000;

}  // namespace

std::span<const PlaySpeed> PlaySpeeds() {
  return kPlaySpeeds;
}

Player::Player(const WatchedRun& run, const PlayerOptions& options)
    : run_(run),
      followed_(options.zxid),
      heartbeats_(options.heartbeats),
      speaks_chinese_(options.speaks_chinese),
      language_(options.language),
      speed_(kFirstSpeed) {
  ChooseShown();
  Seek(run.violations().empty() ? 0 : run.violations().front().event);
  if (language_ == Language::kChinese && !speaks_chinese_) {
    language_ = Language::kEnglish;
    message_ = Said(Word{"needs-utf8"}, language_);
  }
}

// ---- Keys ---------------------------------------------------------------------------------------

void Player::Press(const KeyPress& press) {
  message_.clear();
  if (help_) {
    help_ = false;
    done_ = press.character == U'q';
  } else if (prompt_ != Prompt::kNone) {
    PressInPrompt(press);
  } else if (press.name == KeyName::kCharacter) {
    PressCharacter(press.character);
  } else {
    PressNamed(press.name);
  }
}

void Player::PressInPrompt(const KeyPress& press) {
  if (press.name == KeyName::kEnter || press.name == KeyName::kEscape) {
    ClosePrompt(press.name == KeyName::kEnter);
  } else if (press.name == KeyName::kBackspace) {
    std::u32string typed = DecodeText(typed_);
    if (typed.empty()) return ClosePrompt(false);
    typed.pop_back();
    typed_.clear();
    for (const char32_t character : typed) typed_ += EncodeText(character);
  } else if (press.name == KeyName::kCharacter) {
    typed_ += EncodeText(press.character);
  }
}

void Player::PressNamed(KeyName name) {
  switch (name) {
    case KeyName::kLeft: return Step(-1);
    case KeyName::kRight: return Step(1);
    case KeyName::kShiftLeft: return Jump(-1, &Player::IsOfLane);
    case KeyName::kShiftRight: return Jump(1, &Player::IsOfLane);
    case KeyName::kUp: return ChooseLane(-1);
    case KeyName::kDown: return ChooseLane(1);
    case KeyName::kHome: return Seek(0);
    case KeyName::kEnd: return Seek(run_.count() - 1);
    case KeyName::kCharacter:
    case KeyName::kEnter:
    case KeyName::kEscape:
    case KeyName::kBackspace: return;
  }
}

void Player::PressCharacter(char32_t character) {
  switch (character) {
    case U' ': return TogglePlaying();
    case U'<': return Jump(-1, &Player::IsOfLane);
    case U'>': return Jump(1, &Player::IsOfLane);
    case U'[': return Jump(-1, &Player::IsOfZxid);
    case U']': return Jump(1, &Player::IsOfZxid);
    case U'n': return Jump(1, &Player::IsMilestone);
    case U'p': return Jump(-1, &Player::IsMilestone);
    case U'v':
    case U'V': return NextViolation();
    case U'g': return Ask(Prompt::kGoTo);
    case U'/': return Ask(Prompt::kSearch);
    case U'.': return SearchOn();
    case U'f': return ToggleFollowed();
    case U'h': return ToggleHeartbeats();
    case U'+':
    case U'=': return ChangeSpeed(1);
    case U'-': return ChangeSpeed(-1);
    case U'l': return ToggleLanguage();
    case U'?': help_ = true; return;
    case U'q': done_ = true; return;
    default: return;
  }
}

// ---- The cursor ---------------------------------------------------------------------------------

void Player::ChooseShown() {
  shown_.clear();
  for (size_t i = 0; i < run_.count(); ++i) {
    if (heartbeats_ || !run_.IsHeartbeat(i)) shown_.push_back(i);
  }
  if (shown_.empty()) shown_.push_back(0);
}

size_t Player::PositionOf(size_t event) const {
  const auto found = std::ranges::lower_bound(shown_, event);
  return std::min(static_cast<size_t>(found - shown_.begin()), shown_.size() - 1);
}

/// To that event, or to the next one that is shown.
void Player::Seek(size_t event) {
  cursor_ = shown_[PositionOf(event)];
}

void Player::Step(int by) {
  const auto last = static_cast<int64_t>(shown_.size()) - 1;
  const auto wanted = std::clamp(static_cast<int64_t>(position()) + by, int64_t{0}, last);
  cursor_ = shown_[static_cast<size_t>(wanted)];
}

void Player::Jump(int by, Test test) {
  const auto size = static_cast<int64_t>(shown_.size());
  for (int64_t at = static_cast<int64_t>(position()) + by; at >= 0 && at < size; at += by) {
    const size_t event = shown_[static_cast<size_t>(at)];
    if (!(this->*test)(event)) continue;
    cursor_ = event;
    return;
  }
  message_ = Said(Word{"nothing-there"}, language_);
}

bool Player::IsOfLane(size_t event) const {
  const sim::NodeId here = run_.record(cursor_).node;
  return run_.record(event).node == (lane_.value == 0 ? here : lane_);
}

bool Player::IsOfZxid(size_t event) const {
  const zab::Zxid wanted = followed_ ? *followed_ : run_.record(cursor_).event.zxid;
  return wanted != zab::Zxid{} && run_.record(event).event.zxid == wanted;
}

bool Player::StandsOut(size_t event) const {
  return !followed_ || run_.record(event).event.zxid == *followed_;
}

void Player::NextViolation() {
  const auto& violations = run_.violations();
  if (violations.empty()) {
    message_ = Said(Word{"no-violation"}, language_);
    return;
  }
  const auto next = std::ranges::upper_bound(violations, cursor_, {}, &WatchedViolation::event);
  Seek((next == violations.end() ? violations.front() : *next).event);
}

// ---- Choices ------------------------------------------------------------------------------------

void Player::ChooseLane(int by) {
  const auto count = static_cast<int>(run_.names().size());
  lane_.value = static_cast<uint16_t>((lane_.value + by + count) % count);
}

void Player::ChangeSpeed(int by) {
  const auto last = static_cast<int>(PlaySpeeds().size()) - 1;
  speed_ = static_cast<size_t>(std::clamp(static_cast<int>(speed_) + by, 0, last));
  owed_ = 0;
}

void Player::ToggleHeartbeats() {
  heartbeats_ = !heartbeats_;
  ChooseShown();
  Seek(cursor_);
}

void Player::ToggleFollowed() {
  const zab::Zxid zxid = run_.record(cursor_).event.zxid;
  const bool is_new = run_.Knows(zxid) && zxid != followed_;
  if (!is_new && !followed_) message_ = Said(Word{"no-zxid"}, language_);
  followed_ = is_new ? std::optional(zxid) : std::nullopt;
}

void Player::ToggleLanguage() {
  if (!speaks_chinese_) {
    message_ = Said(Word{"needs-utf8"}, language_);
  } else {
    language_ = language_ == Language::kEnglish ? Language::kChinese : Language::kEnglish;
  }
}

// ---- Prompts ------------------------------------------------------------------------------------

void Player::Ask(Prompt prompt) {
  prompt_ = prompt;
  typed_.clear();
}

void Player::ClosePrompt(bool entered) {
  const Prompt asked = prompt_;
  prompt_ = Prompt::kNone;
  if (!entered || typed_.empty()) return;
  if (asked == Prompt::kGoTo) return GoTo();
  searched_ = typed_;
  SearchOn();
}

void Player::GoTo() {
  const std::optional<size_t> place = PlaceOf(typed_, run_);
  if (place) return Seek(*place);
  message_ = Said(Word{"no-place"}, language_, {{"text", typed_}});
}

/// After the end it continues at the beginning.
void Player::SearchOn() {
  if (searched_.empty()) return Ask(Prompt::kSearch);
  if (searched_[0] == '#') {
    if (const auto place = PlaceOf(searched_, run_)) return Seek(*place);
  }
  const SearchFor wanted(searched_, run_, language_);
  const size_t here = position();
  for (size_t k = 1; k <= shown_.size(); ++k) {
    const size_t event = shown_[(here + k) % shown_.size()];
    if (!wanted.Fits(event)) continue;
    cursor_ = event;
    return;
  }
  message_ = Said(Word{"not-there"}, language_, {{"text", searched_}});
}

// ---- Playing ------------------------------------------------------------------------------------

void Player::TogglePlaying() {
  if (!playing_ && cursor_ == shown_.back()) Seek(0);
  playing_ = !playing_;
  owed_ = 0;
}

void Player::Elapse(zab::Duration wall) {
  if (!playing_ || wall < zab::Duration{}) return;
  wall = std::min(wall, zab::Seconds(1));
  if (speed().events > 0) {
    PlayEvents(wall);
  } else {
    PlayTime(wall);
  }
  if (cursor_ == shown_.back()) playing_ = false;
}

void Player::PlayEvents(zab::Duration wall) {
  owed_ += wall.nanoseconds * speed().events;
  Step(static_cast<int>(owed_ / kBillion));
  owed_ %= kBillion;
}

void Player::PlayTime(zab::Duration wall) {
  owed_ += wall.nanoseconds / 1000 * speed().thousandths;
  const zab::Time from = run_.record(cursor_).time;
  size_t at = position();
  const auto away = [&](size_t k) { return (run_.record(shown_[k]).time - from).nanoseconds; };
  while (at + 1 < shown_.size() && away(at + 1) <= owed_) ++at;
  owed_ -= away(at);
  cursor_ = shown_[at];
}

}  // namespace zabsim
