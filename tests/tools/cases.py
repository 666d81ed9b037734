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
]

for arguments, wanted, words in ROWS:
    done = subprocess.run([os.environ["ZABSIM"], *arguments.split()], cwd=CASES, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != wanted or words not in done.stdout:
        sys.exit(f"zabsim {arguments}\nexit code {done.returncode}, not {wanted}, or no"
                 f" \"{words}\" in\n{done.stdout}")
