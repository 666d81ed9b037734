#!/usr/bin/env python3
"""zabsim fsck on directories that others wrote, and on bent copies of one: exit code and words.  What is
right a real ZooKeeper 3.8.0 has said; where it differs is told in tests/cases/directories/README.md."""
import gzip
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

root = Path(os.environ["SOURCE_DIR"])
zabsim = os.environ["ZABSIM"]
cases = root / "tests/cases/directories"
HEADER = 16


def fsck(*arguments):
    done = subprocess.run([zabsim, "fsck", *map(str, arguments)], cwd=root, capture_output=True,
                          text=True)
    return done.returncode, done.stdout + done.stderr


def expect(name, code, *words, arguments):
    got, text = fsck(*arguments)
    assert got == code, f"{name}: exit code {got} for {code}\n{text}"
    for word in words:
        assert word in text, f"{name}: no '{word}' in\n{text}"


# Case, exit code, words.
CASES = [
    ("acl-missing", 10, ["DAMAGED: a node has the number of an ACL that is not there", ": /"]),
    ("garbage-last", 10, ["log.7: 0 records, 20000 bytes; DAMAGED: not a transaction log"]),
    ("only-garbage-log", 10, ["DAMAGED: not a transaction log"]),
    ("epoch-newline", 0, ["restore: up to 0:6", ": clean"]),
    ("current-above-accepted", 10,
     ["restore: none, acceptedEpoch 1 is below currentEpoch 2", "a real server refuses to start"]),
    ("duplicate-in-log", 0, ["log.1: 0:4 comes twice", "restore: up to 0:6", ": clean"]),
    ("nested", 2, ["no data here, but one folder below: name", "nested/version-2"]),
    ("no-snapshot-from-1", 10, ["no snapshot, but a log", "-Dzookeeper.snapshot.trust.empty=true"]),
    ("failed-multi-by-diff", 0, ["restore: up to 1:", ": clean"]),
]


def every_case_is_right():
    assert {name for name, _, _ in CASES} == {case.name for case in cases.iterdir() if case.is_dir()}
    for name, code, words in CASES:
        expect(name, code, *words, arguments=[cases / name])


class Copy:
    """A healthy directory to bend."""

    def __init__(self, scratch, name):
        self.folder = Path(scratch) / name
        shutil.copytree(cases / "epoch-newline", self.folder)
        self.files = self.folder / "version-2"

    def write(self, name, content):
        (self.files / name).write_bytes(content)
        return self

    def read(self, name):
        return (self.files / name).read_bytes()

    def records(self):
        content, position, found = self.read("log.1"), HEADER, []
        while position + 12 < len(content):
            end = position + 13 + int.from_bytes(content[position + 8:position + 12], "big")
            found.append(content[position:end])
            position = end
        return found

    def log(self, name, records):
        return self.write(name, self.read("log.1")[:HEADER] + b"".join(records))

    def expect(self, code, *words, options=()):
        expect(self.folder.name, code, *words, arguments=[self.folder, *options])


def epochs(scratch):
    for number, (text, code) in enumerate([
            (b"0\n", 0), (b"+0", 0), (b"00", 0), (b"0\r\nmore", 0), (b"", 10), (b"0 ", 10),
            (b"\n0", 10), (b"x", 10)]):
        Copy(scratch, f"epoch-{number}").write("acceptedEpoch", text).expect(code)
    later = Copy(scratch, "later")
    later.write("snapshot.100000000", later.read("snapshot.0"))
    (later.files / "log.1").unlink()
    later.write("acceptedEpoch", b"1").expect(
        10, "a real server refuses to start: currentEpoch is below", "; it is 0", ": DAMAGED")
    later.write("currentEpoch.tmp", b"1").expect(0)  # ZooKeeper adopts it.
    later.write("currentEpoch", b"1").write("acceptedEpoch", b"0").expect(10, "acceptedEpoch 0 is below")


def records_twice_and_late(scratch):
    copy = Copy(scratch, "twice")
    one, two, three, four, five, six = copy.records()
    copy.log("log.1", [one, two, three, two, three, four, five, six]).expect(
        0, "log.1: steps back from 0:3 to 0:2; applied as it comes", "restore: up to 0:6", ": clean")
    copy = Copy(scratch, "overlap").log("log.1", [one, two, three, four]).log(
        "log.3", [three, four, five, six])
    copy.expect(0, "log.3: begins with 0:3, the file before it ends with 0:4", ": clean")
    Copy(scratch, "misnamed").log("log.3", [one, two, three]).write("log.1", b"").expect(10)
    copy = Copy(scratch, "renamed").log("log.2", [one, two, three, four, five, six])
    (copy.files / "log.1").unlink()
    copy.expect(0, "restore: up to 0:6")
    Copy(scratch, "gap").log("log.1", [one, two, four, five]).expect(
        10, "log.1: gap between 0:2 and 0:4")


def snapshots_are_unpacked(scratch):
    copy = Copy(scratch, "gzip")
    snapshot = copy.read("snapshot.0")
    (copy.files / "snapshot.0").unlink()
    copy.write("snapshot.0.gz", gzip.compress(snapshot)).expect(
        0, "snapshot.0.gz: 3 nodes", "restore: up to 0:6", ": clean")
    copy.write("snapshot.0.gz", gzip.compress(snapshot)[:-30]).expect(
        10, "snapshot.0.gz: unfinished: the gzip stream ends early")
    copy.write("snapshot.0.gz", b"no gzip").expect(10, "snapshot.0.gz")
    (copy.files / "snapshot.0.gz").unlink()
    # One literal, as snappy has it for what cannot be compressed.
    size = len(snapshot)
    block = (bytes([size & 0x7f | 0x80, size >> 7]) + bytes([61 << 2]) +
             (size - 1).to_bytes(2, "little") + snapshot)
    framed = (b"\x82SNAPPY\0" + (1).to_bytes(4, "big") * 2 + len(block).to_bytes(4, "big") + block)
    copy.write("snapshot.0.snappy", framed).expect(0, "snapshot.0.snappy: 3 nodes", ": clean")
    copy.write("snapshot.0.snappy", framed[:-1]).expect(10, "the snappy stream ends early")


def files_elsewhere(scratch):
    copy = Copy(scratch, "no-log")
    (copy.files / "log.1").unlink()
    copy.write("snapshot.5", copy.read("snapshot.0")).expect(0, "name it with --log-dir")
    logs = Copy(scratch, "logs")
    for name in ("snapshot.0", "acceptedEpoch", "currentEpoch"):
        (logs.files / name).unlink()
    logs.expect(10, "if this is the server's dataLogDir")
    (copy.files / "snapshot.5").unlink()
    copy.expect(0, "restore: up to 0:6", options=[f"--log-dir={logs.folder}"])
    above = Path(scratch) / "above"
    above.mkdir()
    shutil.copytree(copy.folder, above / "data")
    expect("above", 2, "no data here, but one folder below: name", "above/data", arguments=[above])
    empty = Path(scratch) / "empty"
    (empty / "version-2").mkdir(parents=True)
    expect("empty", 0, "an empty tree", arguments=[empty])


def old_formats(scratch):
    copy = Copy(scratch, "before-3.0")
    entry = copy.records()[0][12:-1]
    copy.write("log.1", len(entry).to_bytes(4, "big") + entry + b"B").expect(
        10, "hint: a file of ZooKeeper before 3.0, which no later server reads: log.1")


def long_records(scratch):
    copy = Copy(scratch, "long")
    limit = len(max(copy.records(), key=len)) - 14
    copy.expect(10, "DAMAGED: impossible length", "--max-record=BYTES: log.1",
                options=[f"--max-record={limit}"])
    copy.expect(0, options=[f"--max-record={limit + 1}"])


def compares(scratch):
    a, b = Copy(scratch, "a"), Copy(scratch, "b")
    same = [a.folder, f"--compare={b.folder}"]
    expect("same", 0, "the same: 8 nodes", arguments=same)
    records = b.records()
    b.log("log.1", records[:5])
    expect("last", 12, "the last transaction: A 0:6, B 0:5", arguments=same)
    code, text = fsck(*same, "--json")
    found = json.loads(text)
    assert code == 12 and not found["same"] and found["differences"][0]["kind"] == "last", text
    b.write("log.1", b"garbage")
    expect("damaged", 10, "not a transaction log", arguments=same)
    expect("nowhere", 2, "wanted a folder", arguments=[a.folder, "--compare=/nowhere"])


every_case_is_right()
with tempfile.TemporaryDirectory() as folder:
    for test in (epochs, records_twice_and_late, snapshots_are_unpacked, files_elsewhere, old_formats,
                 long_records, compares):
        test(folder)
