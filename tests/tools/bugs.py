#!/usr/bin/env python3
"""zabsim bugs: the list, the hunt and its table; and zabsim fuzz --bug.

    tests/tools/bugs.py
"""
import json
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
ZABSIM = Path(os.environ.get("ZABSIM", ROOT / "build/release/zabsim"))
EASY = ["ZOOKEEPER-4685", "ZOOKEEPER-2247"]


def run(*arguments):
    return subprocess.run([ZABSIM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True)


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name) / "out"

    def tearDown(self):
        self.folder.cleanup()

    def hunt(self, *arguments):
        return run("bugs", f"--out={self.out}", *arguments)


class List(unittest.TestCase):
    def test_each_bug_has_a_story(self):
        for language in ("en", "zh"):
            lines = run("bugs", "--list", f"--lang={language}").stdout.splitlines()
            ids = {line.split()[0] for line in lines if not line.startswith(" ")}
            stories = {path.stem.upper() for path in (ROOT / "scenarios/bugs").glob("*.json")}
            self.assertEqual(ids, stories)


class Hunt(Folder):
    def test_other_root_seeds(self):
        done = self.hunt("--repeat=2", "--seed=11", "--no-shrink", "--json", EASY[0])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        campaigns = json.loads(done.stdout)["campaigns"]
        self.assertEqual([one["root_seed"] for one in campaigns], ["11", "12"])

    def test_rows(self):
        done = self.hunt("--repeat=2", "--budget=30s", "--no-shrink", "--json", *EASY)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([row["bug"] for row in rows], EASY)
        for row in rows:
            self.assertEqual((row["found"], row["repeat"], row["small"]), (2, 2, None))
            self.assertEqual([one["root_seed"] for one in row["campaigns"]], ["1", "2"])
            for one in row["campaigns"]:
                self.assertGreaterEqual(one["named"]["runs"], one["anything"]["runs"])
                self.assertGreater(one["named"]["cpu_nanoseconds"], 0)
            runs = [one["named"]["runs"] for one in row["campaigns"]]
            self.assertEqual(float(row["named"]["runs"]["median"]), sum(runs) / 2)
            self.assertIsNone(row["named"]["runs"]["interval"])  # Two are too few for one.

    def test_the_interval_is_the_second_and_the_ninth_of_ten(self):
        done = self.hunt("--repeat=10", "--no-shrink", "--json", EASY[0])
        row = json.loads(done.stdout)
        runs = sorted(one["named"]["runs"] for one in row["campaigns"])
        self.assertEqual(row["named"]["runs"]["interval"], [runs[1], runs[8]])
        self.assertEqual(float(row["named"]["runs"]["median"]), (runs[4] + runs[5]) / 2)

    def test_what_is_found_is_a_function_of_the_root_seed(self):
        hunts = [self.hunt("--repeat=1", "--no-shrink", "--json", EASY[0]) for _ in range(2)]
        runs = [json.loads(hunt.stdout)["campaigns"][0]["named"]["runs"] for hunt in hunts]
        self.assertEqual(runs[0], runs[1])

    def test_a_small_case_shows_the_bug_by_itself(self):
        done = self.hunt("--repeat=1", EASY[0])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        header, rule, row = done.stdout.splitlines()
        self.assertTrue(all(line.count("|") == header.count("|") for line in (rule, row)), done.stdout)
        self.assertIn(f"| {EASY[0]} | 1 of 1 |", row)
        small = self.out / f"{EASY[0].lower()}.json"
        self.assertEqual(json.loads(small.read_text())["known_bug"]["id"], EASY[0])
        shown = run("run", small, "--quiet")
        self.assertEqual(shown.returncode, 0, shown.stdout)
        self.assertEqual(run("replay", small, "--quiet").returncode, 10)

    def test_a_spent_budget_is_no_success(self):
        done = self.hunt("--repeat=1", "--budget=1s", "--json", "ZOOKEEPER-1419")
        row = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0 if row["found"] else 13, done.stdout + done.stderr)
        if not row["found"]:
            self.assertIsNone(row["named"]["runs"]["median"])
            self.assertGreaterEqual(row["campaigns"][0]["spent"]["cpu_nanoseconds"], 1_000_000_000)

    def test_ctrl_c_keeps_the_rows(self):
        process = subprocess.Popen([ZABSIM, "bugs", "--repeat=50", f"--out={self.out}", "--json"],
                                   cwd=ROOT, stdout=subprocess.PIPE, text=True)
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        rows = process.communicate(timeout=30)[0].splitlines()
        self.assertEqual(process.returncode, 130)
        self.assertTrue(json.loads(rows[-1])["interrupted"] if rows else True)

    def test_usage(self):
        unknown = self.hunt("ZOOKEEPER-46466")
        self.assertEqual(unknown.returncode, 2)
        self.assertIn('did you mean "ZOOKEEPER-4646"?', unknown.stderr)
        for bad in ("--budget=1", "--repeat=0", "--repeat=51", "--jobs=0"):
            self.assertEqual(self.hunt(bad, EASY[0]).returncode, 2, bad)
        self.assertFalse(self.out.exists())


class Fuzz(Folder):
    def test_findings_carry_their_bug(self):
        done = run("fuzz", "scenarios/ci/swarm.json", f"--bug={EASY[0]}", "--runs=60",
                   "--fail-fast=1", f"--out={self.out}", "--quiet")
        self.assertEqual(done.returncode, 10, done.stdout + done.stderr)
        for folder in (self.out / "findings").iterdir():
            finding = json.loads((folder / "finding.json").read_text())
            self.assertEqual(finding["confirmed"], "twice", finding)
            for name in ("scenario.json", "minimal.json"):
                story = json.loads((folder / name).read_text())
                self.assertEqual(story["known_bug"]["id"], EASY[0])
            again = run("replay", folder, "--quiet")
            self.assertEqual(again.returncode, 10)
            self.assertNotIn("it was found as", again.stdout)

    def test_unknown(self):
        unknown = run("fuzz", "scenarios/ci/swarm.json", "--bug=2845x", f"--out={self.out}")
        self.assertEqual(unknown.returncode, 2)


if __name__ == "__main__":
    unittest.main()
