#!/usr/bin/env python3
"""Generates the table of metrics in scenarios/MEASURING.md from scenarios/runner/measure/metrics.inc.

    metric_reference.py [--check]

--check writes nothing and exits with 1 if the page is out of date.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
METRICS = ROOT / "scenarios/runner/measure/metrics.inc"
PAGE = ROOT / "scenarios/MEASURING.md"
ENTRY = re.compile(r'^(COUNTER|HISTOGRAM)\(\w+,\s*"([^"]*)",\s*"([^"]*)",\s*"([^"]*)",\s*"[^"]*"\)', re.M)
TABLE = re.compile(r"(?<=^\| metric \| unit \| \|\n\|---\|---\|---\|\n)(?:\|.*\n)*", re.M)


def rows():
    for kind, name, unit, english in ENTRY.findall(METRICS.read_text()):
        suffix = "_*" if kind == "HISTOGRAM" else ""
        yield f"| `{name}{suffix}` | {unit} | {english} |\n"


def main():
    page = PAGE.read_text()
    wanted = TABLE.sub(lambda _: "".join(rows()), page, count=1)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(wanted)
    elif wanted != page:
        sys.exit(f"{PAGE.relative_to(ROOT)} is out of date: run tools/keys/metric_reference.py")


if __name__ == "__main__":
    main()
