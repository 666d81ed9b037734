#!/usr/bin/env python3
"""Every command in README.md and in the pages that it points to is executed, from the source tree, and
must succeed; a transcript must be what is printed, except for the speed.  tools/run stands for the
binary under test; of the commands that install, test or build, only the existence is checked."""
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

root = Path(os.environ["SOURCE_DIR"])
zabsim = os.environ["ZABSIM"]
PAGES = ("README.md", "scenarios/README.md", "tools/README.md", "tests/README.md")
text = "".join((root / page).read_text() for page in PAGES)
MAX_LINES = 120  # Of README.md.


def timeless(output):
    return re.sub(r"[\d,]+ events/s", "N events/s", output).strip()


commands = []
transcripts = {}
for block in re.findall(r"^```\n(.*?)^```", text, flags=re.M | re.S):
    lines = [line.split("  #")[0].strip() for line in block.splitlines()]
    if lines[0].startswith("$ "):
        lines = [lines[0][2:]]
        transcripts[lines[0]] = timeless(block.split("\n", 1)[1])
    commands += [line for line in lines if line]

commands = list(dict.fromkeys(commands))  # What two pages name runs once.
failures = 0
if len((root / "README.md").read_text().splitlines()) > MAX_LINES:
    failures += 1
    print(f"README.md: more than {MAX_LINES} lines")
with tempfile.TemporaryDirectory() as folder:
    for command in commands:
        words = shlex.split(command)
        if words[0] in ("tools/test", "tools/fuzz", "cmake"):
            if words[0] != "cmake" and not os.access(root / words[0], os.X_OK):
                failures += 1
                print(f"{words[0]}: not executable")
            continue
        if words[0] != "tools/run":
            failures += 1
            print(f"{command}: not tested by this script")
            continue
        arguments = words[1:] or ["run", "scenarios/leader-crash.json"]
        if arguments[0] == "crashes":  # Some points of all, and few pairs.
            arguments = [re.sub(r"^--pairs=.*", "--pairs=20", a) for a in arguments] + ["--every=50"]
        if arguments[0] == "fuzz":
            arguments = [re.sub(r"^--time=.*|^--runs=.*", "--runs=6", a) for a in arguments]
        if arguments[0] == "sweep":  # Few repeats.
            arguments += ["--set=/sweep/repeat=2", "--quiet"]
        if arguments[0] == "bugs" and "--list" not in arguments:  # One bug that is found at once.
            arguments = ["bugs", "ZOOKEEPER-2845", "--repeat=1", f"--out={folder}/bugs-out"]
        if arguments[0] == "campaign":
            arguments = [re.sub(r"^build/night$", f"{folder}/night", a) for a in arguments]
        if arguments[0] == "watch" and "--plain" not in arguments:  # No terminal here.
            arguments.append("--plain")
        arguments = [re.sub(r"^(--\w+=)?build/((?:fuzz-out|sweep-out|metrics|shard|whole|junit|summary).*)$",
                            rf"\g<1>{folder}/\2", a) for a in arguments]
        arguments = [re.sub(r"^(--\w+=)?build/(n3-data|lessons|small\.json|.*\.(?:trace|html))$",
                            rf"\g<1>{folder}/\2", a) for a in arguments]
        done = subprocess.run([zabsim] + arguments, cwd=root, capture_output=True, text=True)
        if done.returncode:
            failures += 1
            print(f"{command}: exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        wanted = transcripts.get(command)
        if wanted and wanted != timeless(done.stdout):
            failures += 1
            print(f"{command}: README shows another output than\n{done.stdout}")
for page in (*PAGES, "ARCHITECTURE.md", "CONTRIBUTING.md", "protocol/README.md",
             "protocol/REFERENCE.md", "scenarios/LANGUAGE.md", "scenarios/SEARCH.md",
             "scenarios/MEASURING.md"):
    named = r"`((?:scenarios|protocol|sim|tests|tools)/[\w./-]*)`|\]\(([\w./-]+)\)"
    for path in map("".join, re.findall(named, (root / page).read_text())):
        if not (root / path).exists():
            failures += 1
            print(f"{page} names {path}, which does not exist")
print(f"{len(commands)} commands, {failures} failures")
sys.exit(failures > 0)
