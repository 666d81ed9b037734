#!/usr/bin/env python3
"""Shards in a folder that several workers share, workers that die, and what `campaign status` says."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from shared import (GENEROUS, LEASE, ROOT, ZABSIM, check_same, has_progress, holder_of, init, run,
                    start_whole, status, wait_for)

RUNS = 120


def work(folder, *options):
    return subprocess.Popen([ZABSIM, "campaign", "work", folder, "--jobs=1", *options],
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


class Leases(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.campaign = self.folder / "campaign"

    def test_workers_share_a_folder_and_one_takes_over_from_a_dead_one(self):
        whole = start_whole(self.folder / "whole", RUNS)
        init(self.campaign, RUNS)
        first = work(self.campaign)
        self.assertEqual(holder_of(self.campaign, 1), first.pid)
        second = work(self.campaign)
        wait_for(lambda: any(lease["shard"] == 2 for lease in status(self.campaign)["running"]))
        first.kill()
        first.communicate()
        self.assertEqual(second.wait(GENEROUS), 0, second.communicate())
        seen = status(self.campaign)
        self.assertEqual((seen["done"], seen["complete"], seen["missing"], seen["running"]),
                         (RUNS, 8, [], []))
        self.assertGreaterEqual(len(list(self.campaign.glob("leases/*.2"))), 1, "taken over")
        run(ZABSIM, "merge", self.campaign, code=10)
        check_same(whole, self.campaign, self.folder / "whole")

    def test_who_was_asleep_leaves_its_shard_to_others(self):
        init(self.campaign, RUNS, shards=1)
        sleeper = work(self.campaign)
        process = holder_of(self.campaign, 1)
        wait_for((self.campaign / "shards/1/campaign.json").exists)  # Its command has the folder.
        os.kill(process, signal.SIGSTOP)
        lease = self.campaign / "leases/1.1"
        os.utime(lease, (1000, 1000))  # Long ago: nobody has renewed it.
        other = subprocess.Popen([ZABSIM, "campaign", "work", self.campaign, "--jobs=1"],
                                 stdout=subprocess.DEVNULL)
        wait_for((self.campaign / "leases/1.2").exists)
        os.kill(process, signal.SIGCONT)
        self.assertEqual(other.wait(GENEROUS), 0)
        self.assertEqual(sleeper.wait(GENEROUS), 0, sleeper.communicate())
        self.assertEqual(lease.stat().st_mtime, 0, "given back, not renewed")
        self.assertEqual(status(self.campaign)["done"], RUNS)

    def test_an_interrupted_worker_gives_its_shard_back(self):
        init(self.campaign, 2000, shards=2)
        worker = work(self.campaign, "--shard=2")
        wait_for(lambda: has_progress(self.campaign, 2))
        worker.send_signal(signal.SIGTERM)
        self.assertEqual(worker.wait(GENEROUS), 130, worker.communicate())
        seen = status(self.campaign)
        self.assertEqual(seen["running"], [])
        self.assertEqual([shard["shard"] for shard in seen["missing"]], [1, 2])
        self.assertGreater(seen["missing"][1]["done"], 0)
        self.assertEqual(seen["done"], seen["missing"][1]["done"])
        words = run(ZABSIM, "campaign", "status", self.campaign)
        self.assertIn("missing: shard 1, 0 of 1,000 runs, nobody works at it", words)

    def test_findings_are_new_ongoing_or_resolved(self):
        for name, options in (("bad", ["--bug=ZOOKEEPER-1154"]), ("good", [])):
            run(ZABSIM, "campaign", "init", self.folder / name, "--shards=2", "--", "fuzz",
                "scenarios/ci/swarm.json", "--runs=20", "--seed=7", "--no-shrink", *options)
            run(ZABSIM, "campaign", "work", self.folder / name)
        bad, good = self.folder / "bad", self.folder / "good"
        found = list(status(bad)["findings"])
        self.assertTrue(found)
        self.assertEqual(status(bad, f"--against={good}")["new"], found)
        self.assertEqual(status(bad, f"--against={bad}")["ongoing"], found)
        self.assertEqual(status(good, f"--against={bad}")["resolved"], found)
        run(ZABSIM, "merge", bad, code=10)
        self.assertEqual(status(bad, f"--against={bad / 'whole'}")["ongoing"], found)
        self.assertIn(f"resolved: {found[0]}",
                      run(ZABSIM, "campaign", "status", good, f"--against={bad}"))

    def test_the_state_of_a_sweep_is_that_of_its_files(self):
        folder = self.campaign
        (folder / "shards/2").mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps({
            "format": "zabsim-shards/1", "command": ["sweep", "x.json"], "shards": 3,
            "lease_seconds": 5, "version": "", "compiler": "", "commit": ""}))
        plan = {"format": "zabsim-sweep/1", "file": "x.json", "cells": [{}] * 4, "repeat": 5}
        (folder / "plan.json").write_text(json.dumps(plan))
        (folder / "shards/2/runs.ndjson").write_text('{"cell":0}\n' * 7)
        seen = status(folder)
        self.assertEqual((seen["planned"], seen["done"], seen["complete"]), (20, 7, 0))
        self.assertEqual([shard["wanted"] for shard in seen["missing"]], [7, 7, 6])
        (folder / "shards/2/cells.csv").write_text("")
        self.assertEqual([shard["shard"] for shard in status(folder)["missing"]], [1, 3])
        (folder / "plan.json").write_text(json.dumps({**plan, "precision": {}}))
        self.assertIsNone(status(folder)["planned"])

    @unittest.skipUnless("--plan" in subprocess.run([ZABSIM, "sweep", "--help"], capture_output=True,
                                                    text=True).stdout, "this build has no sweeps")
    def test_a_sweep_in_shards_is_the_sweep(self):
        story = json.loads((ROOT / "scenarios/leader-crash.json").read_text())
        story.update(expect={}, sweep={"matrix": {"/timing/tick_time": ["200ms", "500ms"]},
                                       "repeat": 5})
        del story["lesson"], story["$schema"]
        (self.folder / "sweep.json").write_text(json.dumps(story))
        run(ZABSIM, "campaign", "init", self.campaign, "--shards=4", "--", "sweep", "sweep.json",
            cwd=self.folder)
        run(ZABSIM, "campaign", "work", self.campaign, "--jobs=1")
        seen = status(self.campaign)
        self.assertEqual((seen["planned"], seen["done"], seen["missing"]), (10, 10, []))
        run(ZABSIM, "merge", self.campaign)
        run(ZABSIM, "sweep", "sweep.json", "--out=whole", cwd=self.folder)
        for name in ("manifest.json", "runs.ndjson", "runs.csv", "cells.csv"):
            self.assertEqual((self.campaign / "whole" / name).read_bytes(),
                             (self.folder / "whole" / name).read_bytes(), name)

    def test_another_campaign_in_the_same_folder_is_refused(self):
        init(self.campaign, RUNS)
        init(self.campaign, RUNS)
        with self.assertRaisesRegex(AssertionError, "holds another campaign"):
            init(self.campaign, RUNS + 1)
        manifest = self.campaign / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"commit": "', '"commit": "0'))
        self.assertIn("was built from commit", work(self.campaign).communicate()[1])

    def test_a_command_that_cannot_be_is_refused(self):
        bad = subprocess.run([ZABSIM, "campaign", "init", self.campaign, "--shards=2", "--", "fuzz",
                              "scenarios/none.json"], cwd=ROOT, capture_output=True, text=True)
        self.assertEqual(bad.returncode, 2)
        self.assertIn("scenarios/none.json", bad.stderr)
        self.assertFalse(self.campaign.exists())
        with self.assertRaisesRegex(AssertionError, "wanted fuzz or sweep"):
            run(ZABSIM, "campaign", "init", self.campaign, "--shards=2", "--", "run", "x.json")


if __name__ == "__main__":
    assert LEASE < GENEROUS
    unittest.main()
