// --lang=en|zh, the same for every command.
#pragma once

#include <string>

#include "tools/zabsim/cli/options.h"
#include "tools/zabsim/cli/timeline.h"

namespace zabsim {

inline void AddLanguage(Command& command, std::string& language) {
  command.Add("--lang", &language, "Language of what is shown: en or zh")
      .OneOf({"en", "zh"})
      .ShowDefault();
}

inline Language LanguageOf(const std::string& text) {
  return text == "zh" ? Language::kChinese : Language::kEnglish;
}

}  // namespace zabsim
