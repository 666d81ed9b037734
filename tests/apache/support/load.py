"""Writes of every kind, one after the other, by one client, while servers come and go."""
import threading

from apache import PATIENCE, wait_for
from kazoo.exceptions import BadVersionError
from kazoo.security import OPEN_ACL_UNSAFE, make_digest_acl


def write(client, path):
    """A handful of writes at and below `path`."""
    client.create(path, b"data", makepath=True)
    client.set(path, b"x" * 300)
    client.create(path + "/child-", b"", sequence=True)
    client.create(path + "/mine-", b"", ephemeral=True, sequence=True)
    client.create(path + "/gone", b"")
    client.delete(path + "/gone")
    try:
        client.set(path, b"", version=99)
    except BadVersionError:
        pass  # Logged as a transaction all the same.


def write_multi(client, path):
    """After write: a multi that holds, one that fails, and an ACL."""
    for version, outcome in ((1, bool), (99, BadVersionError)):
        multi = client.transaction()
        multi.create(f"{path}/multi-{version}", b"1")
        multi.check(path, version)
        multi.set_data(path, b"2")
        assert any(isinstance(result, outcome) for result in multi.commit())
    client.set_acls(path, OPEN_ACL_UNSAFE + [make_digest_acl("user", "word", all=True)])


class Load:
    """Runs `writes` on `client` in a thread, round after round, until the block ends."""

    loads = 0

    def __init__(self, client, *writes):
        Load.loads += 1
        self.folder = f"/load-{Load.loads}"
        self.client = client
        self.writes = writes
        self.rounds = 0
        self.error = None
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        try:
            while not self.stopping.is_set():
                for write_some in self.writes:
                    write_some(self.client, f"{self.folder}/{self.rounds}")
                self.rounds += 1
        except Exception as error:  # Raised again in the caller that waits.
            self.error = error

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exception):
        self.stopping.set()
        self.thread.join(PATIENCE)
        if exception[0] is None and self.error:
            raise self.error

    def await_more(self, rounds):
        """Until so many further rounds of writes are answered."""
        goal = self.rounds + rounds
        wait_for("writes", lambda: self.error or self.rounds >= goal)
        if self.error:
            raise self.error
