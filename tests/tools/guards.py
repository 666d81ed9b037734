#!/usr/bin/env python3
"""Runs that would never end: guards end them as unknown and signals within a second, and a campaign's
findings among them can be replayed.  All under a limit on memory."""
import json
import os
import resource
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
CASES = "tests/cases"
ADDRESSES = 3_000_000 * 1024  # Bytes, as `ulimit -v 3000000` has them.
GENEROUS = 120  # Seconds: for a machine that others use too.

# Two ways to make endless work at one instant: an event that fires after the step, and one within it.
LOOPS = {
    "after the step": {},
    "within the step": {"edge": "before"},
}


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))


def run(*arguments):
    return subprocess.run([ZABSIM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
                          timeout=GENEROUS, preexec_fn=limit_memory)


class Guards(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def test_an_event_that_restarts_and_crashes_for_ever(self):
        for name, when in LOOPS.items():
            with self.subTest(name):
                scenario = json.loads((ROOT / CASES / "restart-crash-loop.json").read_text())
                scenario["events"][0]["when"].update(when)
                file = self.folder / "loop.json"
                file.write_text(json.dumps(scenario))
                done = run("run", file, "--quiet", "--result=-")
                self.assertEqual(done.returncode, 15, done.stdout + done.stderr)
                self.assertEqual(json.loads(done.stdout)["unknown"], "virtual time stands still")

    def test_records_without_an_action(self):
        scenario = json.loads((ROOT / CASES / "restart-crash-loop.json").read_text())
        scenario["events"] = [{"id": "a", "when": {"on": "crashed"}, "max": 10**9,
                               "do": [{"restart": "n1"}, {"crash": {"target": "n1"}}] * 500},
                              scenario["events"][1]]
        file = self.folder / "many.json"
        file.write_text(json.dumps(scenario))
        self.assertEqual(run("run", file, "--quiet").returncode, 15)

    def test_memory_that_runs_out_is_unknown(self):
        scenario = {"format": "zabsim/1", "cluster": {"voters": ["n1"]}, "end": {"virtual": "10h"},
                    "workload": [{"kind": "closed", "clients": 8, "mix": {"create": 1},
                                  "keys": 65536, "value_size": "512KiB"}]}
        file = self.folder / "hoard.json"
        file.write_text(json.dumps(scenario))
        done = run("run", file, "--quiet", "--result=-")
        self.assertEqual(done.returncode, 15, done.stdout + done.stderr)
        self.assertIn("memory of this process", json.loads(done.stdout)["unknown"])

    def test_signals_end_a_run_with_its_results(self):
        result = self.folder / "results"
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen(
                [ZABSIM, "run", "scenarios/ci/swarm.json", "--seeds=1..2", "--quiet",
                 "--set=/end/virtual=90000s", '--set=/end/quiet={"at":"89000s"}',
                 f"--result={result}"], cwd=ROOT)
            time.sleep(1)
            begin = time.monotonic()
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=GENEROUS), 130)
            self.assertLess(time.monotonic() - begin, 10)  # A second, on a machine without others.
            self.assertEqual(json.loads(result.read_text().splitlines()[0])["unknown"],
                             "interrupted")

    def test_a_signal_ends_a_step_that_has_no_end(self):
        if not BROKEN.exists():
            self.skipTest("this build has no servers to break")
        process = subprocess.Popen([BROKEN, "run", "scenarios/old-leader-trunc.json",
                                    "--peer=hangs", "--quiet"], cwd=ROOT)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=GENEROUS), 130)

    def test_what_is_found_where_nothing_ends_is_a_file(self):
        out = self.folder / "out"
        done = run("fuzz", f"{CASES}/never-ends.json", "--set=/end/events=200000", "--runs=20",
                   f"--out={out}", "--no-shrink")
        self.assertIn(done.returncode, (0, 11, 15), done.stdout + done.stderr)
        for folder in (out / "findings").iterdir():
            self.assertEqual(run("validate", folder / "scenario.json").returncode, 0)
            again = run("replay", folder, "--quiet")
            finding = json.loads((folder / "finding.json").read_text())
            self.assertEqual(again.returncode, finding["exit_code"], again.stdout + again.stderr)
            self.assertNotIn("it was found as", again.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
