"""A real Apache ZooKeeper 3.8 as the judge: its server, its tools, its client, and zabsim fsck beside
them.  Exit code 77, skipped, where Java, the jar or kazoo is missing; `tools/setup --all` brings them."""
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

JAR = Path("/usr/share/java/zookeeper.jar")
LOGGER = Path("/usr/share/java/slf4j-simple.jar")
CLASSPATH = f"{JAR}:{LOGGER}"
SERVER = "org.apache.zookeeper.server.quorum.QuorumPeerMain"
LOG_TOOL = "org.apache.zookeeper.server.persistence.TxnLogToolkit"
SNAPSHOT_TOOL = "org.apache.zookeeper.server.SnapshotFormatter"
CLI = "org.apache.zookeeper.ZooKeeperMain"
PATIENCE = 60  # Seconds that anything may take before the test fails.

try:
    from kazoo.client import KazooClient
except ImportError:
    KazooClient = None
if KazooClient is None or not shutil.which("java") or not JAR.exists() or not LOGGER.exists():
    print("skipped: needs java, libzookeeper-java and python3-kazoo; tools/setup --all installs them")
    sys.exit(77)

root = Path(os.environ["SOURCE_DIR"])
zabsim = os.environ["ZABSIM"]


def wait_for(what, condition):
    """The first true value of condition(), asked again and again."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {PATIENCE} s")


def run_zabsim(*arguments):
    return subprocess.run([zabsim, *map(str, arguments)], cwd=root, capture_output=True, text=True,
                          timeout=PATIENCE)


def fsck(folder, *, tree=False):
    """Exit code and report of zabsim fsck."""
    done = run_zabsim("fsck", folder, "--json", *(["--tree"] if tree else []))
    assert done.returncode in (0, 10), done.stderr
    return done.returncode, json.loads(done.stdout)


def tool(name, *arguments):
    """Runs one of Apache's tools: (succeeded, what it printed)."""
    done = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp",
         CLASSPATH, name, *map(str, arguments)],
        capture_output=True, text=True, errors="replace", timeout=PATIENCE)
    text = done.stdout + done.stderr
    return done.returncode == 0 and "Exception" not in text and "CRC ERROR" not in text, text


def digest_warnings(log):
    """What a server of Apache's has logged about trees that differ from what their leader had."""
    return [line for line in log.read_text(errors="replace").splitlines()
            if "digest" in line.lower() and ("not match" in line.lower() or "ERROR" in line
                                             or "mismatch" in line.lower())]


def free_ports(count):
    """Ports of loopback that nothing listens on, outside the range of outgoing connections: a
    server that is killed finds its own free when it comes back."""
    probes = []
    while len(probes) < count:
        probe = socket.socket()
        try:
            probe.bind(("127.0.0.1", random.randrange(16000, 32000)))
            probes.append(probe)
        except OSError:
            probe.close()
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Server:
    """A server on FOLDER/version-2, standalone or, with `quorum`, an ensemble of one, which looks at
    epochs; killed when the block ends."""

    def __init__(self, folder, *, quorum=False):
        self.folder = Path(folder)
        self.quorum = quorum
        self.port = 0
        self.process = None
        self.log = self.folder.with_name(self.folder.name + ".log")

    def __enter__(self):
        self.port, *others = free_ports(3)
        ensemble = []
        if self.quorum:
            (self.folder / "myid").write_text("1")
            ensemble = ["standaloneEnabled=false", "initLimit=10", "syncLimit=5",
                        f"server.1=127.0.0.1:{others[0]}:{others[1]}"]
        config = self.folder.with_name(self.folder.name + ".cfg")
        config.write_text("\n".join([
            "tickTime=2000", f"dataDir={self.folder}", f"clientPort={self.port}",
            "clientPortAddress=127.0.0.1", "admin.enableServer=false", "4lw.commands.whitelist=*",
            "preAllocSize=64", "snapCount=100", "extendedTypesEnabled=true",
            *ensemble, ""]))
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                ["java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", CLASSPATH,
                 SERVER, str(config)], stdout=log, stderr=log, start_new_session=True)
        return self

    def __exit__(self, *exception):
        self.kill()

    def starts(self):
        """Waits until it serves (True) or has given up (False)."""
        return wait_for("start of Apache's server", lambda: (
            "serves" if self._serves() else "exited" if self.process.poll() is not None else None
        )) == "serves"

    def _serves(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(b"srvr")
                answer = b""
                while part := connection.recv(4096):
                    answer += part
        except OSError:
            return False
        return b"Mode:" in answer

    def client(self):
        client = KazooClient(f"127.0.0.1:{self.port}", timeout=30)
        client.start(timeout=PATIENCE)
        return client

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def digest_warnings(self):
        return digest_warnings(self.log)


def zxid(number):
    return f"{number >> 32}:{number & 0xffffffff}"


def tree_of(client):
    """All nodes as a client sees them, in the form of fsck's tree."""
    nodes, waiting = [], ["/"]
    while waiting:
        path = waiting.pop()
        data, stat = client.get(path)
        acl, _ = client.get_acls(path)
        waiting += [path.rstrip("/") + "/" + child for child in client.get_children(path)]
        nodes.append({
            "path": path, "data": None if data is None else data.hex(),
            "acl": [{"permissions": a.perms, "scheme": a.id.scheme, "id": a.id.id} for a in acl],
            "czxid": zxid(stat.czxid), "mzxid": zxid(stat.mzxid), "pzxid": zxid(stat.pzxid),
            "ctime": stat.ctime, "mtime": stat.mtime, "version": stat.version,
            "cversion": stat.cversion, "aversion": stat.aversion,
            "ephemeral_owner": f"{stat.ephemeralOwner & 0xffffffffffffffff:016x}",
            "data_length": stat.dataLength, "num_children": stat.numChildren})
    return sorted(nodes, key=lambda node: node["path"])


def same_tree(name, ours, apaches):
    """Fails with the first node that differs."""
    ours = sorted(ours, key=lambda node: node["path"])
    for mine, other in zip(ours, apaches):
        assert mine == other, f"{name}:\nzabsim {mine}\nApache {other}"
    assert len(ours) == len(apaches), f"{name}: {len(ours)} nodes, Apache {len(apaches)}"


def served_tree(name, folder, *, quorum=False):
    """What Apache's server serves from a copy of `folder`; it must not complain of a digest."""
    copy = Path(folder).with_name(Path(folder).name + "-served")
    shutil.copytree(folder, copy)
    with Server(copy, quorum=quorum) as server:
        assert server.starts(), f"{name}: Apache does not start\n{server.log.read_text()[-3000:]}"
        client = server.client()
        tree = tree_of(client)
        client.stop()
        assert not server.digest_warnings(), f"{name}: {server.digest_warnings()}"
    return tree
