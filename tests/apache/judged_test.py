#!/usr/bin/python3
"""Torn and corrupted copies of one directory, judged by Apache's server, by its log tool and by fsck.
Where they differ, the table says why; the rules are those of restore.cc, which never refuses to start
for a torn tail and never takes damage for the end of the log."""
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))
from apache import LOG_TOOL, Server, fsck, run_zabsim, same_tree, served_tree, tool

HEADER = 16
MIDDLE = 100  # Of 337 records.


class Log:
    """The bytes of the one log file, and where its records are."""

    def __init__(self, folder):
        self.folder = folder / "version-2"
        self.path = next(self.folder.glob("log.*"))
        self.bytes = bytearray(self.path.read_bytes())
        self.begins = [HEADER]
        while size := int.from_bytes(self.bytes[self.begins[-1] + 8:self.begins[-1] + 12], "big"):
            self.begins.append(self.begins[-1] + 12 + size + 1)
        self.end = self.begins.pop()  # Zeros from here.

    def flip(self, record):
        self.bytes[self.begins[record] + 12 + 40] ^= 1

    def zero(self, begin, size):
        self.bytes[begin:begin + size] = bytes(size)

    def cut(self, begin, end=None):
        del self.bytes[begin:end]

    def save(self):
        self.path.write_bytes(self.bytes)

    def add(self, name, content):
        (self.folder / name).write_bytes(content)


def damage_snapshot(log):
    path = log.folder / "snapshot.0"
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(content)


# What is done to the directory; whether Apache's server starts; whether its log tool finds no fault;
# what fsck says; if both restore, whether they give the same tree; and, where they differ, why.
TABLE = [
    ("nothing", lambda log: None, True, True, "clean", True, ""),
    ("last record cut in its middle", lambda log: log.cut(log.end - 9), True, None, "torn", True, ""),
    ("last record without its end mark", lambda log: log.zero(log.end - 1, 1), True, None, "torn",
     True, ""),
    ("zeros cut off", lambda log: log.cut(log.end), True, None, "clean", True, ""),
    ("a byte of a record in the middle", lambda log: log.flip(MIDDLE), False, False, "damaged", None,
     ""),
    ("the snapshot's only copy", damage_snapshot, False, True, "damaged", None, ""),
    ("no snapshot", lambda log: (log.folder / "snapshot.0").unlink(), False, True, "damaged", None,
     ""),
    ("a later file of a header only", lambda log: log.add("log.20000012a", log.bytes[:HEADER]), True,
     True, "clean", True, ""),
    ("a byte of the last record", lambda log: log.flip(-1), False, False, "damaged", None, ""),
    ("a later file without a byte", lambda log: log.add("log.20000012a", b""), False, True, "torn",
     None, "A crash between create and the first write.  Apache 3.9 deletes it; 3.8 does not start."),
    ("a record in the middle without its end mark",
     lambda log: log.zero(log.begins[MIDDLE + 1] - 1, 1), True, None, "damaged", None,
     "Apache takes it for the end of the log and loses the records behind it without a word."),
    ("a length in the middle is zero", lambda log: log.zero(log.begins[MIDDLE], 12), True, None,
     "damaged", None, "The same."),
    ("a record is missing", lambda log: log.cut(log.begins[MIDDLE], log.begins[MIDDLE + 1]), True,
     True, "damaged", None, "Apache does not ask whether zxids are contiguous."),
]


def judge(row, folder):
    name, edit, starts, tool_content, verdict, same, why = row
    log = Log(folder)
    edit(log)
    log.save()
    good, text = tool(LOG_TOOL, "-d", log.path)
    assert tool_content is None or good == tool_content, f"{name}: log tool {good}\n{text[-800:]}"
    code, found = fsck(folder, tree=True)
    assert found["verdict"] == verdict, f"{name}: fsck {found['verdict']}, {found['restore']}"
    assert code == (10 if verdict == "damaged" else 0), f"{name}: exit code {code}"
    if same:
        same_tree(name, found["tree"], served_tree(name, folder))
        return
    with Server(folder) as server:
        assert server.starts() == starts, f"{name}: Apache\n{server.log.read_text()[-2000:]}"
    assert why or starts == (verdict != "damaged"), f"{name}: differs without a reason"


def goes_on_after_a_torn_tail(folder):
    """Apache leaves a torn tail where it is; what it writes then continues it in a new file."""
    log = Log(folder)
    log.cut(log.end - 9)
    log.save()
    with Server(folder) as server:
        assert server.starts(), server.log.read_text()
        client = server.client()
        client.create("/later", b"")
        server.kill()
        client.stop()
    for snapshot in (folder / "version-2").glob("snapshot.2*"):
        snapshot.unlink()  # So that a restore needs both files.
    code, found = fsck(folder, tree=True)
    assert code == 0 and found["verdict"] == "torn", found["restore"]
    assert len(found["logs"]) == 2, found["logs"]
    same_tree("goes on", found["tree"], served_tree("goes on", folder))


with tempfile.TemporaryDirectory() as scratch:
    whole = Path(scratch) / "whole"
    done = run_zabsim("disk", "scenarios/leader-crash.json", "--server=n1", f"--out={whole}")
    assert done.returncode == 0, done.stderr
    for number, row in enumerate(TABLE):
        copy = Path(scratch) / f"copy-{number}"
        shutil.copytree(whole, copy)
        judge(row, copy)
        print(f"{row[0]}: Apache {'starts' if row[2] else 'refuses'}, fsck {row[4]}")
    shutil.copytree(whole, Path(scratch) / "goes-on")
    goes_on_after_a_torn_tail(Path(scratch) / "goes-on")
    print("goes on after a torn tail: the same")
