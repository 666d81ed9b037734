#!/usr/bin/python3
"""Our peer beside two real servers, on real ports and files."""
import logging
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))
from apache import digest_warnings, fsck, same_tree, served_tree, wait_for
from ensemble import ApacheVoter, Ensemble, OurVoter
from load import Load, write, write_multi

logging.getLogger("kazoo").setLevel(logging.CRITICAL)  # It complains of every kill.

LIVES = 3  # That ours loses under writes.


def comes_back(ensemble, ours, load):
    """Killed under writes, it misses some, and gets just those."""
    load.await_more(3)
    ours.kill()
    load.await_more(3)
    ensemble.start(ours)
    ensemble.await_role(ours, "follower")
    assert ours.events("msg_delivered", "kind=DIFF"), ours.log.read_text()


def follows(ensemble, client, ours):
    """A real leader brings ours up by SNAP; later, by DIFF under writes, again and again."""
    with Load(client, write, write_multi) as load:
        load.await_more(3)
        ensemble.start(ours)
        ensemble.await_role(ours, "follower")
        assert ours.events("msg_delivered", "kind=SNAP"), ours.log.read_text()
        for _ in range(LIVES):
            comes_back(ensemble, ours, load)


def leads(ensemble, client, one, two, ours):
    """Without its leader the ensemble is led by ours.  Client is one's, before and after."""
    client.create("/kept", b"", ephemeral=True)
    session = client.client_id
    ensemble.await_agreement()
    two.kill()
    ensemble.await_role(ours, "leader")
    ensemble.await_role(one, "follower")
    assert client.retry(client.exists, "/kept"), "its session is gone"
    wait_for("the same session", lambda: client.client_id == session)
    assert ours.events("msg_sent", "kind=REVALIDATE")
    with Load(client, write) as load:
        load.await_more(3)
        ensemble.start(two)
        ensemble.await_role(two, "follower")
        assert ours.events("sync_decided", "kind=diff", "peer=2"), ours.log.read_text()
        load.await_more(3)
        two.kill()
        two.wipe()
        ensemble.start(two)
        ensemble.await_role(two, "follower")
        assert ours.events("sync_decided", "kind=snap", "peer=2"), ours.log.read_text()
        load.await_more(3)
    for voter in (one, two):
        passes_by(ensemble, voter, client)


def passes_by(ensemble, voter, witness):
    """A client opens a session at `voter`, leaves a node with it, and closes it."""
    client = ensemble.client(voter)
    client.create("/brief", b"", ephemeral=True)
    witness.sync("/")
    assert witness.exists("/brief")
    client.stop()
    witness.sync("/")
    assert not witness.exists("/brief")


def is_led_again(ensemble, client, two, ours):
    """Ours is killed while it leads, and follows the one whom it has led."""
    ours.kill()
    ensemble.await_role(two, "leader")
    assert client.retry(client.exists, "/kept")
    with Load(client, write, write_multi) as load:
        load.await_more(3)
        ensemble.start(ours)
        ensemble.await_role(ours, "follower")
        load.await_more(3)


def without_config(nodes):
    """All but /zookeeper/config, which each server makes itself."""
    return sorted((node for node in nodes if node["path"] != "/zookeeper/config"),
                  key=lambda node: node["path"])


def restored(voter):
    """The tree and the sessions that its directory holds."""
    code, found = fsck(voter.folder, tree=True)
    assert code == 0 and not found["restore"]["digest_mismatches"], f"server {voter.sid}: {found}"
    return without_config(found["tree"]), found["restore"]["sessions"]


def holds_the_same(ensemble, ours):
    """Kills all: the three directories hold one tree, which Apache serves from ours, too."""
    for voter in ensemble.voters:
        voter.kill()
    tree, sessions = restored(ours)
    assert len(tree) > 100 and any(node["path"] == "/kept" for node in tree), len(tree)
    for voter in ensemble.voters:
        theirs, their_sessions = restored(voter)
        same_tree(f"server {voter.sid}", theirs, tree)
        assert their_sessions == sessions, (voter.sid, their_sessions, sessions)
        for log in voter.folder.parent.glob(f"{voter.sid}-*.log"):
            assert not digest_warnings(log), digest_warnings(log)
    same_tree("served by Apache", without_config(served_tree("ours", ours.folder)), tree)
    print(f"{len(tree)} nodes, {sessions} sessions, the same in all three directories")


def main():
    with tempfile.TemporaryDirectory() as scratch, \
            Ensemble(scratch, [ApacheVoter, ApacheVoter, OurVoter]) as ensemble:
        one, two, ours = ensemble.voters
        ensemble.start(one, two)
        ensemble.await_role(two, "leader")
        ensemble.await_role(one, "follower")
        client = ensemble.client(one)
        follows(ensemble, client, ours)
        leads(ensemble, client, one, two, ours)
        is_led_again(ensemble, client, two, ours)
        ensemble.await_agreement()
        holds_the_same(ensemble, ours)
        client.stop()


main()
