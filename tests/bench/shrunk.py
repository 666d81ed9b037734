#!/usr/bin/env python3
"""How small `zabsim shrink` makes failures: a table in Markdown, medians over what the first seconds of
several root seeds find in each server broken on purpose.  Exits 1 if a file that is left does not fail
by itself as it was found.

    tests/bench/shrunk.py build/release/zabsim_broken [--seeds=10] [--scenario=FILE]
"""
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from mutants import PEERS, parser_of


def run(binary, *arguments):
    """Returns the exit code, the output, and the CPU seconds used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True,
                          check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (done.returncode, done.stdout,
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def shrink_all(binary, scenario, peer, seed):
    """The minimised case of each finding, as reported by `zabsim shrink --json`, and the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        run(binary, "fuzz", scenario, f"--peer={peer}", f"--out={folder}", f"--seed={seed}",
            "--runs=1000", "--fail-fast=1", "--jobs=1", "--no-shrink", "--quiet")
        for found in (Path(folder) / "findings").glob("*"):
            code, said, seconds = run(binary, "shrink", found / "scenario.json",
                                      f"--out={found / 'minimal.json'}", f"--peer={peer}", "--json")
            left = json.loads(said) if code == 0 else {}
            _, again, _ = run(binary, "replay", found, f"--peer={peer}", "--quiet")
            alone = code == 0 and ": held" not in again and "it was found as" not in again
            yield {**left, "seconds": seconds, "alone": alone}


def row(name, cases):
    def median(key):
        values = [case[key] for case in cases if case["alone"]]
        return statistics.median(values) if values else float("nan")
    return (f"| {name} | {sum(case['alone'] for case in cases)} of {len(cases)} | "
            f"{median('servers'):g} | {median('faults'):g} | {median('operations'):g} | "
            f"{median('replays'):g} | {median('seconds'):.2f} |")


def main():
    arguments = parser_of(__doc__).parse_args()
    print("| broken peer | fail alone | servers | faults | operations | replays | CPU s |\n"
          "|---|---|---|---|---|---|---|")
    every = []
    for peer in PEERS:
        cases = [case for seed in range(1, arguments.seeds + 1)
                 for case in shrink_all(arguments.binary, arguments.scenario, peer, seed)]
        print(row(peer, cases), flush=True)
        every += cases
    print(row("all", every))
    sys.exit(0 if all(case["alone"] for case in every) else 1)


if __name__ == "__main__":
    main()
