#!/usr/bin/env python3
"""How fast `zabsim fuzz` finds servers that are broken on purpose: a table in Markdown, median runs and
CPU seconds until the first finding, over several root seeds, for each strategy alone and for the mix.

    tests/bench/mutants.py build/release/zabsim_broken [--seeds=10] [--scenario=FILE] [--limit=60]
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

PEERS = ["votes-overstated", "epoch-understated", "history-understated",
         "accepted-epoch-not-synced", "uptodate-at-once", "diff-instead-of-trunc",
         "current-epoch-not-synced", "commit-at-once", "proposals-lost", "commits-lost",
         "wrong-reads", "log-not-synced", "log-not-truncated", "received-not-synced",
         "snapshot-not-synced"]
STRATEGIES = ["random", "probe_sweep", "pctcp", ""]


def find(binary, scenario, peer, strategy, seed, limit):
    """Runs and CPU seconds until the first finding; None if there was none within the limit."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = [f"--strategy={strategy}"] if strategy else []
        done = subprocess.run([binary, "fuzz", scenario, f"--peer={peer}", f"--out={folder}",
                               f"--seed={seed}", f"--time={limit}s", "--fail-fast=1", "--jobs=1",
                               "--no-shrink", "--quiet", *chosen], stdout=subprocess.DEVNULL)
        if done.returncode == 0:
            return None
        kept = json.loads((Path(folder) / "progress.json").read_text())["shards"]["1"]
        return (sum(tally[0] for tally in kept["strategies"]),
                sum(tally[3] for tally in kept["strategies"]) / 1e9)


def cell(binary, scenario, peer, strategy, seeds, limit):
    results = [find(binary, scenario, peer, strategy, seed, limit) for seed in range(1, seeds + 1)]
    found = [result for result in results if result]
    if len(found) * 2 <= len(results):
        return f"{len(found)} of {seeds} found"
    missing = [(float("inf"), float("inf"))] * (len(results) - len(found))
    runs = statistics.median(r for r, _ in found + missing)
    cpu = statistics.median(c for _, c in found + missing)
    return f"{runs:g} / {cpu:.2f}"


def parser_of(description):
    """Adds the options shared by measurements of broken peers; `binary` is an absolute path."""
    parser = argparse.ArgumentParser(description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--scenario", default="scenarios/ci/swarm.json")
    return parser


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--limit", type=int, default=60)
    arguments = parser.parse_args()
    print("| broken peer | random | probe_sweep | pctcp | the mix |\n|---|---|---|---|---|")
    for peer in PEERS:
        cells = [cell(arguments.binary, arguments.scenario, peer, strategy,
                      arguments.seeds, arguments.limit) for strategy in STRATEGIES]
        print(f"| {peer} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
