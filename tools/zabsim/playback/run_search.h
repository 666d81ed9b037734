// What the player's prompts accept: something to find, or a place to go to.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "protocol/wire/ids.h"
#include "tools/zabsim/cli/timeline.h"
#include "tools/zabsim/playback/watched_run.h"

namespace zabsim {

/// What is searched for: a zxid, a node, the name of a probe, kind or reason; else a part of what
/// the captions say, in the language that is shown.  Case does not matter.
class SearchFor {
 public:
  SearchFor(absl::string_view text, const WatchedRun& run, Language language);

  /// Whether the event is one that is searched for.
  bool Fits(size_t event) const;

 private:
  enum class What : uint8_t { kZxid, kNode, kName, kText };

  const WatchedRun& run_;
  Language language_;
  std::string text_;
  What what_ = What::kText;
  zab::Zxid zxid_;
};

/// The event of "#1234" or "1234", or the last one before "2.5s".  None: neither form.
std::optional<size_t> PlaceOf(absl::string_view text, const WatchedRun& run);

}  // namespace zabsim
