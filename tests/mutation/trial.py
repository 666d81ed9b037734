"""Tries mutants: campaigns from several root seeds within a budget of CPU seconds, then the tests."""
import hashlib
import json
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import build

PATIENCE = 3    # CPU seconds after which a run hangs; most take some hundredths.
MEMORY = 2048   # MiB.
IDLE = 120      # Seconds on the clock in which it used no processor.
TEST_CPU = 300  # CPU seconds of one test binary.
TICKS = os.sysconf("SC_CLK_TCK")
FAILED = re.compile(r"\[  FAILED  \] ([\w/.]+)")


def cpu_of_session(leader):
    """CPU seconds that the processes of a session, and those that they have waited for, have used."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # It has ended.
            continue
        if int(fields[3]) == leader:
            total += sum(map(int, fields[11:15]))
    return total / TICKS


class Session:
    """A command in a session of its own, ended with all its processes."""

    def __init__(self, command, mutant, folder, output):
        self.process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "ZAB_MUTANT": str(mutant)},
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True)

    def wait(self, limit, done=lambda: False):
        """The exit code; None if it had to be ended: it was done, used more CPU seconds than the limit,
        or neither ended nor used any."""
        idle_since, used = time.monotonic(), 0
        try:
            while True:
                try:
                    return self.process.wait(timeout=1)
                except subprocess.TimeoutExpired:
                    now = cpu_of_session(self.process.pid)
                    if now > used + 0.05:
                        idle_since, used = time.monotonic(), now
                    if done() or used > limit or time.monotonic() - idle_since > IDLE:
                        self.process.send_signal(signal.SIGINT)
                        try:
                            self.process.wait(timeout=20)
                        except subprocess.TimeoutExpired:
                            pass
                        return None
        finally:
            self.end()

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


class Trials:
    """The results of a sample so far, kept in a file."""

    def __init__(self, root, built, file, arguments, say):
        self.built, self.file, self.arguments, self.say = built, file, arguments, say
        self.scenarios = sorted((root / "scenarios" / "ci").glob("*.json"))
        self.kept = json.loads(file.read_text()) if file.exists() else {}

    def digest(self):
        """Of everything on which results depend."""
        digest = hashlib.sha256()
        for path in [self.built.binaries / "zabsim", *self.scenarios]:
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]

    def current(self):
        """The results that hold for the program and the scenarios as they are now."""
        if not (self.built.binaries / "zabsim").exists():
            return {}
        digest = self.digest()
        return {key: entry for key, entry in self.kept.items() if entry["digest"] == digest}

    def run(self, numbered):
        digest = self.digest()
        self.try_one("(none)", 0, digest)
        if verdict(self.kept["(none)"]) not in ("survived", "untested"):
            raise SystemExit(f"without any mutant it fails: {self.kept['(none)']}")
        for i, (number, mutant) in enumerate(numbered, 1):
            self.try_one(mutant.key, number, digest)
            self.say(f"{i}/{len(numbered)} {verdict(self.kept[mutant.key])}: {mutant.key}")

    def try_one(self, key, number, digest):
        """Does what is missing of a mutant's trial."""
        entry = self.kept.get(key)
        if entry is None or entry["digest"] != digest:
            entry = {"digest": digest, "campaigns": {}, "tests": None}
        for root in map(str, range(1, self.arguments.roots + 1)):
            done = entry["campaigns"].get(root)
            if done is None or (not done["by"] and done["budget"] < self.arguments.budget):
                entry["campaigns"][root] = self.campaign(number, root)
        all_killed = all(c["by"] for c in entry["campaigns"].values())
        if not all_killed and entry["tests"] is None and not self.arguments.no_tests:
            entry["tests"] = self.tests(number)
        self.kept[key] = entry
        self.save()

    def save(self):
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(self.kept, indent=1))
        new.replace(self.file)

    def campaign(self, number, root):
        budget = self.arguments.budget
        with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nowhere:
            Session([self.built.binaries / "zabsim", "fuzz", *self.scenarios, f"--seed={root}",
                     f"--time={budget * 100}s", "--fail-fast=1", "--jobs=1", "--no-shrink", "--quiet",
                     f"--patience={PATIENCE}", f"--memory={MEMORY}", f"--out={folder}/out"],
                    number, self.built.tree, nowhere).wait(
                        2 * budget + 4 * PATIENCE, lambda: spent(Path(folder) / "out")[1] > budget)
            return {"budget": budget, **finding(Path(folder) / "out", budget)}

    def tests(self, number):
        """What kills it: the first test that fails; or nothing."""
        for name in build.TARGETS[1:]:
            with tempfile.TemporaryFile("w+") as output:
                code = Session([self.built.binaries / name, "--gtest_brief=1", "--gtest_fail_fast"],
                               number, self.built.tree, output).wait(TEST_CPU)
                if code == 0:
                    continue
                output.seek(0)
                failed = FAILED.findall(output.read())
                how = failed[0] if failed else "hangs" if code is None else f"exit code {code}"
                return {"by": f"{name}: {how}"}
        return {"by": ""}


def spent(out):
    """Runs and CPU seconds of a campaign so far."""
    progress = out / "progress.json"
    if not progress.exists():
        return 0, 0
    tallies = json.loads(progress.read_text())["shards"]["1"]["strategies"]
    return sum(t[0] for t in tallies), sum(t[3] for t in tallies) / 1e9


def finding(out, budget):
    """The first finding of a campaign within the budget, and what it took."""
    runs, cpu = spent(out)
    found = out / "findings.ndjson"
    lines = found.read_text().splitlines() if found.exists() else []
    if not lines or cpu > budget:
        return {"by": "", "runs": runs, "cpu": round(cpu, 2)}
    signature = json.loads(lines[0])["signature"]
    if signature.startswith("hangs"):
        cpu += PATIENCE
    return {"by": killer(signature), "signature": signature, "runs": runs, "cpu": round(cpu, 2)}


def killer(signature):
    """What found it, without where: "violated: DurableAck", "late: write ok", "exit code 70"."""
    if signature.startswith("ends the process: "):
        return re.split(r"[:(]", signature.removeprefix("ends the process: "))[0].strip()
    return signature.partition(" at ")[0]


def verdict(entry):
    """campaigns: in all root seeds; some: not in all; tests; survived both; untested: by tests."""
    found = [bool(c["by"]) for c in entry["campaigns"].values()]
    if found and all(found):
        return "campaigns"
    if any(found):
        return "some"
    if entry["tests"] is None:
        return "untested"
    return "tests" if entry["tests"]["by"] else "survived"
