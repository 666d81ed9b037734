// Looks words up and fills their slots.
#include "tools/zabsim/playback/player_words.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "protocol/base/check.h"

namespace zabsim {

std::string Said(Word word, Language language, const std::vector<WordSlot>& slots) {
  const auto words = WatchWords();
  const absl::string_view key = word.key;
  const auto found = std::ranges::lower_bound(words, key, {}, &WordEntry::key);
  ZAB_CHECK(found != words.end() && found->key == key) << "no word " << word.key;
  std::string text = language == Language::kChinese ? found->zh : found->en;
  for (const WordSlot& slot : slots) {
    absl::StrReplaceAll({{absl::StrCat("{", slot.name, "}"), slot.value}}, &text);
  }
  return text;
}

}  // namespace zabsim
