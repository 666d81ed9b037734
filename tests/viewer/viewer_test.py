#!/usr/bin/env python3
"""Makes pages with zabsim view and lets Chromium open them: tests/viewer/*.test.mjs, and the types of
the viewer's modules.  Skipped (with ZAB_NEVER_SKIP failed) where Node.js, Chromium or the packages of
package-lock.json are missing; tools/setup --all installs them."""
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

root = Path(os.environ["SOURCE_DIR"])
zabsim = os.environ["ZABSIM"]
here = root / "tests/viewer"
chromium = shutil.which("chromium")
if not shutil.which("node") or not chromium or not (root / "tests/node_modules").is_dir():
    print("no Node.js, Chromium or tests/node_modules: tools/setup --all installs them")
    sys.exit(1 if os.environ.get("ZAB_NEVER_SKIP") else 77)


# Begins a comment and a script and ends both; markup; places of the page's template and of the catalogue.
HOSTILE = "<!--<script>alert(1)</script>--><img src=x onerror=alert(1)>\u2028 \\ ' \" & $& @META@ @DATA@ {by}"


def strings_of(inside, path=()):
    """The paths of all strings."""
    for key, value in inside.items() if isinstance(inside, dict) else enumerate(inside):
        if isinstance(value, str):
            yield *path, key
        elif isinstance(value, (dict, list)):
            yield from strings_of(value, (*path, key))


def put(inside, path, value):
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value


def make_hostile(story, out):
    """Writes the story with a hostile string wherever zabsim accepts one; returns how many."""
    with tempfile.TemporaryDirectory() as folder:
        tried = {}
        for path in strings_of(story):
            for wording in (HOSTILE, "/<!--<script>"):  # The second is a path of a node.
                changed = copy.deepcopy(story)
                put(changed, path, wording)
                file = Path(folder, f"{len(tried)}.json")
                file.write_text(json.dumps(changed))
                tried[str(file)] = path, wording
        done = subprocess.run([zabsim, "validate", *tried], capture_output=True, text=True)
        taken = {path: wording for file, (path, wording) in reversed(tried.items())
                 if f"{file}: valid" in done.stdout}
    for path, wording in taken.items():
        put(story, path, wording)
    out.write_text(json.dumps(story))
    return len(taken)


def make(arguments):
    done = subprocess.run([zabsim, *arguments], cwd=root, capture_output=True, text=True)
    if done.returncode not in (0, 10, 11, 13):
        sys.exit(f"zabsim {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}")


with tempfile.TemporaryDirectory() as pages:
    make(["run", "scenarios/leader-crash.json", "--quiet", f"--trace={pages}/story.trace"])
    make(["view", f"{pages}/story.trace", "-o", f"{pages}/story.html"])
    violated = json.loads((root / "scenarios/datagram.json").read_text())
    for key in ("lesson", "$schema"):  # A lesson begins at the beginning, not at what goes wrong.
        del violated[key]
    Path(pages, "violated.json").write_text(json.dumps(violated))
    make(["view", f"{pages}/violated.json", "-o", f"{pages}/violated.html"])
    make(["view", "scenarios/leader-crash.json", "-o", f"{pages}/few.html", "--events=3000"])
    make(["view", "scenarios/leader-crash.json", "-o", f"{pages}/other.html", "--seed=2"])
    make(["view", "--all", "scenarios", "-o", f"{pages}/site"])
    os.mkdir(f"{pages}/hostile")
    for name in ("minority-leader", "datagram", "bugs/zookeeper-2845"):
        story = json.loads((root / f"scenarios/{name}.json").read_text())
        del story["lesson"]["trace"]  # Another name of a node makes another run.
        if make_hostile(story, Path(pages, f"hostile/{name.replace('/', '-')}.json")) < 30:
            sys.exit(f"{name}: zabsim refuses nearly every hostile string: nothing is tested")
    make(["view", "--all", f"{pages}/hostile", "-o", f"{pages}/hostile-site"])
    make(["run", f"{pages}/hostile/datagram.json", "--seed=1", "--quiet", f"--trace={pages}/hostile.trace"])
    make(["view", f"{pages}/hostile.trace", "-o", f"{pages}/hostile.html"])
    make(["run", "scenarios/leader-crash.json", "--quiet", f"--trace={pages}/long.trace",
          "--set=/end/virtual=34s", "--set=/end/quiet/at=31s", "--set=/workload/0/think=0ms",
          "--set=/expect/deadlines=[]"])
    make(["view", f"{pages}/long.trace", "-o", f"{pages}/long.html"])
    environment = {**os.environ, "VIEWER_PAGES": pages, "CHROMIUM": chromium, "HOSTILE": HOSTILE}
    types = subprocess.run(["node", "../node_modules/typescript/bin/tsc", "-p", "tsconfig.json"], cwd=here)
    tests = subprocess.run(["node", "--test", *sorted(here.glob("*.test.mjs"))], cwd=here,
                           env=environment)
sys.exit(bool(types.returncode or tests.returncode))
