// --lang=en|zh, the same for every command.
#pragma once

#include <string>

#include "CLI/CLI.hpp"
#include "tools/zabsim/cli/timeline.h"

namespace zabsim {

inline void AddLanguage(CLI::App& command, std::string& language) {
  command.add_option("--lang", language, "Language of what is shown: en or zh")
      ->check(CLI::IsMember({"en", "zh"}))
      ->capture_default_str();
}

inline Language LanguageOf(const std::string& text) {
  return text == "zh" ? Language::kChinese : Language::kEnglish;
}

}  // namespace zabsim
