#!/usr/bin/env python3
"""Campaigns under other people's hands: shards that are merged in any order, two processes on one
folder, full disks, stopped machines, and workers that somebody kills."""
import json
import os
import re
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
SWARM = "scenarios/ci/swarm.json"
TRUNC = "scenarios/old-leader-trunc.json"
PEER = "--peer=log-not-synced"
GENEROUS = 300  # Seconds.


def run(program, *arguments, **options):
    return subprocess.run([program, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
                          timeout=GENEROUS, **options)


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "lock"}


def children_of(process):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = stat.read_text().rsplit(")", 1)
        except OSError:
            continue
        if int(fields.split()[1]) == process.pid:
            found.append(int(stat.parent.name))
    return found


def wait_for(condition):
    deadline = time.monotonic() + GENEROUS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)


class Campaigns(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def shard(self, number, *arguments, shards=3, runs=60, code=10):
        done = run(BROKEN, "fuzz", SWARM, PEER, "--seed=9", f"--shard={number}/{shards}",
                   f"--runs={runs}", f"--out={self.folder / f's{number}'}", "--no-shrink", *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return self.folder / f"s{number}"

    def merge(self, out, *folders, code=10, partial=False):
        done = run(BROKEN, "merge", *folders, f"--out={self.folder / out}",
                   *(["--partial"] if partial else []))
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def test_any_tree_of_merges_gives_the_same_bytes(self):
        one, two, three = (self.shard(number) for number in (1, 2, 3))
        before = files_of(one)
        self.merge("flat", one, two, three)
        self.merge("first", one, two, partial=True)
        self.merge("nested", self.folder / "first", three)
        self.merge("last", three, two, partial=True)
        self.merge("doubled", three, self.folder / "last", self.folder / "first", one, two, one)
        flat = files_of(self.folder / "flat")
        self.assertGreater(len(flat), 5)
        for other in ("nested", "doubled"):
            self.assertEqual(files_of(self.folder / other), flat, other)
        self.merge("flat", three, one)  # Once more, to what is there.
        self.assertEqual(files_of(self.folder / "flat"), flat)
        self.assertEqual(files_of(one), before)

    def test_what_was_planned_and_is_missing_is_told(self):
        one = self.shard(1, shards=2, runs=40)
        words = self.merge("out", one)
        self.assertIn("MISSING: shard 2 of 2 is missing", words)
        self.merge("out", one, partial=True)
        process = subprocess.Popen([ZABSIM, "fuzz", SWARM, "--runs=4000", "--shard=1/2",
                                    f"--out={self.folder / 'cut'}"], cwd=ROOT,
                                   stdout=subprocess.DEVNULL)
        wait_for((self.folder / "cut/campaign.json").exists)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(GENEROUS), 130)
        words = self.merge("half", self.folder / "cut", code=15)
        self.assertRegex(words, r"MISSING: shard 1 of 2 has [\d,]+ runs of 2,000: runs? ")

    def test_two_campaigns_are_not_merged(self):
        self.merge("out", self.shard(1))
        other = run(ZABSIM, "fuzz", SWARM, "--runs=3", f"--out={self.folder / 'other'}")
        self.assertEqual(other.returncode, 0, other.stdout)
        self.assertIn("is no shard of the campaign of", run(
            ZABSIM, "merge", self.folder / "s1", self.folder / "other",
            f"--out={self.folder / 'both'}").stderr)
        into = run(ZABSIM, "merge", self.folder / "s1", f"--out={self.folder / 's1'}")
        self.assertEqual(into.returncode, 2)
        self.assertIn("--out needs one for the whole", into.stderr)

    def test_runs_are_those_of_all_shards_together(self):
        plan = [len(range(shard, 41, 3)) for shard in (1, 2, 3)]
        for shard, wanted in zip((1, 2, 3), plan):
            done = run(ZABSIM, "fuzz", SWARM, "--runs=40", f"--shard={shard}/3",
                       f"--out={self.folder / str(shard)}")
            self.assertIn(f"{wanted} runs, 0 distinct failures", done.stdout)
        self.assertEqual(sum(plan), 40)

    def test_a_date_is_a_seed(self):
        self.assertEqual(run(ZABSIM, "fuzz", SWARM, "--runs=2", "--seed=2026-11-30",
                             f"--out={self.folder / 'out'}").returncode, 0)
        plan = json.loads((self.folder / "out/campaign.json").read_text())
        self.assertEqual(plan["root_seed"], "20261130")

    def test_one_process_at_a_time(self):
        out = self.folder / "out"
        arguments = ["fuzz", SWARM, "--time=60s", f"--out={out}"]
        first = subprocess.Popen([ZABSIM, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL)
        wait_for((out / "findings.ndjson").exists)
        second = run(ZABSIM, *arguments)
        self.assertEqual(second.returncode, 2, second.stdout)
        self.assertIn(f"{out}: another zabsim works there (process {first.pid})", second.stderr)
        first.send_signal(signal.SIGKILL)
        first.wait()
        self.assertEqual(run(ZABSIM, "fuzz", SWARM, "--runs=1", f"--out={out}").returncode, 0)

    def test_a_full_disk_is_said_and_what_was_found_is_judged(self):
        # A file that may grow to 20 KiB only: as on a full disk.
        def full():
            import resource
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20 << 10, 20 << 10))
        done = run(BROKEN, "fuzz", SWARM, PEER, "--runs=400", "--no-shrink",
                   f"--out={self.folder / 'out'}", preexec_fn=full)
        self.assertEqual(done.returncode, 74, done.stdout + done.stderr)
        self.assertIn("(the storage has failed)", done.stderr)
        self.assertIn("distinct failures", done.stdout)
        self.assertIn("violated: DurableAck", done.stdout)
        kept = (self.folder / "out/findings.ndjson").read_text()
        self.assertTrue(all(json.loads(line) for line in kept.splitlines()))
        printed = re.findall(r"^found: (.*)$", done.stdout, re.MULTILINE)
        self.assertLessEqual(set(printed), {json.loads(x)["signature"] for x in kept.splitlines()})

    def test_dev_full(self):
        for arguments in (["run", TRUNC, "--quiet", "--result=/dev/full"],
                          ["run", TRUNC, "--quiet", "--trace=/dev/full"],
                          ["run", TRUNC, "--quiet", "--choices=/dev/full"],
                          ["fuzz", SWARM, "--runs=2", "--junit=/dev/full",
                           f"--out={self.folder / 'out'}"]):
            with self.subTest(arguments):
                done = run(ZABSIM, *arguments)
                self.assertEqual(done.returncode, 74, done.stdout + done.stderr)
                self.assertIn("storage has failed", done.stderr)
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([ZABSIM, "run", TRUNC], cwd=ROOT, stdout=full, check=False,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 74)
        self.assertTrue(Path("/dev/full").is_char_device())  # Nobody has replaced it.

    def test_folders_that_cannot_be_written(self):
        for out in ("/proc/zabsim", "/dev/null/out"):
            done = run(ZABSIM, "fuzz", SWARM, "--runs=1", f"--out={out}")
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(out, done.stderr)

    def test_a_machine_that_stands_still_makes_nothing_hang(self):
        out = self.folder / "out"
        process = subprocess.Popen([ZABSIM, "fuzz", SWARM, "--runs=300", "--patience=1", "--jobs=1",
                                    f"--out={out}"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        wait_for(lambda: children_of(process))
        stopped = children_of(process)
        for child in stopped:
            os.kill(child, signal.SIGSTOP)
        time.sleep(3)
        for child in stopped:
            os.kill(child, signal.SIGCONT)
        words = process.communicate(timeout=GENEROUS)[0]
        self.assertEqual(process.returncode, 0, words)

    def test_what_waits_for_ever_is_unknown(self):
        done = run(BROKEN, "fuzz", TRUNC, "--runs=40", "--fail-fast=1", "--patience=1", "--jobs=1",
                   "--peer=waits", f"--out={self.folder / 'out'}")
        self.assertEqual(done.returncode, 15, done.stdout + done.stderr)
        self.assertIn("found: held up", done.stdout)

    def test_a_worker_that_is_killed_from_outside_is_unknown(self):
        process = subprocess.Popen([ZABSIM, "fuzz", SWARM, "--runs=200", "--jobs=1",
                                    f"--out={self.folder / 'out'}"], cwd=ROOT,
                                   stdout=subprocess.PIPE, text=True)
        wait_for(lambda: children_of(process))
        os.kill(children_of(process)[0], signal.SIGKILL)
        words = process.communicate(timeout=GENEROUS)[0]
        self.assertEqual(process.returncode, 15, words)
        self.assertIn("killed from outside: signal 9", words)
        self.assertIn("NOT confirmed", words)


if __name__ == "__main__":
    if not BROKEN.exists():
        sys.exit(77)  # This build has no servers to break.
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
