// Options as data.
#include "tools/zabsim/cli/options.h"

namespace zabsim {

Option& Option::Required() {
  required = true;
  return *this;
}

Option& Option::Hidden() {
  hidden = true;
  return *this;
}

Option& Option::ShowDefault() {
  shows_default = true;
  return *this;
}

Option& Option::OneOf(std::vector<std::string> values) {
  choices = std::move(values);
  return *this;
}

Option& Option::Within(int least, int most) {
  range = {least, most};
  return *this;
}

Option& Option::Needs(std::string name) {
  needs.push_back(std::move(name));
  return *this;
}

Option& Option::Excludes(std::string name) {
  excludes.push_back(std::move(name));
  return *this;
}

Option& Command::Add(std::string option_names, Option::Target target, std::string help) {
  return options.emplace_back(
      Option{.names = std::move(option_names), .target = target, .help = std::move(help)});
}

void AddOverrides(Command& command, std::vector<std::string>& overrides) {
  command.Add("--set", &overrides, "/pointer=value: change one value; null removes it");
}

}  // namespace zabsim
