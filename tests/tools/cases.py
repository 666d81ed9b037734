#!/usr/bin/env python3
"""Scenarios of tests/cases that once came out wrong: each ends as it should.

A row is the arguments of zabsim, its exit code, and words that it prints.
"""
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(os.environ["SOURCE_DIR"])
if "ZABSIM" not in os.environ:
    print("only beside a build of the command")
    sys.exit(77)
CASES = ROOT / "tests/cases"

ROWS = [
    # The follower stays after its SNAP: what was sent before UPTODATE is owed no ACK of its own.
    ("run p08-snap-under-load-then-dropped.json --seeds=1..3", 0, "held, 3 runs"),
    ("run slow-learner-after-snap.json --seeds=1..3", 0, "held, 3 runs"),
    # A deadline from an event looks at what the event's actions leave.
    ("run x-has-leader-after-crash.json", 11, "a leader again"),
    ("run p07-star-partition.json", 11, "a new leader while the cut lasts"),
    # The acknowledgment of any client's write counts.
    ("run write-ok-from-event.json", 0, "held"),
    ("run x-write-ok-never.json", 0, "held"),
    # A corruption that found nothing to corrupt is vacuous, and says why.
    ("run x-corrupt-no-effect.json", 14, "event rot, corrupt: no effect, n1 has "),
    ("run p10-block-on-short-log.json --seeds=1..20", 14, "event dark, corrupt: no effect, n1 has "),
    # A snapshot that no server can have taken.
    ("validate p09b-hole-between-epochs.json", 2, "is in a hole of the log"),
    # A snapshot stands for four billion transactions.
    ("run x-p04-rollover-initial-eats-memory.json", 0, "held"),
    ("run restart-crash-loop.json", 15, "virtual time stands still"),
    # Bytes of the snapshot arrive all the time, so no read timeout fires, though all of it takes
    # fifty seconds and init_limit is two.  (Real servers behind a link of 64 KiB/s joined.)
    ("run p03-snap-slower-than-init-limit.json --seeds=1..3", 0, "held, 3 runs"),
]

for arguments, wanted, words in ROWS:
    done = subprocess.run([os.environ["ZABSIM"], *arguments.split()], cwd=CASES, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != wanted or words not in done.stdout:
        sys.exit(f"zabsim {arguments}\nexit code {done.returncode}, not {wanted}, or no"
                 f" \"{words}\" in\n{done.stdout}")
