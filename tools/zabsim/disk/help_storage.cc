// zabsim help disk and help fsck.
#include <iostream>

#include "tools/zabsim/disk/commands.h"

namespace zabsim {

int HelpDisk() {
  std::cout
      << R"(zabsim disk FILE --server=n2 --out=DIR [--at=2.5s] [--seed=N] [--image=visible|durable]
FILE is a scenario (with its first seed, or --seed) or a trace; it is run up to
--at, or to where `zabsim run` ends.  DIR becomes a dataDir: DIR/myid and DIR/version-2 with log.*,
snapshot.*, acceptedEpoch and currentEpoch.  DIR must be new or empty.
visible: the files as the server's process sees them, as after kill -9.
durable: the files as a power loss at that moment would leave them, without unsynced data.
Apache's server starts on the directory of a server at rest; see `zabsim help fsck` for the rest.
)";
  return 0;
}

int HelpFsck() {
  std::cout << R"(zabsim fsck DIR [--log-dir=DIR] [--json [--tree]]
Exit code 0: clean, or torn as a crash leaves it; 10: damaged; 2: no data directory.
torn:    a bad or incomplete tail with no good record after it, an unfinished snapshot, a *.tmp.
damaged: a bad record before good ones, a gap that no snapshot covers, a sealed snapshot that does not
         load, a tree that is not what its digest says, nothing that can be restored.
--json is one object of format zabsim-fsck/1; keys are only ever added:
  verdict            clean, torn or damaged
  accepted_epoch, current_epoch   numbers; null: no such file
  snapshots[]        file, zxid, bytes, state (valid, unfinished, damaged), problem, nodes, sessions,
                     acls, digest and digest_zxid (null: no digest)
  logs[]             file, bytes, records, epochs[] of first, last, records; end (clean, torn,
                     damaged), valid_bytes, problem
  gaps[]             file, after, next; covered: a later snapshot covers it
  temporary[], unknown[]   unfinished files, and files that are not read (a compressed snapshot)
  restore            damaged, damage, fresh, snapshot, replayed, last_zxid, nodes, sessions, digest,
                     digest_mismatches[], repairs[]
  tree[]             with --tree: path, data (hexadecimal or null), acl[], czxid, mzxid, pzxid, ctime,
                     mtime, version, cversion, aversion, ephemeral_owner, data_length, num_children
A zxid is "2:17", epoch and counter; digests and ephemeral_owner are 16 hexadecimal digits.
)";
  return 0;
}

}  // namespace zabsim
