#!/usr/bin/env python3
"""Makes pages with zabsim view and lets Chromium open them: tests/viewer/*.test.mjs, and the types of
the viewer's modules.  Skipped (with ZAB_NEVER_SKIP failed) where Node.js, Chromium or the packages of
package-lock.json are missing; tools/setup --all installs them."""
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


def make(arguments):
    done = subprocess.run([zabsim, *arguments], cwd=root, capture_output=True, text=True)
    if done.returncode not in (0, 10, 11):
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
    make(["view", "--all", "scenarios", "-o", f"{pages}/site"])
    make(["run", "scenarios/leader-crash.json", "--quiet", f"--trace={pages}/long.trace",
          "--set=/end/virtual=34s", "--set=/end/quiet/at=31s", "--set=/workload/0/think=0ms",
          "--set=/expect/deadlines=[]"])
    make(["view", f"{pages}/long.trace", "-o", f"{pages}/long.html"])
    environment = {**os.environ, "VIEWER_PAGES": pages, "CHROMIUM": chromium}
    types = subprocess.run(["node", "../node_modules/typescript/bin/tsc", "-p", "tsconfig.json"], cwd=here)
    tests = subprocess.run(["node", "--test", *sorted(here.glob("*.test.mjs"))], cwd=here,
                           env=environment)
sys.exit(bool(types.returncode or tests.returncode))
