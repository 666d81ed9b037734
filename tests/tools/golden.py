#!/usr/bin/env python3
"""Transcripts: what `zabsim` prints, word for word.  Each tests/golden/*.txt is a list of commands, each
followed by a line of four dashes and what it printed.  ZAB_REWRITE_GOLDEN=1 writes them anew; read the
difference before committing it."""
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

root = Path(os.environ["SOURCE_DIR"])
sys.dont_write_bytecode = True
sys.path.append(str(root / "tests/support"))
from replace import replace  # pylint: disable=wrong-import-position
zabsim = os.environ["ZABSIM"]
rewrite = os.environ.get("ZAB_REWRITE_GOLDEN") == "1"


def run(command):
    """Output and exit code; what differs from machine to machine is masked."""
    done = subprocess.run([zabsim] + shlex.split(command)[1:], cwd=root, capture_output=True, text=True)
    text = re.sub(r"[\d,]+ events/s|每秒 [\d,]+ 个事件", "N events/s", done.stdout + done.stderr)
    return text + (f"exit code {done.returncode}\n" if done.returncode else "")


failed = False
for path in sorted((root / "tests/golden").glob("*.txt")):
    blocks = re.split(r"^(zabsim .*)\n----\n", path.read_text(), flags=re.M)
    written = blocks[0]
    for command, want in zip(blocks[1::2], blocks[2::2]):
        got = run(command) + "\n"
        written += f"{command}\n----\n{got}"
        if got.rstrip("\n") != want.rstrip("\n") and not rewrite:
            failed = True
            print(f"{path.name}: {command}\n-- wanted\n{want}-- found\n{got}")
    if rewrite:
        replace(path, written.rstrip("\n") + "\n")
sys.exit(failed)
