#!/usr/bin/env python3
"""What is said of a run is so: what is on a disk, what a power loss has taken, how a run with a bug ends."""
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
ZABSIM = Path(os.environ.get("ZABSIM", ROOT / "build/release/zabsim"))


def zabsim(*arguments):
    return subprocess.run([ZABSIM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
                          check=False).stdout


def events(*arguments):
    """Of `watch --plain`: each event with the lines that say how the servers are after it."""
    found = []
    for line in zabsim("watch", "--plain", *arguments).splitlines():
        if re.match(r" *#\d+ ", line):
            found.append((line, []))
        elif found and line.strip():
            found[-1][1].append(line.strip())
    return found


def state(told, what, server):
    """How that server is after the first event that says so, or after the next milestone."""
    behind = False
    for line, servers in told:
        behind = behind or what in line
        for each in servers if behind else []:
            if each.startswith(server):
                return each
    raise AssertionError(f"no {what}")


class Disks(unittest.TestCase):
    def test_what_a_server_only_takes_to_be_on_disk_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            trace = Path(folder, "a.trace")
            zabsim("run", "scenarios/bugs/zookeeper-2247.json", "--bug=ZOOKEEPER-2247", "--quiet", f"--trace={trace}")
            for run in (["scenarios/bugs/zookeeper-2247.json"], [trace]):
                now = state(events(*run), "n1 starts again", "n2")
                self.assertIn("on disk up to 1:1,", now, run)
                self.assertIn("it takes what ends with 1:2 to be on disk", now, run)
        fixed = state(events("scenarios/bugs/zookeeper-2247.json", "--bug=none"), "n1 starts again", "n2")
        self.assertNotIn("takes what", fixed)

    def test_a_snapshot_that_was_not_synced_is_not_on_disk(self):
        now = state(events("scenarios/bugs/zookeeper-2872.json"), "n1 has saved the snapshot", "n1")
        self.assertIn("on disk up to 1:3", now)
        self.assertIn("it takes what ends with 1:8 to be on disk", now)

    def test_after_a_power_loss_the_tail_is_in_doubt_until_the_restart(self):
        told = events("scenarios/leader-crash.json")
        self.assertRegex(state(told, "n3 loses power", "n3"), "down, .* is in doubt")
        self.assertNotIn("in doubt", state(told, "n3 has restored", "n3"))

    def test_what_a_restart_has_replayed_is_applied(self):
        told = events("scenarios/leader-crash.json")
        self.assertIn("applied up to 1:39", state(told, "n3 has restored its disk up to 1:39", "n3"))

    def test_all_other_stories_have_on_disk_what_they_say(self):
        for story in ("leader-crash", "follower-snap", "torn-log-tail", "old-leader-trunc"):
            self.assertNotIn("to be on disk", zabsim("watch", "--plain", story), story)


class Words(unittest.TestCase):
    def test_a_run_that_shows_its_bug_says_so(self):
        for language, shows, held in (("en", "ZOOKEEPER-4643 shows", "held"),
                                      ("zh", "ZOOKEEPER-4643 已显现", "通过")):
            runs = [line for line in zabsim("run", "bugs/zookeeper-4643", f"--lang={language}").splitlines()
                    if line.startswith("bugs/zookeeper-4643")]
            self.assertEqual(len(runs), 2)
            self.assertIn(held, runs[0])
            self.assertIn(shows, runs[1])
            self.assertNotIn(held, runs[1])

    def test_no_internals(self):
        for story in ("bugs/zookeeper-335", "bugs/zookeeper-2845", "bugs/zookeeper-4925", "datagram"):
            for said in (zabsim("run", story), zabsim("watch", "--plain", story)):
                said = re.sub(r"trace hash [0-9a-f]{32}", "", said)
                self.assertNotRegex(said, r"\b[0-9a-f]{12,}\b", story)
                self.assertNotRegex(said, r"\$[a-z]\b", story)
                self.assertNotRegex(said, r"of the scenario acts", story)


if __name__ == "__main__":
    unittest.main()
