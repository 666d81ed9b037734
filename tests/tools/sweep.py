#!/usr/bin/env python3
"""Sweeps: designs, seeds, shards, what a kill at any moment leaves, and what mistakes are told.

With --nightly the sweep of 1,000 runs in 4 shards, each killed at random again and again.
"""
import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
ZABSIM = Path(os.environ.get("ZABSIM", ROOT / "build/release/zabsim"))
BROKEN = ZABSIM.with_name("zabsim_broken")
GENEROUS = 600  # Seconds.
SMALL = {
    "format": "zabsim/1",
    "id": "small",
    "cluster": {"voters": ["n1", "n2", "n3"]},
    "timing": {"tick_time": "200ms", "election": {"notification_max": "2s"}},
    "network": {"default": {"latency": {"dist": "uniform", "min": "1ms", "max": "5ms"}}},
    "workload": [{"id": "w", "kind": "closed", "clients": 2, "think": "50ms", "mix": {"setData": 1},
                  "keys": 2, "from": "1s"}],
    "events": [{"id": "crash", "at": "2s", "do": [{"crash": {"target": "leader"}}]}],
    "end": {"virtual": "5s"},
    "run": {"seeds": {"from": 7}},
    "sweep": {
        "matrix": {
            "/timing/tick_time": ["100ms", "200ms", "400ms"],
            "servers": [{"label": "3", "set": {"/cluster/voters": ["n1", "n2", "n3"]}},
                        {"label": "5", "set": {"/cluster/voters": ["n1", "n2", "n3", "n4", "n5"]}}],
        },
        "repeat": 5,
    },
}
NIGHTLY = "--nightly" in sys.argv


def run(*arguments, program=ZABSIM):
    return subprocess.run([program, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
                          timeout=GENEROUS)


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "lock"}


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


class Sweeps(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def file(self, **sweep):
        path = self.folder / "small.json"
        path.write_text(json.dumps(SMALL | {"sweep": SMALL["sweep"] | sweep}))
        return path

    def sweep(self, path, out, *arguments, code=0):
        done = run("sweep", path, f"--out={self.folder / out}", "--quiet", *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return self.folder / out

    def refused(self, path, *arguments):
        done = run("sweep", path, f"--out={self.folder / 'refused'}", *arguments)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        return done.stderr

    # ---- What is run ------------------------------------------------------------------------------

    def test_cells_repeats_and_seeds(self):
        out = self.sweep(self.file(), "out")
        runs = table(out / "runs.csv")
        self.assertEqual([(row["cell"], row["repeat"]) for row in runs],
                         [(str(cell), str(repeat)) for cell in range(6) for repeat in range(5)])
        self.assertEqual({row["seed"] for row in runs if row["repeat"] == "2"}, {"9"})
        self.assertEqual([(row["/timing/tick_time"], row["servers"]) for row in runs[::5]],
                         [(tick, size) for tick in ("100ms", "200ms", "400ms") for size in "35"])
        manifest = json.loads((out / "manifest.json").read_text())
        self.assertEqual(len({cell["digest"] for cell in manifest["cells"]}), 6)
        self.assertEqual(manifest["seeds"], ["7", "8", "9", "10", "11"])
        self.assertIn("zabsim sweep", manifest["command"])

    def test_a_run_of_a_cell_is_that_of_zabsim_run(self):
        path = self.file()
        out = self.sweep(path, "out")
        line = json.loads((out / "runs.ndjson").read_text().splitlines()[17])  # Cell 3, repeat 2.
        sets = [f"--set={text}" for text in line["result"]["set"]]
        alone = run("run", path, "--quiet", "--result=-", "--seed=9", *sets)
        result = json.loads(alone.stdout)
        del result["host"]
        self.assertEqual(line, {"cell": 3, "repeat": 2, "result": result})

    def test_pairwise_has_each_two_values_together(self):
        matrix = {f"/timing/{key}": values for key, values in
                  (("tick_time", ["1s", "2s", "3s"]), ("sync_limit", [3, 4, 5]),
                   ("init_limit", [8, 9, 10]))}
        matrix["/network/default/loss"] = ["0%", "1%"]
        out = self.sweep(self.file(matrix=matrix, design="pairwise", repeat=1), "out",
                         "--set=/end/virtual=1s", "--set=/events=[]")
        cells = json.loads((out / "manifest.json").read_text())["cells"]
        self.assertLess(len(cells), 15)  # Of 54.
        for first in matrix:
            for second in matrix:
                if first < second:
                    pairs = {(cell["values"][first], cell["values"][second]) for cell in cells}
                    self.assertEqual(len(pairs), len(matrix[first]) * len(matrix[second]))

    def test_a_latin_hypercube_takes_each_value_equally_often(self):
        matrix = {"/timing/sync_limit": [3, 4, 5, 6, 7], "/timing/init_limit": list(range(8, 28))}
        out = self.sweep(self.file(matrix=matrix, design="latin", cells=20, repeat=1), "out",
                         "--set=/end/virtual=1s", "--set=/events=[]")
        cells = json.loads((out / "manifest.json").read_text())["cells"]
        self.assertEqual(len(cells), 20)
        for name, values in matrix.items():
            taken = [cell["values"][name] for cell in cells]
            self.assertEqual({taken.count(str(value)) for value in values}, {20 // len(values)})

    def test_excluded_cells_are_left_out(self):
        out = self.sweep(self.file(repeat=1, exclude=[{"servers": "5"},
                                                      {"/timing/tick_time": "100ms", "servers": "3"}]),
                         "out")
        self.assertEqual([row["/timing/tick_time"] for row in table(out / "runs.csv")],
                         ["200ms", "400ms"])
        all_of_them = self.file(exclude=[{"servers": "5"}, {"servers": "3"}])
        self.assertIn("wanted a cell that is left, found none", self.refused(all_of_them))

    def test_a_cell_is_repeated_until_its_interval_is_narrow(self):
        path = self.file(repeat=3, precision={"metric": "write_latency_mean", "within": "3%", "most": 40})
        out = self.sweep(path, "out")
        counts = [sum(row["cell"] == str(cell) for row in table(out / "runs.csv"))
                  for cell in range(6)]
        self.assertGreaterEqual(min(counts), 3)
        for row in table(out / "cells.csv"):
            if row["metric"] != "write_latency_mean":
                continue
            half = (float(row["mean_high"]) - float(row["mean_low"])) / 2
            narrow = half <= 0.03 * float(row["mean"])
            self.assertTrue(narrow or row["n"] == "40", row)
        self.assertGreater(len(set(counts)), 1, "the rule never mattered")
        for shard in (1, 2):
            self.sweep(path, f"part{shard}", f"--shard={shard}/2", "--jobs=3")
        merged = run("merge", self.folder / "part1", self.folder / "part2",
                     f"--out={self.folder / 'whole'}")
        self.assertEqual(merged.returncode, 0, merged.stdout + merged.stderr)
        self.assertEqual(files_of(self.folder / "whole"), files_of(out))

    # ---- Shards and kills -------------------------------------------------------------------------

    def killed_again_and_again(self, path, out, generator, *arguments):
        """Until it comes to its end; how often it was killed."""
        for kills in range(1000):
            process = subprocess.Popen([ZABSIM, "sweep", path, f"--out={out}", "--quiet", *arguments],
                                       cwd=ROOT, stderr=subprocess.PIPE, text=True)
            try:
                process.wait(generator.uniform(0.02, 0.4 + 0.05 * kills))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            errors = process.communicate(timeout=GENEROUS)[1]
            if process.returncode != -signal.SIGKILL:
                self.assertEqual(process.returncode, 0, errors)
                return kills
        raise AssertionError("it never came to its end")

    def test_shards_that_were_killed_give_the_bytes_of_the_whole(self):
        path = self.file(repeat=167) if NIGHTLY else self.file()
        whole = self.sweep(path, "whole")
        generator = random.Random(time.time())
        parts = []
        for shard in range(1, 5):
            parts.append(self.folder / f"part{shard}")
            kills = self.killed_again_and_again(path, parts[-1], generator, f"--shard={shard}/4",
                                                "--jobs=2")
            print(f"shard {shard}: killed {kills} times", flush=True)
        generator.shuffle(parts)
        first = run("merge", *parts[:2], f"--out={self.folder / 'merged'}")
        self.assertEqual(first.returncode, 15, first.stdout + first.stderr)
        self.assertIn("MISSING:", first.stdout)
        second = run("merge", *parts[1:], f"--out={self.folder / 'merged'}")
        self.assertEqual(second.returncode, 0, second.stdout + second.stderr)
        self.assertEqual(files_of(self.folder / "merged"), files_of(whole))
        once_more = self.sweep(path, "whole")  # A sweep that is complete stays as it is.
        self.assertEqual(files_of(once_more), files_of(self.folder / "merged"))

    def test_a_line_that_was_cut_off_is_made_again(self):
        path = self.file(repeat=2)
        out = self.sweep(path, "out")
        before = files_of(out)
        (out / "runs.ndjson").write_bytes(before["runs.ndjson"][:-1000])
        self.assertEqual(files_of(self.sweep(path, "out")), before)

    def test_runs_that_differ_are_not_merged(self):
        path = self.file(repeat=2)
        one, two = self.sweep(path, "one"), self.sweep(path, "two")
        lines = (two / "runs.ndjson").read_text().replace('"elections":2', '"elections":3', 1)
        (two / "runs.ndjson").write_text(lines)
        done = run("merge", one, two, f"--out={self.folder / 'both'}")
        self.assertEqual(done.returncode, 12, done.stdout + done.stderr)
        self.assertIn("not deterministic", done.stderr)

    # ---- Mistakes ---------------------------------------------------------------------------------

    def test_mistakes_say_what_was_wanted(self):
        path = self.file()
        self.assertIn('wanted a key "sweep", found none', self.refused("scenarios/leader-crash.json"))
        self.assertIn("--shard: wanted i/n", self.refused(path, "--shard=5/4"))
        other = self.folder / "other.json"
        shutil.copy(path, other)
        self.sweep(other, "other", "--set=/sweep/repeat=1")
        self.assertIn("holds another sweep", run("sweep", other, f"--out={self.folder / 'other'}").stderr)
        bad = self.refused(self.file(matrix={"/timing/tick_time": ["1s", "quickly"]}))
        self.assertIn("the cell with /timing/tick_time quickly", bad)
        self.assertIn("wanted a duration", bad)
        merged = run("merge", self.folder / "other", ROOT / "scenarios", f"--out={self.folder / 'm'}")
        self.assertEqual(merged.returncode, 2)
        self.assertIn("scenarios/manifest.json", merged.stderr)
        compared = run("compare", self.folder / "other", ROOT / "scenarios")
        self.assertEqual(compared.returncode, 2)
        self.assertIn("wanted the folder of a sweep that is complete", compared.stderr)
        self.assertIn('has no cell "99"', run("compare", f"{self.folder / 'other'}@99",
                                              self.folder / "other").stderr)
        self.assertIn("--metric: wanted a metric", run("compare", self.folder / "other",
                                                       self.folder / "other", "--metric=speed").stderr)

    def test_a_run_whose_process_ends_is_told_and_left_out(self):
        out = self.folder / "ended"
        done = run("sweep", self.file(repeat=2), f"--out={out}", "--patience=1",
                   "--set=/workload/0/think=0ms", "--set=/workload/0/clients=200",
                   "--set=/end/virtual=4000s", "--set=/end/events=2000000000", "--shard=1/12")
        self.assertEqual(done.returncode, 70, done.stdout + done.stderr)
        self.assertIn("ended their process", done.stdout)
        rows = table(out / "runs.csv")
        self.assertEqual([(row["verdict"], row["excluded"]) for row in rows], [("ended", "ended")])

    # ---- Comparisons ------------------------------------------------------------------------------

    def test_a_comparison_of_cells_says_what_may_be_concluded(self):
        out = self.sweep(self.file(repeat=8), "out")
        done = run("compare", f"{out}@0", f"{out}@4", "--metric=ensemble_unavailable",
                   f"--csv={self.folder / 'compared.csv'}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("8 pairs", done.stdout)
        self.assertIn("they differ.", done.stdout)
        self.assertIn("What may not:", done.stdout)
        row = table(self.folder / "compared.csv")[0]
        self.assertGreater(float(row["low"]), 0)
        self.assertEqual(float(row["a12"]), 1)
        same = run("compare", out, out)
        self.assertNotIn("they differ.", same.stdout)
        self.assertIn("0 of", same.stdout)
        chinese = run("compare", f"{out}@0", f"{out}@4", "--lang=zh")
        self.assertIn("不能得出", chinese.stdout)


if __name__ == "__main__":
    sys.argv = [argument for argument in sys.argv if argument != "--nightly"]
    unittest.main(verbosity=2)
