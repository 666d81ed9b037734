#!/usr/bin/python3
"""How far the server profile jvm-loopback is from three real ZooKeeper 3.8.0 on one machine: the time of
a create, one after another, and from the death of the leader to the first write after it, with ticks of
0.2 and of 2 s.  The same client measures both: written down here for the real servers, and as the keys
of a scenario for the simulated ones.  Not a test of CI, since it measures time: run it at night, on a
machine with nothing else to do.

    ZABSIM=build/release/zabsim SOURCE_DIR=. tests/apache/calibration.py [--deaths=N] [--creates=N]
"""
import argparse
import json
import os
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))
from apache import CLASSPATH, SERVER, free_ports, wait_for, zabsim

PAUSE = 0.1  # The client's, before it tries the next server.
NEAR = 0.15  # The medians may differ by so much.
CREATE = 1
WORLD = b"\0\0\0\1\0\0\0\x1f\0\0\0\5world\0\0\0\6anyone"  # One ACL: all permissions for anyone.


class Ensemble:
    """Three real servers, killed when the block ends."""

    def __init__(self, place, tick):
        ports = [free_ports(3) for _ in range(3)]
        self.clients = [client for _, _, client in ports]
        lines = [f"server.{sid}=127.0.0.1:{quorum}:{election}:participant;127.0.0.1:{client}"
                 for sid, (quorum, election, client) in enumerate(ports, 1)]
        self.place, self.processes = Path(place), {}
        for sid in (1, 2, 3):
            folder = self.place / str(sid)
            folder.mkdir(parents=True)
            (folder / "myid").write_text(str(sid))
            folder.with_suffix(".cfg").write_text("\n".join([
                f"tickTime={round(tick * 1000)}", "initLimit=10", "syncLimit=5", f"dataDir={folder}",
                "admin.enableServer=false", "4lw.commands.whitelist=*", *lines, ""]))

    def __enter__(self):
        for sid in (1, 2, 3):
            self.start(sid)
        return self

    def __exit__(self, *exception):
        for sid in list(self.processes):
            self.kill(sid)

    def start(self, sid):
        config = self.place / f"{sid}.cfg"
        with open(self.place / f"{sid}.log", "a") as log:
            self.processes[sid] = subprocess.Popen(
                ["java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", CLASSPATH,
                 SERVER, str(config)], stdout=log, stderr=log, start_new_session=True)

    def kill(self, sid):
        process = self.processes.pop(sid)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def role(self, sid):
        try:
            with socket.create_connection(("127.0.0.1", self.clients[sid - 1]), timeout=2) as asked:
                asked.sendall(b"srvr")
                answer = b""
                while part := asked.recv(4096):
                    answer += part
        except OSError:
            return None
        return "leader" if b"Mode: leader" in answer else (
            "follower" if b"Mode: follower" in answer else None)

    def await_leader(self):
        """The leader, once all three serve."""
        def leader():
            roles = {sid: self.role(sid) for sid in (1, 2, 3)}
            leaders = [sid for sid, role in roles.items() if role == "leader"]
            return leaders[0] if len(leaders) == 1 and None not in roles.values() else None
        return wait_for("a leader and two followers", leader)


class Client:
    """One connection at a time: the next server after a pause, as a client of a scenario does."""

    def __init__(self, ports, first):
        self.ports, self.next, self.connection, self.number = ports, first, None, 0

    def create(self):
        """True if it is done; otherwise the connection is lost."""
        try:
            if self.connection is None:
                self._connect()
            self.number += 1
            path = f"/n{time.monotonic_ns()}".encode()
            body = (struct.pack(">iii", self.number, CREATE, len(path)) + path + struct.pack(">i", 1) +
                    b"x" + WORLD + struct.pack(">i", 0))
            self.connection.sendall(struct.pack(">i", len(body)) + body)
            xid, _, error = struct.unpack(">iqi", self._frame()[:16])
            assert (xid, error) == (self.number, 0), (xid, error)
            return True
        except OSError:
            self.close()
            time.sleep(PAUSE)
            return False

    def _connect(self):
        port = self.ports[self.next % len(self.ports)]
        self.next += 1
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = 0
        hello = struct.pack(">iqiqi", 0, 0, 30000, 0, 16) + bytes(16) + b"\0"
        self.connection.sendall(struct.pack(">i", len(hello)) + hello)
        self._frame()

    def _frame(self):
        size, = struct.unpack(">i", self._bytes(4))
        return self._bytes(size)

    def _bytes(self, count):
        data = b""
        while len(data) < count:
            part = self.connection.recv(count - len(data))
            if not part:
                raise OSError("closed")
            data += part
        return data

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def real_creates(place, count):
    """Seconds of each create at a follower; those before the code is warm are left out."""
    with Ensemble(place, 2) as ensemble:
        leader = ensemble.await_leader()
        client = Client(ensemble.clients, leader % 3)  # The server after the leader.
        times = []
        for _ in range(count + 2000):
            begin = time.monotonic()
            if client.create():
                times.append(time.monotonic() - begin)
        client.close()
        return times[2000:]


def real_deaths(place, tick, count):
    """Seconds from each kill -9 of the leader to the first write sent after it that is answered."""
    times = []
    with Ensemble(place, tick) as ensemble:
        for _ in range(count):
            leader = ensemble.await_leader()
            client = Client(ensemble.clients, leader % 3)
            for _ in range(100):
                client.create()
            death = time.monotonic()
            ensemble.kill(leader)
            while not client.create():
                pass
            times.append(time.monotonic() - death)
            client.close()
            ensemble.start(leader)
    return times


def fsync_time(place):
    """What the disk takes: the median of some hundred fsyncs of a short write, in microseconds."""
    times = []
    with open(Path(place) / "fsync", "wb") as file:
        for _ in range(300):
            file.write(b"x" * 200)
            file.flush()
            begin = time.monotonic()
            os.fdatasync(file.fileno())
            times.append(time.monotonic() - begin)
    return max(round(statistics.median(times) * 1e6), 1)


def scenario(tick, fsync, death):
    """Three servers with the profile, and that client; the leader, n3, is killed at 5 s."""
    return {
        "format": "zabsim/1", "cluster": {"voters": ["n1", "n2", "n3"]},
        "timing": {"tick_time": f"{round(tick * 1000)}ms", "init_limit": 10, "sync_limit": 5},
        "network": {"default": {"latency": {"dist": "const", "value": "20us"}}},
        "disk": {"default": {"fsync": {"dist": "const", "value": f"{fsync}us"}}},
        "server": {"default": {"profile": "jvm-loopback"}},
        "workload": [{"kind": "closed", "clients": 1, "mix": {"create": 1}, "keys": 65536, "value_size": "1B",
                      "pause": "100ms", "choice": "next", "from": "4500ms"}],
        "events": [{"id": "death", "at": "5s", "do": [{"crash": {"target": "leader", "kind": "kill"}}]}]
        if death else [],
        "end": {"virtual": "9s" if death else "6s"}}


def simulated(place, content, seed):
    """The records of clients and crashes of one run: (seconds, probe, fields)."""
    file, trace = Path(place) / "scenario.json", Path(place) / "run.trace"
    file.write_text(json.dumps(content))
    for command in (["run", file, f"--seed={seed}", "--quiet", f"--trace={trace}"],
                    ["trace", trace, "--json"]):
        done = subprocess.run([zabsim, *map(str, command)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        record = json.loads(line)
        if record.get("on") in ("invoked", "returned", "crashed"):
            yield record["t"] / 1e9, record["on"], record


def simulated_creates(place, fsync):
    sent, times = None, []
    for at, probe, _ in simulated(place, scenario(2, fsync, death=False), 1):
        if probe == "invoked":
            sent = at
        elif probe == "returned":
            times.append(at - sent)
    return times[20:]


def simulated_deaths(place, tick, fsync, count):
    times = []
    for seed in range(1, count + 1):
        death = sent = None
        for at, probe, record in simulated(place, scenario(tick, fsync, death=True), seed):
            if probe == "crashed":
                death = at
            elif probe == "invoked":
                sent = at
            elif death is not None and sent > death and record.get("kind") == "ok":
                times.append(at - death)
                break
    return times


def tell(what, real, ours):
    """Both medians and quartiles; whether the medians are near each other."""
    def text(times):
        low, middle, high = statistics.quantiles(times, n=4)
        return f"{middle * 1000:8.2f} ms (quartiles {low * 1000:.2f}, {high * 1000:.2f}; {len(times)})"
    error = statistics.median(ours) / statistics.median(real) - 1
    print(f"{what}: real {text(real)}, simulated {text(ours)}, {error:+.0%}", flush=True)
    return abs(error) <= NEAR


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("--deaths", type=int, default=40)
    options.add_argument("--creates", type=int, default=5000)
    options.add_argument("--raw", help="a file for all real times")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        fsync = fsync_time(place)
        print(f"fsync: {fsync} us")
        real = {"create": real_creates(f"{place}/creates", given.creates)}
        near = [tell("create", real["create"], simulated_creates(place, fsync))]
        for tick in (0.2, 2):
            real[tick] = real_deaths(f"{place}/{tick}", tick, given.deaths)
            near.append(tell(f"death of the leader, tick {tick} s", real[tick],
                             simulated_deaths(place, tick, fsync, 5 * given.deaths)))
        if given.raw:
            Path(given.raw).write_text(json.dumps({str(key): value for key, value in real.items()}))
    sys.exit(0 if all(near) else 1)


if __name__ == "__main__":
    main()
