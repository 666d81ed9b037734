#!/usr/bin/env python3
"""What zabsim costs in instructions, which are the same on every run: a table in Markdown.  Each row is
the difference of a longer and a shorter run, so that start-up cancels out.

    tests/bench/instructions.py build/release/zabsim [--rows=WORD] [--growth] [--check | --write]

--growth: how the cost per unit grows, as exponents, in place of the table.
--check: exits 1 if a row is more than 3 % above tests/bench/instructions.json, where --write keeps the
rows of a compiler with certain flags; a build without an entry there only prints.
"""
import argparse
import json
import math
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXPECTED = HERE / "instructions.json"
TOLERANCE = 0.03


def writes(servers, clients, seconds, **changes):
    """Closed clients that write as fast as they are answered, for so many seconds after the first."""
    scenario = {
        "format": "zabsim/1", "id": "bench",
        "cluster": {"voters": [f"n{i}" for i in range(1, servers + 1)], "server": {}},
        "timing": {"tick_time": "200ms"},
        "workload": [{"id": "w", "kind": "closed", "clients": clients, "think": "1ms",
                      "mix": {"setData": 1}, "from": "1s"}],
        "end": {"virtual": f"{round(1000 + 1000 * seconds)}ms", "events": 1_000_000_000},
    }
    scenario["cluster"]["server"].update(changes)
    return scenario


def restarts(servers, cycles, **changes):
    """The leader loses its power, a write is committed without it, it comes back: again and again."""
    scenario = writes(servers, 1, 2 * cycles, **changes)
    scenario["workload"][0]["think"] = "300ms"
    scenario["nemesis"] = [{"kind": "crash_restart", "targets": ["leader"], "interval": "2s",
                            "duration": "800ms", "from": "1s"}]
    return scenario


def swarm(runs):
    """So many seeds of the campaign that is kept for comparison."""
    return {"file": HERE / "swarm.json", "arguments": [f"--seeds=1..{runs}"]}


# Name: the unit, the shorter and the longer run.
ROWS = {
    "3 servers, 1 client": ("committed", writes(3, 1, 1), writes(3, 1, 9)),
    "5 servers, 1 client": ("committed", writes(5, 1, 1), writes(5, 1, 7)),
    "5 servers, 16 clients": ("committed", writes(5, 16, 0.2), writes(5, 16, 1)),
    "3 servers, 16 clients, snapshots": (
        "committed", writes(3, 16, 1, snap_count=500), writes(3, 16, 3, snap_count=500)),
    "3 servers, restarts": ("elections", restarts(3, 2), restarts(3, 12)),
    "5 servers, idle": ("events", writes(5, 0, 1), writes(5, 0, 60)),
    "swarm.json": ("events", swarm(1), swarm(6)),
}

# Name: the unit, what grows, and (size, shorter run, longer run) twice.
GROWTH = {
    "cost of a commit by seconds of writing": ("committed", "s", [
        (t, writes(3, 16, t, snap_count=200), writes(3, 16, t + 0.2, snap_count=200))
        for t in (0.2, 2)]),
    "cost of an event by clients": ("events", "clients", [
        (n, writes(3, n, 0), writes(3, n, 0.05)) for n in (20, 200)]),
    "set-up by clients": (None, "clients", [(n, None, writes(3, n, -0.5)) for n in (50, 400)]),
    "first election by servers": (None, "servers", [(n, None, writes(n, 0, -0.5)) for n in (9, 33)]),
    "cost of a commit by servers": ("committed", "servers", [
        (n, writes(n, 1, 0.2), writes(n, 1, 0.5)) for n in (9, 33)]),
    "cost of an election by restarts before": ("elections", "restarts", [
        (n, restarts(3, n), restarts(3, n + 5)) for n in (5, 40)]),
}


def measure(binary, scenario, unit):
    """The instructions of the runs, and how many of the unit they have."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.json"
        if "file" in scenario:
            path, arguments = scenario["file"], scenario["arguments"]
        else:
            if scenario["workload"][0]["clients"] == 0:
                scenario = {k: v for k, v in scenario.items() if k != "workload"}
            path.write_text(json.dumps(scenario))
            arguments = ["--seed=1"]
        results = Path(folder) / "results"
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary, "run", path,
             "--quiet", f"--result={results}", *arguments],
            capture_output=True, text=True, check=False)
        found = re.search(r"Collected : (\d+)", done.stderr)
        if found is None:
            sys.exit(f"{path}: {done.stderr}")
        runs = [json.loads(line) for line in results.read_text().splitlines()]
        count = sum(run["events"] if unit == "events" else run["metrics"].get(unit or "", 0)
                    for run in runs if "trace_hash" in run)  # The last line may be their summary.
        return int(found[1]), count


def cost(binary, unit, shorter, longer):
    """Instructions per unit; of the whole longer run without a unit."""
    most, count = measure(binary, longer, unit)
    if unit is None:
        return most
    least, before = measure(binary, shorter, unit)
    return (most - least) / (count - before)


def build_of(binary):
    """The compiler and its flags, from the folder of the build."""
    cache = (Path(binary).resolve().parent / "CMakeCache.txt").read_text()
    compiler = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", cache, re.M)[1]
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True,
                             check=True).stdout.splitlines()[0]
    flags = re.findall(r"^CMAKE_(?:CXX_FLAGS_RELEASE|UNITY_BUILD\w*):\w+=(.*)$", cache, re.M)
    return " ".join([version, *flags])


def print_growth(binary, word):
    print("| | from | to | instructions, from | to | exponent |\n|---|---|---|---|---|---|")
    for name, (unit, what, sizes) in GROWTH.items():
        if word not in name:
            continue
        small, large = [(size, cost(binary, unit, shorter, longer))
                        for size, shorter, longer in sizes]
        exponent = math.log(large[1] / small[1]) / math.log(large[0] / small[0])
        print(f"| {name} | {small[0]} {what} | {large[0]} | {small[1]:,.0f} | {large[1]:,.0f} | "
              f"{exponent:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rows", default="", metavar="WORD")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    if arguments.growth:
        return print_growth(arguments.binary, arguments.rows)

    known = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}
    build = build_of(arguments.binary)
    before = known.get(build, {})
    rows, failed = {}, []
    print(f"{build}\n\n| | per | instructions | before |\n|---|---|---|---|")
    for name, (unit, shorter, longer) in ROWS.items():
        if arguments.rows not in name:
            continue
        rows[name] = round(cost(arguments.binary, unit, shorter, longer))
        if name in before and rows[name] > before[name] * (1 + TOLERANCE):
            failed.append(name)
        said = f"{before[name]:,}" if name in before else "-"
        print(f"| {name} | {unit} | {rows[name]:,} | {said} |", flush=True)
    if arguments.write:
        known[build] = {**before, **rows}
        EXPECTED.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
    if arguments.check and failed:
        sys.exit(f"more than {TOLERANCE:.0%} slower: {', '.join(failed)}")
    return None


if __name__ == "__main__":
    main()
