#!/usr/bin/python3
"""Directories that Apache's server wrote: ours restores the tree that Apache then serves, after every
kind of transaction, and after kill -9 in the middle of writes, several times over."""
import logging
import sys
import tempfile
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))
from apache import CLI, PATIENCE, Server, fsck, same_tree, served_tree, tool, wait_for
from kazoo.exceptions import KazooException, NoNodeError
from kazoo.security import OPEN_ACL_UNSAFE, make_acl, make_digest_acl


logging.getLogger("kazoo").setLevel(logging.CRITICAL)  # It complains of every kill.


def every_kind(client):
    """One of each transaction that 3.8 logs for a client."""
    client.create("/plain", b"data")
    client.create("/empty", b"", include_data=True)
    client.create("/plain/child-", b"x" * 300, sequence=True)
    client.create("/mine", b"", acl=[make_acl("world", "anyone", read=True, write=True, admin=True)])
    client.create("/ephemeral", b"e", ephemeral=True)
    client.set("/plain", b"changed")
    client.set_acls("/plain", OPEN_ACL_UNSAFE + [make_digest_acl("user", "word", all=True)])
    client.create("/gone")
    client.delete("/gone")
    for fails in (False, True):  # A multi, and one that fails: it is logged too.
        multi = client.transaction()
        multi.create(f"/multi-{int(fails)}", b"1")
        multi.check("/plain", 99 if fails else 1)
        multi.set_data("/empty", b"2")
        multi.delete("/plain/child-0000000000", version=7 if fails else 0)
        multi.commit()
    try:
        client.set("/missing", b"")
    except NoNodeError:
        pass  # An ErrorTxn in the log.


def kinds_are_restored(scratch):
    place = Path(scratch) / "kinds"
    place.mkdir()
    with Server(place) as server:
        assert server.starts(), server.log.read_text()
        client = server.client()
        every_kind(client)
        for kind in (["-c"], ["-t", "100000000"]):  # Kazoo knows neither containers nor TTLs.
            good, text = tool(CLI, "-server", f"127.0.0.1:{server.port}", "create", *kind,
                              f"/kind{kind[0]}", "data")
            assert good and "Created" in text, text
        brief = server.client()
        brief.create("/of-a-closed-session", b"", ephemeral=True)
        brief.stop()  # Logged as closeSession with its paths.
        server.kill()
        client.stop()
    code, found = fsck(place, tree=True)
    assert code == 0 and not found["restore"]["digest_mismatches"], found["restore"]
    # The client's, and those of the command line tool, which closes none.
    assert found["restore"]["sessions"] == 3, found["restore"]
    paths = {node["path"] for node in found["tree"]}
    assert {"/multi-0", "/ephemeral", "/kind-c", "/kind-t"} <= paths, paths
    assert not {"/multi-1", "/of-a-closed-session", "/gone"} & paths, paths
    same_tree("every kind", found["tree"], served_tree("every kind", place))
    print(f"every kind: {len(paths)} nodes, the same")


def write_until_killed(client, folder):
    try:
        while True:
            batch = [client.create_async(f"{folder}/n", b"v" * i, sequence=True) for i in range(50)]
            for write in batch:
                write.get(timeout=PATIENCE)
    except KazooException:
        pass  # The connection was lost: what this thread waits for.


def kills_are_restored(scratch, rounds=3):
    place = Path(scratch) / "killed"
    place.mkdir()
    for number in range(rounds):
        with Server(place) as server:
            assert server.starts(), server.log.read_text()
            client = server.client()
            folder = f"/round-{number}"
            client.create(folder, b"")
            writer = threading.Thread(target=write_until_killed, args=(client, folder))
            writer.start()
            watcher = server.client()
            wait_for("some writes", lambda: watcher.exists(folder).numChildren > 250)
            server.kill()
            client.stop()
            watcher.stop()
            writer.join()
        code, found = fsck(place, tree=True)
        assert code == 0, found
        served = served_tree(f"round {number}", place)
        same_tree(f"round {number}", found["tree"], served)
        print(f"killed, round {number}: {found['verdict']}, {len(served)} nodes, the same")
        for_next = place.with_name(place.name + "-served")
        for_next.rename(place.with_name(f"{for_next.name}-{number}"))


with tempfile.TemporaryDirectory() as folder:
    kinds_are_restored(folder)
    kills_are_restored(folder)
