// zabsim help crashes.
#include <iostream>

#include "tools/zabsim/crashes/commands.h"

namespace zabsim {

int HelpCrashes() {
  std::cout
      << R"(zabsim crashes FILE [--seed=N] [--pairs=N] [--every=N] [--all] [--jobs=N] [--result=OUT]
One clean run of the scenario numbers its points: the places at which the durable or visible state
of a server changes.  The clean run is repeated up to each point, and the server crashes there, once
for each kind:
  kill       the page cache survives
  power      it goes as the disk's on_crash says
  reorder:N  power loss on a disk whose directory is no ordered journal: of the changes of names
             that are not synced, where there are several, all survive but the Nth
It starts again after 1 s; 2 s after the crash faults end, and a leader, a write and equal trees are
owed within notification_max + 3 * (init_limit + sync_limit) * tick_time.  All invariants are
checked.  What the file expects of its script is not: one more crash changes it.
Kinds of points, and the sides from which each is taken:
  file_issued        before a file operation is queued
  file_completed     before: its time is over, its effect is not on the disk (torn: a write in
                     part); untold: the effect is there, the server does not know
  message_sent       before bytes are sent, to a server or a client
  message_delivered  before the server is given bytes
  timer_fired        before the server is told
  and after the step of any of them, when all that it wanted has been queued or sent.
Steps that only carry PINGs are left out (a crash there is one before the next point), but for
--all.
--pairs=N  N runs more: a drawn single run, and at a drawn later point a second crash, of any
           server.
--every=N  each N-th point only.
--jobs=N   threads; the result is the same for any number.
zabsim crashes FILE --seed=N --point=K --kind=KIND [--then=M --then-kind=KIND]
One of those runs, told as `zabsim run` tells one; a sweep prints this line for the worst it found.
)";
  return 0;
}

}  // namespace zabsim
