"""What the tests of batch engines share: a campaign with findings, in one piece and in shards."""
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
ZABSIM = Path(os.environ.get("ZABSIM", ROOT / "build/release/zabsim"))
SHARDS = 8
LEASE = 5  # Seconds.
GENEROUS = 900  # Seconds.


def need(*programs):
    """Skips the test (with ZAB_NEVER_SKIP it fails) where a program is missing."""
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        print(f"no {', '.join(missing)}: tools/setup --all installs it")
        sys.exit(1 if os.environ.get("ZAB_NEVER_SKIP") else 77)


def fuzz(runs):
    return ["fuzz", "scenarios/ci/swarm.json", f"--runs={runs}", "--seed=7", "--no-shrink",
            "--bug=ZOOKEEPER-1154"]


def run(*command, code=0, cwd=ROOT, **options):
    """What the command prints; it must end with that code."""
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True,
                          timeout=GENEROUS, check=False, **options)
    if done.returncode != code:
        raise AssertionError(f"{' '.join(map(str, command))}: {done.returncode}, wanted {code}\n"
                             f"{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def init(folder, runs, *options, shards=SHARDS):
    run(ZABSIM, "campaign", "init", folder, f"--shards={shards}", f"--lease={LEASE}s", *options,
        "--", *fuzz(runs))


def status(folder, *options):
    return json.loads(run(ZABSIM, "campaign", "status", folder, "--json", *options))


def start_whole(out, runs):
    """The same campaign in one piece, under way."""
    return subprocess.Popen([ZABSIM, *fuzz(runs), "--jobs=1", "--quiet", f"--out={out}"], cwd=ROOT,
                            stdout=subprocess.DEVNULL)


def result_of(folder):
    """The bytes that must not depend on how the campaign was made: all of a merged folder but the
    plan, which has the number of shards, and the progress, which has processor times."""
    apart = ("campaign.json", "progress.json", "lock", "junit.xml", "summary.md")
    found = {str(path.relative_to(folder)): path.read_bytes()
             for path in sorted(Path(folder).rglob("*"))
             if path.is_file() and path.name not in apart}
    assert "outcome.json" in found and any(name.endswith("scenario.json") for name in found), found
    return found


def check_same(whole, folder, out):
    """The merged shards of a folder are the campaign that start_whole has begun."""
    assert whole.wait(GENEROUS) == 10
    run(ZABSIM, "merge", out, f"--out={out}-merged", code=10)
    ours, theirs = result_of(f"{folder}/whole"), result_of(f"{out}-merged")
    differ = [name for name in sorted(ours | theirs) if ours.get(name) != theirs.get(name)]
    assert not differ, differ


def wait_for(condition):
    """What the condition gives once it is not false."""
    deadline = time.monotonic() + GENEROUS
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(condition)
        time.sleep(0.05)
    return value


def holder_of(folder, shard):
    """The process that works at a shard, once there is one."""
    def look():
        leases = sorted(folder.glob(f"leases/{shard}.*"), key=lambda path: int(path.suffix[1:]))
        found = leases and re.search(r"process (\d+)", leases[-1].read_text())
        return found and int(found[1])
    return wait_for(look)


def has_progress(folder, shard):
    return (folder / f"shards/{shard}/progress.json").exists()
