// Ctrl-C ends a command cleanly, with what was done so far.
#pragma once

namespace zabsim {

/// From now on SIGINT and SIGTERM are only noted; a second one ends the process.
void CatchInterrupts();
bool Interrupted();

}  // namespace zabsim
