// In the order in which a new user needs them.
#include "tools/zabsim/playback/keys.h"

namespace zabsim {
namespace {

constexpr KeyHelp kHelpOnKeys[] = {
    {"SPACE", Word{"play"}},           {"+ -", Word{"help.speed"}},
    {"LEFT RIGHT", Word{"help.step"}}, {"HOME END", Word{"help.ends"}},
    {"n p", Word{"help.milestone"}},   {"v", Word{"violation"}},
    {"UP DOWN", Word{"help.lane"}},    {"< >", Word{"help.node"}},
    {"f", Word{"help.follow"}},        {"[ ]", Word{"help.zxid"}},
    {"h", Word{"help.heartbeats"}},    {"g", Word{"help.goto"}},
    {"/", Word{"help.search"}},        {".", Word{"help.again"}},
    {"l", Word{"help.language"}},      {"?", Word{"help"}},
    {"q", Word{"help.quit"}},
};

}  // namespace

std::span<const KeyHelp> HelpOnKeys() {
  return kHelpOnKeys;
}

}  // namespace zabsim
