// What a stream that people read can show.
#pragma once

namespace zabsim {

/// Whether the descriptor is a terminal that can write over a line: not one with TERM=dumb.
bool IsTerminal(int descriptor);
/// Whether the environment permits colours: not with NO_COLOR (https://no-color.org: any value but
/// an empty one), nor with TERM=dumb.
bool ColorPermitted();

}  // namespace zabsim
