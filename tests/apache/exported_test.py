#!/usr/bin/python3
"""What `zabsim disk` writes, before Apache's eyes: its tools dump every file and count what fsck counts,
and its server starts on it and serves exactly our tree."""
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))
from apache import LOG_TOOL, SNAPSHOT_TOOL, fsck, run_zabsim, same_tree, served_tree, tool

# Servers at rest: scenario, server.
EXPORTS = [("leader-crash", "n1"), ("leader-crash", "n3"), ("snapshot-power-loss", "n2"),
           ("follower-snap", "n1"), ("old-leader-trunc", "n3")]


def files_are_dumped(name, folder, report):
    for log in report["logs"]:
        good, text = tool(LOG_TOOL, "-d", folder / "version-2" / log["file"])
        assert good, f"{name} {log['file']}: {text[-1000:]}"
        count = re.search(r"EOF reached after (\d+) txns", text)
        assert count and int(count[1]) == log["records"], f"{name} {log}: {text[-300:]}"
    for snapshot in report["snapshots"]:
        good, text = tool(SNAPSHOT_TOOL, folder / "version-2" / snapshot["file"])
        assert good, f"{name} {snapshot['file']}: {text[-1000:]}"
        count = re.search(r"ZNode Details \(count=(\d+)\)", text)
        # It lists the root under both of its names, "" and "/".
        assert count and int(count[1]) == snapshot["nodes"] + 1, f"{name} {snapshot}: {text[:300]}"


with tempfile.TemporaryDirectory() as scratch:
    for scenario, server in EXPORTS:
        label = f"{scenario} {server}"
        place = Path(scratch) / f"{scenario}-{server}"
        done = run_zabsim("disk", f"scenarios/{scenario}.json", f"--server={server}",
                          f"--out={place}")
        assert done.returncode == 0, done.stderr
        code, found = fsck(place, tree=True)
        assert code == 0 and found["verdict"] == "clean", f"{label}: {found}"
        files_are_dumped(label, place, found)
        same_tree(label, found["tree"], served_tree(label, place))
        print(f"{label}: {found['restore']['nodes']} nodes, the same")
