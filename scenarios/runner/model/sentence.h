// Sentences in both languages, for the findings of invariants.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

inline const std::string& InEnglish(const Text& text) {
  return text.en;
}
inline const std::string& InChinese(const Text& text) {
  return text.zh;
}
template <class T>
auto InEnglish(const T& name_or_number) {
  return name_or_number;
}
template <class T>
auto InChinese(const T& name_or_number) {
  return name_or_number;
}

/// Replaces $0, $1, ... by the arguments, which are Text or values that are the same in both
/// languages (names, zxids, numbers).
template <class... Args>
Text Sentence(absl::string_view en, absl::string_view zh, const Args&... args) {
  return {absl::Substitute(en, InEnglish(args)...), absl::Substitute(zh, InChinese(args)...)};
}

}  // namespace scenario
