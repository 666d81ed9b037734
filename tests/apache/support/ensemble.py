"""Three voters on loopback, each a real Apache server or ours, in any mixture: both read the same
configuration file and the same directory."""
import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from apache import CLASSPATH, PATIENCE, SERVER, KazooClient, free_ports, wait_for

ZAB_SERVER = os.environ["ZAB_SERVER"]
RETRY = {"max_tries": -1, "max_delay": 1}


class Voter:
    """One server of an ensemble and what is known of it from outside."""

    def __init__(self, sid, place):
        self.sid = sid
        self.folder = Path(place) / str(sid)
        self.folder.mkdir()
        (self.folder / "myid").write_text(str(sid))
        self.config = self.folder.with_suffix(".cfg")
        self.quorum_port, self.election_port, self.client_port = free_ports(3)
        self.process = None
        self.log = None

    def line(self):
        return (f"server.{self.sid}=127.0.0.1:{self.quorum_port}:{self.election_port}:participant;"
                f"127.0.0.1:{self.client_port}")

    def start(self, life):
        """Runs it again; `life` numbers its logs."""
        self.log = self.folder.with_name(f"{self.sid}-{life}.log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=subprocess.STDOUT,
                                            start_new_session=True)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def wipe(self):
        """A new disk; it must not run."""
        shutil.rmtree(self.folder / "version-2")

    def runs(self):
        return self.process is not None and self.process.poll() is None


class ApacheVoter(Voter):
    def command(self):
        return ["java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", CLASSPATH,
                SERVER, str(self.config)]

    def _stat(self, name):
        try:
            with socket.create_connection(("127.0.0.1", self.client_port), timeout=2) as connection:
                connection.sendall(b"srvr")
                answer = b""
                while part := connection.recv(4096):
                    answer += part
        except OSError:
            return None
        found = re.search(rb"^" + name + rb": (\S+)", answer, re.MULTILINE)
        return found and found[1].decode()

    def role(self):
        """leader, follower, or None while it serves nobody."""
        return self._stat(b"Mode")

    def zxid(self):
        return int(self._stat(b"Zxid") or "0", 16)


class OurVoter(Voter):
    def command(self):
        return [ZAB_SERVER, str(self.config)]

    def events(self, *fields):
        """The lines of this life's trace that have all of `fields`, oldest first."""
        lines = (line.split() for line in self.log.read_text().splitlines())
        return [line for line in lines if all(field in line for field in fields)]

    def role(self):
        state = None
        for probe, *columns in self.events():
            if probe == "elected":
                elected = "leader" if "kind=leading" in columns else "follower"
            elif probe == "serving":
                state = elected
            elif probe == "phase_changed" and "kind=election" in columns:
                state = None
        return state

    def zxid(self):
        """The last one applied since it began to serve."""
        applied = [line for line in self.events() if line[0] in ("serving", "delivered")]
        if not applied:
            return 0
        epoch, counter = applied[-1][-1].removeprefix("zxid=").split(":")
        return int(epoch) << 32 | int(counter)


class Ensemble:
    """Starts nobody.  Kills the servers that still run when the block ends."""

    def __init__(self, place, kinds):
        self.voters = [kind(sid, place) for sid, kind in enumerate(kinds, 1)]
        self.lives = 0
        lines = [voter.line() for voter in self.voters]
        for voter in self.voters:
            voter.config.write_text("\n".join([
                "tickTime=1000", "initLimit=40", "syncLimit=40", f"dataDir={voter.folder}",
                "maxSessionTimeout=40000", "admin.enableServer=false", "4lw.commands.whitelist=*",
                "preAllocSize=64", "extendedTypesEnabled=true",
                "commitLogCount=1000000",  # A DIFF is possible however much is written meanwhile.
                *lines, ""]))

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for voter in self.voters:
            if voter.runs():
                voter.kill()

    def start(self, *voters):
        self.lives += 1
        for voter in voters:
            voter.start(self.lives)

    def await_role(self, voter, role):
        wait_for(f"server {voter.sid} as {role}", lambda: voter.role() == role)

    def await_agreement(self):
        """All that run have applied the same; nobody may write meanwhile."""
        def agree():
            zxids = {voter.zxid() for voter in self.voters if voter.runs()}
            return len(zxids) == 1 and 0 not in zxids
        wait_for("agreement", agree)

    def client(self, *voters):
        hosts = ",".join(f"127.0.0.1:{voter.client_port}" for voter in voters)
        client = KazooClient(hosts, timeout=30, connection_retry=dict(RETRY),
                             command_retry=dict(RETRY))
        client.start(timeout=PATIENCE)
        return client
