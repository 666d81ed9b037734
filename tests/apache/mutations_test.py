#!/usr/bin/python3
"""Bent copies of directories, judged by Apache's server (an ensemble of one, which looks at epochs) and
by fsck.  Whether it starts is whether fsck finds no damage, and then both give the same tree; each way
in which they may differ is named in INTENDED.  `mutations_test.py COUNT SEED`: by night a few hundred."""
import collections
import gzip
import random
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))
from apache import Server, fsck, run_zabsim, same_tree, tree_of
from files import LOG_HEADER, Log, Snapshot

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 6
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
EPOCHS = ["0", "1\n", "+1", "2", "2\r\n", "", " 2", "2 ", "x", "-1", "007", "9"]


# ---- Mutations: each bends the version-2 of a copy ------------------------------------------------

def some(folder, draw, pattern):
    return draw.choice(sorted(folder.glob(pattern)))


def edit(path, change):
    content = bytearray(path.read_bytes())
    change(content)
    path.write_bytes(content)


def used(content):
    """Where the zeros at the end begin."""
    return max(len(bytes(content).rstrip(b"\0")), 1)


def flip(pattern):
    def bend(folder, draw):
        def change(content):
            content[draw.randrange(used(content))] ^= 1 << draw.randrange(8)
        edit(some(folder, draw, pattern), change)
    return bend


def cut(pattern):
    def bend(folder, draw):
        def change(content):
            del content[draw.randrange(used(content)):]
        edit(some(folder, draw, pattern), change)
    return bend


def zero_tail(folder, draw):
    def change(content):
        begin = draw.randrange(used(content))
        content[begin:] = bytes(len(content) - begin)
    edit(some(folder, draw, "log.*"), change)


def zero_hole(folder, draw):
    def change(content):
        begin = draw.randrange(used(content))
        content[begin:begin + 64] = bytes(len(content[begin:begin + 64]))
    edit(some(folder, draw, "log.*"), change)


def records(change):
    def bend(folder, draw):
        log = Log(some(folder, draw, "log.*"))
        if log.entries:
            change(log, draw, draw.randrange(len(log.entries)))
        log.save()
    return bend


def again(log, draw, at):
    log.entries.insert(at + 1, log.entries[at])


def late(log, draw, at):
    begin = max(at - draw.randrange(1, 6), 0)
    log.entries[at + 1:at + 1] = log.entries[begin:at + 1]


def lose(log, draw, at):
    del log.entries[at]


def longer(log, draw, at):
    log.entries[at] += b"\1" * draw.randrange(1, 20)


def other_digest(log, draw, at):
    entry = log.entries[at]
    if entry[-12:-8] == b"\0\0\0\2":
        log.entries[at] = entry[:-9] + b"\3" + entry[-8:]


def junk(log, draw, at):
    log.entries[at] = bytes(draw.randrange(256) for _ in range(draw.randrange(32, 90)))


def version(pattern):
    def bend(folder, draw):
        def change(content):
            content[7] = draw.randrange(1, 100)
        edit(some(folder, draw, pattern), change)
    return bend


def rename_log(folder, draw):
    path = some(folder, draw, "log.*")
    zxid = int(path.name[4:], 16)
    path.rename(folder / f"log.{max(zxid + draw.choice([-1, 1, 2, 5]), 1):x}")


def epoch(name):
    def bend(folder, draw):
        (folder / name).write_text(draw.choice(EPOCHS), newline="")
    return bend


def lose_file(folder, draw):
    some(folder, draw, "*").unlink()


def last_log(content):
    def bend(folder, draw):
        last = max(int(path.name[4:], 16) for path in folder.glob("log.*"))
        (folder / f"log.{last + 500:x}").write_bytes(content(draw))
    return bend


def compress(folder, draw):
    path = some(folder, draw, "snapshot.*")
    (folder / (path.name + ".gz")).write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def compress_badly(folder, draw):
    compress(folder, draw)
    cut("snapshot.*.gz")(folder, draw)


def later_block(folder, draw):
    path = some(folder, draw, "snapshot.*")
    snapshot = Snapshot(path.read_bytes())
    if snapshot.digest:
        snapshot.more = int(path.name[9:], 16).to_bytes(8, "big")
    path.write_bytes(snapshot.content())


HEADER = b"ZKLG" + (2).to_bytes(4, "big") + bytes(8)
MUTATIONS = {
    "nothing": lambda folder, draw: None,
    "a bit of a log": flip("log.*"), "a bit of a snapshot": flip("snapshot.*"),
    "a log cut": cut("log.*"), "a snapshot cut": cut("snapshot.*"), "a tail of zeros": zero_tail,
    "a hole of zeros": zero_hole, "a record again": records(again), "records late": records(late),
    "a record lost": records(lose), "a record longer": records(longer),
    "another digest version": records(other_digest), "a record of junk": records(junk),
    "another log version": version("log.*"), "another snapshot version": version("snapshot.*"),
    "a log renamed": rename_log, "acceptedEpoch": epoch("acceptedEpoch"),
    "currentEpoch": epoch("currentEpoch"), "a file lost": lose_file,
    "an empty last log": last_log(lambda draw: b""),
    "a last log of a header": last_log(lambda draw: HEADER),
    "a last log of half a header": last_log(lambda draw: HEADER[:draw.randrange(1, LOG_HEADER)]),
    "a last log of zeros": last_log(lambda draw: bytes(4096)),
    "a last log of junk": last_log(lambda draw: bytes(draw.randrange(1, 256) for _ in range(99))),
    "a snapshot compressed": compress, "a snapshot compressed and cut": compress_badly,
    "the block of 3.9": later_block,
}


# ---- The judges -----------------------------------------------------------------------------------

def has_bad_log(found):
    return any(log["end"] == "damaged" for log in found["logs"])


def has_short_log(found):
    return any(log["end"] == "torn" and log["records"] == 0 for log in found["logs"])


# Why Apache starts and fsck finds damage (True), or the other way round; the first that holds counts.
INTENDED = [
    (True, "a gap, at which Apache does not look (D21)",
     lambda found: any(not gap["covered"] for gap in found["gaps"])
     or "gap between" in found["restore"]["damage"]),
    (True, "a bad record, which Apache takes for the end of the log, or does not read (D21)", has_bad_log),
    (True, "a damaged snapshot: Apache takes an older one, or does not look at it (D23)",
     lambda found: any(s["state"] == "damaged" for s in found["snapshots"])
     or "is damaged, the log does not hold" in found["restore"]["damage"]),
    (True, "the log ends before its snapshot does (D23)",
     lambda found: "the log only to" in found["restore"]["damage"]),
    (True, "a torn file inside the log (D21)", lambda found: any(log["end"] == "torn"
                                                                for log in found["logs"][:-1])),
    (True, "the tree is not what its digest says: Apache only warns",
     lambda found: bool(found["restore"]["digest_mismatches"])),
    (True, "an epoch above 31 bits or below 0 (D18)",
     lambda found: "is no epoch" in found["restore"]["damage"]),
    (False, "a last log without its header, as a crash leaves it (D21)", has_short_log),
]


def reason(starts, found):
    return next((why for when, why, holds in INTENDED if when == starts and holds(found)), None)


def judge(name, folder):
    code, found = fsck(folder, tree=True)
    sound = code == 0
    with Server(folder, quorum=True) as server:
        starts = server.starts()
        tree = None
        if starts and sound:
            client = server.client()
            tree = [node for node in tree_of(client) if node["path"] != "/zookeeper/config"]
            client.stop()
        log = server.log.read_text(errors="replace")
    if starts != sound:
        why = reason(starts, found)
        assert why, f"{name}: Apache {starts}, fsck {found['verdict']}\n{found['restore']}\n{log[-3000:]}"
        return why
    if tree is not None:
        ours = [node for node in found["tree"] if node["path"] != "/zookeeper/config"]
        same_tree(name, ours, tree)
        return "both start, with the same tree"
    return "both refuse"


def base_of_apache(folder):
    folder.mkdir()
    with Server(folder, quorum=True) as server:
        assert server.starts(), server.log.read_text()
        client = server.client()
        for number in range(170):
            client.create(f"/n{number}", b"v" * (number % 30), ephemeral=number % 9 == 0)
            if number % 5 == 0:
                client.set(f"/n{number}", b"again")
        server.kill()
        client.stop()


def base_of_ours(folder):
    done = run_zabsim("disk", "scenarios/leader-crash.json", "--server=n1", f"--out={folder}")
    assert done.returncode == 0, done.stderr


draw = random.Random(SEED)
print(f"{COUNT} mutations, seed {SEED}")
with tempfile.TemporaryDirectory() as scratch:
    bases = [Path(scratch) / "apache", Path(scratch) / "ours"]
    base_of_apache(bases[0])
    base_of_ours(bases[1])
    counts = collections.Counter()
    kinds = sorted(MUTATIONS)
    draw.shuffle(kinds)
    for number in range(COUNT):
        kind = kinds[number % len(kinds)]
        copy = Path(scratch) / f"copy-{number}"
        shutil.copytree(draw.choice(bases), copy)
        try:
            MUTATIONS[kind](copy / "version-2", draw)
        except IndexError:
            continue  # Nothing there to bend.
        counts[judge(f"{number}, {kind}", copy)] += 1
        shutil.rmtree(copy)
    for outcome, count in counts.most_common():
        print(f"{count:4} {outcome}")
