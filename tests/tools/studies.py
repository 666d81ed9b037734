#!/usr/bin/env python3
"""Each study of scenarios/studies/ can be made again: once through, all cells hold, and its pages, in
both languages, get their tables."""
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
ZABSIM = os.environ.get("ZABSIM", str(ROOT / "build/release/zabsim"))
STUDIES = ROOT / "scenarios/studies"
SECTIONS = {"md": ("Question", "Method", "Answer", "Threats"), "zh.md": ("问题", "方法", "结论", "局限")}
failures = []


def check(condition, message):
    if not condition:
        failures.append(message)


def check_study(name, folder):
    overrides = ["--set=/sweep/repeat=2"]
    if "precision" in json.loads((STUDIES / f"{name}.json").read_text())["sweep"]:
        overrides.append("--set=/sweep/precision=null")
    done = subprocess.run([ROOT / "tools/studies/study.py", name, f"--zabsim={ZABSIM}", f"--out={folder}",
                           f"--pages={folder}", *overrides],
                          capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        return check(False, f"{name}: {done.stdout[-500:]}{done.stderr[-1500:]}")
    with open(Path(folder) / name / "runs.csv", newline="") as file:
        verdicts = {row["verdict"] for row in csv.DictReader(file)}
    check(verdicts == {"held"}, f"{name}: {verdicts}")
    for ending, sections in SECTIONS.items():
        page = (Path(folder) / f"{name}.{ending}").read_text()
        published = (STUDIES / f"{name}.{ending}").read_text()
        for section in sections:
            check(f"\n## {section}" in page, f"{name}.{ending}: no section {section}")
        tables = re.findall(r"<!-- table .*?<!-- end -->", page, re.S)
        shown = re.findall(r"<!-- table .*?<!-- end -->", published, re.S)
        check(len(tables) > 0, f"{name}.{ending}: no table")
        for new, old in zip(tables, shown):
            check(len(new.splitlines()) == len(old.splitlines()) > 4,
                  f"{name}.{ending}: a table has other rows than the published one")
            wanted = r"\| -?\d" if "statistic=median" in new else r"\d \("  # Two give no interval.
            check(re.search(wanted, new), f"{name}.{ending}: a table without figures")
    return None


def main():
    names = sorted(path.stem for path in STUDIES.glob("*.json"))
    check(names, "there are no studies")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            check_study(name, folder)
    print("\n".join(failures))
    print(f"{len(names)} studies, {len(failures)} failures")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
