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
  std::cout << R"(zabsim fsck DIR [--log-dir=DIR] [--max-record=BYTES] [--json [--tree]]
zabsim fsck DIR --compare=DIR [--json]
Exit code 0: clean, or torn as a crash leaves it; 10: damaged; 12: not the same; 2: no data
directory.
torn:    the beginning of a record or of a file's header, then zeros or nothing; an unfinished
         snapshot; a *.tmp of a snapshot or an epoch.
damaged: other bytes than those, a gap that no snapshot covers, a sealed snapshot that does not
         load, a tree that is not what its digest says, a node whose ACL is missing, nothing that
         can be restored, or epochs on which a real server refuses to start.
Records that come twice or late are reported, and applied as they come, as by ZooKeeper.  Snapshots
that are compressed (.gz, .snappy) are read.
--max-record: the longest record, path or value that is read; by default 1 MiB + 1023 bytes, as by a
server whose jute.maxbuffer is not set.
--compare: what restores of the two give, node by node with stats, ACLs and sessions, and what both
have logged.  The order of children, the numbers of ACLs, /zookeeper/config, which each server makes
itself, and which part of the history is in files make no difference.  The first ten differences are
shown, with --json all of them: format zabsim-fsck-compare/1, same, nodes, sessions, transactions
(that both have logged), differences[] of kind (last, node, field, session, transaction), of, field,
a, b.
--json is one object of format zabsim-fsck/1; keys are only ever added:
  verdict            clean, torn or damaged
  accepted_epoch, current_epoch   numbers; null: no such file
  snapshots[]        file, zxid, bytes, state (valid, unfinished, damaged), problem, nodes,
                     sessions, acls, digest and digest_zxid (null: no digest)
  logs[]             file, bytes, records, epochs[] of first, last, records; end (clean, torn,
                     damaged), valid_bytes, problem, before_3_4 (written before ZooKeeper 3.4)
  gaps[]             file, after, next; covered: a later snapshot covers it
  repeats[]          kind (duplicate, step_back, overlap), file, after, next
  hints[]            hint (current_epoch_is_old, accepted_epoch_is_old, trust_empty_snapshot,
                     logs_elsewhere, snapshots_elsewhere, long_record, before_3_0, acl_missing),
                     about
  temporary[], unknown[]   unfinished files, and files that are not read
  restore            damaged, damage, fresh, snapshot, replayed, last_zxid, nodes, sessions, digest,
                     digest_mismatches[], repairs[]
  tree[]             with --tree: path, data (hexadecimal or null), acl[], czxid, mzxid, pzxid,
                     ctime, mtime, version, cversion, aversion, ephemeral_owner, data_length,
                     num_children
A zxid is "2:17", epoch and counter; digests and ephemeral_owner are 16 hexadecimal digits.
)";
  return 0;
}

}  // namespace zabsim
