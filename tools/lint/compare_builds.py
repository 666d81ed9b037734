#!/usr/bin/env python3
"""Runs every scenario with two builds of zabsim and compares their output, byte for byte.

    compare_builds.py ZABSIM OTHER_ZABSIM

Same scenario, same seed: same result, but for its `host` object (build and times).  The result
holds the trace hash, so that every event is compared.  Exits 1 on a difference.
"""
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = "1..5"
RAN = (0, 10, 11, 12, 13, 14, 15)  # Any verdict is fine, if both give it.


def run(binary, scenario):
    """The exit code, and the results without `host`; or an error in their place."""
    command = [binary, "run", str(scenario), f"--seeds={SEEDS}", "--result=-", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in RAN:
        return done.returncode, [f"failed: {done.stderr.strip()}"]
    results = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    for result in results:
        result.pop("host", None)
    return done.returncode, [json.dumps(result) for result in results]


def compare(binaries, scenario):
    """None if both builds agree, else what differs."""
    (code, ours), (other_code, theirs) = (run(binary, scenario) for binary in binaries)
    if code not in RAN or not ours:
        return f"exit {code}, {ours[0] if ours else 'no result'}"
    if code != other_code:
        return f"exit {code} and {other_code}"
    for one, other in zip(ours, theirs):
        if one != other:
            return f"\n  {one}\n  {other}"
    return None if len(ours) == len(theirs) else f"{len(ours)} and {len(theirs)} results"


def main():
    binaries = sys.argv[1:]
    if len(binaries) != 2:
        sys.exit(__doc__)
    scenarios = [file for file in sorted((ROOT / "scenarios").rglob("*.json"))
                 if file.name != "schema.json"]
    if not scenarios:
        print("compare_builds: no scenarios yet, skipped")
        return
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda scenario: compare(binaries, scenario), scenarios))
    different = [(file, why) for file, why in zip(scenarios, answers) if why is not None]
    for file, why in different:
        print(f"{file.relative_to(ROOT)}: {why}")
    print(f"compare_builds: {len(scenarios) - len(different)} of {len(scenarios)} scenarios agree,"
          f" seeds {SEEDS}")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
