#!/usr/bin/python3
"""Random histories of Apache's server, with ACLs, ephemeral and sequential nodes, containers, TTLs,
quotas, multis and failed ones: ours restores the tree that Apache then serves, from every snapshot, and
from fuzzy ones, made of the ACLs of an earlier snapshot and the nodes of a later one: then everything
between the two is applied again."""
import logging
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))
from apache import CLASSPATH, CLI, PATIENCE, Server, fsck, same_tree, served_tree
from files import Snapshot
from kazoo.exceptions import KazooException
from kazoo.security import OPEN_ACL_UNSAFE, make_acl, make_digest_acl

logging.getLogger("kazoo").setLevel(logging.CRITICAL)  # It complains of the kill.
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 1
ROUNDS = 5
EARLY_ACLS = 3  # Known to the first snapshot.


def by_command_line(server, number):
    """What kazoo does not know: containers, TTLs and quotas."""
    lines = [f"create -c /container-{number} data", f"create -t 100000000 /ttl-{number} data",
             f"create /limited-{number} data", f"setquota -n 100 /limited-{number}",
             f"create /limited-{number}/child datadata", f"set /limited-{number}/child d",
             "quit"]
    done = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp",
         CLASSPATH, CLI, "-server", f"127.0.0.1:{server.port}"],
        input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=PATIENCE)
    assert f"Created /ttl-{number}" in done.stdout + done.stderr, done.stdout + done.stderr


class Writer:
    """Draws writes.  Apache does not survive every fuzzy snapshot: it forgets the number of an ACL that
    no node has and gives another the next time, so each has a node that nobody deletes; and while a node
    has an ACL whose number is not known yet, a setData ends it (as Debian patches 3.8.0), so setACL gives
    none but the first."""

    def __init__(self, draw):
        self.client, self.draw, self.acls, self.paths, self.count = None, draw, [OPEN_ACL_UNSAFE], [], 0

    def new_acl(self):
        acl = [make_acl("world", "anyone", read=True, write=True, create=True, delete=True, admin=True),
               make_digest_acl(f"user{len(self.acls)}", "word", read=True)]
        self.client.create(f"/acl-{len(self.acls)}", b"", acl=acl)
        self.acls.append(acl)

    def path(self):
        return self.draw.choice(self.paths) if self.paths else "/none"

    def create(self, target):
        self.count += 1
        below = self.path() if self.draw.random() < 0.4 and self.paths else ""
        path = f"{below}/n{self.count}"
        target.create(path, b"x" * self.draw.randrange(20), acl=self.draw.choice(self.acls),
                      ephemeral=self.draw.random() < 0.1, sequence=self.draw.random() < 0.1)
        self.paths.append(path)

    def one(self):
        kind = self.draw.randrange(10)
        if kind < 3:
            self.create(self.client)
        elif kind == 3:
            self.client.create(self.path() + "/second", b"", include_data=True,
                               acl=self.draw.choice(self.acls))
        elif kind == 4:
            self.client.set(self.path(), b"y" * self.draw.randrange(20))
        elif kind == 5:
            self.client.set_acls(self.path(), self.draw.choice(self.acls[:EARLY_ACLS]))
        elif kind == 6:
            self.client.delete(self.path())
        elif kind == 7:
            self.new_acl()
        else:
            multi = self.client.transaction()
            for _ in range(self.draw.randrange(1, 5)):
                self.draw.choice([lambda: self.create(multi), lambda: multi.delete(self.path()),
                                  lambda: multi.set_data(self.path(), b"z"),
                                  lambda: multi.check(self.path(), self.draw.randrange(3))])()
            multi.commit()

    def write(self, client, count):
        self.client = client
        while len(self.acls) < EARLY_ACLS:
            self.new_acl()
        for _ in range(count):
            try:
                self.one()
            except KazooException:
                pass  # An ErrorTxn in the log.


def write_history(place, draw):
    place.mkdir()
    with Server(place) as server:
        assert server.starts(), server.log.read_text()
        client = server.client()
        writer = Writer(draw)
        for number in range(ROUNDS):
            by_command_line(server, number)
            brief = server.client()
            writer.write(brief, 20)
            brief.stop()  # Logged as closeSession with its paths.
            writer.write(client, 80)
        server.kill()
        client.stop()


def snapshots_of(place):
    return sorted((place / "version-2").glob("snapshot.*"), key=lambda p: int(p.name[9:], 16))


def compare(name, place):
    code, found = fsck(place, tree=True)
    assert code == 0 and not found["restore"]["digest_mismatches"], f"{name}: {found['restore']}"
    same_tree(name, found["tree"], served_tree(name, place))
    print(f"{name}: {found['restore']['replayed']} replayed, {len(found['tree'])} nodes, the same")


def fuzzy(whole, earlier, later, copy):
    """A copy whose newest snapshot, by the name of `earlier`, has the ACLs of that and the nodes of
    `later`."""
    shutil.copytree(whole, copy)
    for path in snapshots_of(copy):
        if int(path.name[9:], 16) > int(earlier.name[9:], 16):
            path.unlink()
    made, of = Snapshot(later.read_bytes()), Snapshot(earlier.read_bytes())
    made.acls = of.acls
    (copy / "version-2" / earlier.name).write_bytes(made.content())
    return copy


def apache_fails_on(place):
    """Whether Apache stops at an ACL whose number it does not know yet, as Debian patches 3.8.0: then it
    is no judge of this directory."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = shutil.copytree(place, Path(scratch) / "copy")
        with Server(copy) as server:
            return not server.starts() and "Failed to fetch acls for" in server.log.read_text()


with tempfile.TemporaryDirectory() as scratch:
    whole = Path(scratch) / "whole"
    print(f"seed {SEED}")
    write_history(whole, random.Random(SEED))
    compare("as it is", whole)
    snapshots = snapshots_of(whole)
    assert len(snapshots) >= 4, snapshots
    for earlier, later in [(0, 2), (1, -1)]:
        name = f"fuzzy-{earlier}-{later}"
        place = fuzzy(whole, snapshots[earlier], snapshots[later], Path(scratch) / name)
        if SEED != 1 and apache_fails_on(place):
            print(f"{name}: Apache does not survive it")
            continue
        compare(name, place)
