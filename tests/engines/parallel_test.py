#!/usr/bin/env python3
"""GNU parallel makes the shards; a task is killed, and a second call makes what is left."""
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
from shared import GENEROUS, ZABSIM, check_same, holder_of, init, need, run, start_whole, status

RUNS = 120

need("parallel")
with tempfile.TemporaryDirectory() as name:
    folder = Path(name) / "campaign"
    whole = start_whole(f"{name}/whole", RUNS)
    init(folder, RUNS)
    run(ZABSIM, "campaign", "emit", folder, "--engine=parallel")
    script = folder / "jobs/parallel/parallel.sh"
    first = subprocess.Popen([script, "-j2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    os.kill(holder_of(folder, 2), signal.SIGKILL)
    words = "".join(first.communicate(timeout=GENEROUS))
    assert first.returncode == 15 or first.returncode == 10, words
    assert "not all tasks ended well" in words, words
    assert "MISSING: shard 2 of 8" in words, words
    assert [shard["shard"] for shard in status(folder)["missing"]] == [2]
    run(script, "-j2", code=10)
    assert status(folder)["done"] == RUNS
    check_same(whole, folder, f"{name}/whole")
