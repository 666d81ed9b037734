#!/usr/bin/env python3
"""The streams of draws have the names of tests/golden/streams.txt, whose first line is their version.

A name that changes or goes makes old seeds mean other runs: raise kStreamsVersion
(protocol/base/random.h) and write the file again with ZAB_REWRITE_GOLDEN=1.
"""
import os
import re
import sys
from pathlib import Path

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
sys.dont_write_bytecode = True
sys.path.append(str(ROOT / "tests/support"))
from replace import replace  # pylint: disable=wrong-import-position
GOLDEN = ROOT / "tests/golden/streams.txt"


def streams():
    names = set()
    for folder in ("protocol", "sim", "scenarios", "tools"):
        for path in sorted((ROOT / folder).rglob("*.cc")) + sorted((ROOT / folder).rglob("*.h")):
            names |= set(re.findall(r'Stream(?: k\w+)?\("([^"]+)"\)', path.read_text()))
    return names


def main():
    version = re.search(r"kStreamsVersion = (\d+);", (ROOT / "protocol/base/random.h").read_text())
    text = "".join(f"{line}\n" for line in [f"version {version[1]}", *sorted(streams())])
    if os.environ.get("ZAB_REWRITE_GOLDEN"):
        replace(GOLDEN, text)
    golden = GOLDEN.read_text().splitlines()
    gone = set(golden[1:]) - streams()
    if gone and golden[0] == f"version {version[1]}":
        sys.exit(f"streams are gone: {', '.join(sorted(gone))}; {__doc__}")
    if text.splitlines() != golden:
        sys.exit(f"{GOLDEN} is not up to date; write it again with ZAB_REWRITE_GOLDEN=1")


if __name__ == "__main__":
    main()
