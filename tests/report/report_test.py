#!/usr/bin/env python3
"""Makes reports of small sweeps, and lets Chromium open them (report.test.mjs); the figures for papers
are SVG and PDF, and can be drawn again from their specifications.  Skipped (with ZAB_NEVER_SKIP failed)
where Node.js, Chromium, rsvg-convert or the npm packages are missing."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

root = Path(os.environ["SOURCE_DIR"])
zabsim = os.environ["ZABSIM"]
report = root / "tools/report"
chromium = shutil.which("chromium")
modules = all((root / folder / "node_modules").is_dir() for folder in ("tests", "tools/report"))
if not (shutil.which("node") and shutil.which("rsvg-convert") and chromium and modules):
    print("no Node.js, Chromium, rsvg-convert or node_modules: tools/setup --all installs them")
    sys.exit(1 if os.environ.get("ZAB_NEVER_SKIP") else 77)

HOSTILE = "</script><img src=x onerror=alert(1)>$&@DATA@"
FIGURES = ("means", "ecdf", "heat", "availability")


def story(sweep):
    made = json.loads((root / "scenarios/leader-crash.json").read_text())
    made.update(expect={}, sweep=sweep)
    del made["lesson"], made["$schema"]
    return made


def make(folder, name, sweep):
    """A report of a sweep, as NAME.html; where it and its figures are."""
    file, out = folder / f"{name}.json", folder / name
    file.write_text(json.dumps(story(sweep)))
    for command in ([zabsim, "sweep", file, f"--out={out}-sweep", "--quiet"],
                    ["node", report / "report.mjs", f"{out}-sweep", "-o", out]):
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    (out / "report.html").rename(folder / f"{name}.html")
    return out


def check_papers(out):
    for name in FIGURES:
        svg, pdf = (out / f"figures/{name}.{kind}" for kind in ("svg", "pdf"))
        assert xml.parse(svg).getroot().tag.endswith("svg"), name
        assert "undefined" not in svg.read_text() and "NaN" not in svg.read_text(), name
        assert pdf.read_bytes().startswith(b"%PDF-"), name
    means = out / "figures/means.vl.json"
    before = means.with_name("means.svg").read_bytes()
    draw = ["node", report / "draw.mjs", means]
    subprocess.run(draw, check=True)
    assert means.with_name("means.svg").read_bytes() == before, "the same from its specification"
    means.write_text(means.read_text().replace("#0072b2", "#123456"))
    subprocess.run(draw, check=True)
    assert "#123456" in means.with_name("means.svg").read_text(), "restyled"


def check_mistakes(folder):
    for wrong in ([], [folder / "none", "-o", folder / "x"],
                  [folder / "report-sweep", "-o", folder / "x", "--metric=no_such"]):
        done = subprocess.run(["node", report / "report.mjs", *wrong], capture_output=True, text=True)
        assert done.returncode == 2 and done.stderr.startswith("report: "), (wrong, done)


with tempfile.TemporaryDirectory() as name:
    pages = Path(name)
    voters = {size: [f"n{i}" for i in range(1, size + 1)] for size in (3, 5)}
    check_papers(make(pages, "report", {
        "matrix": {"/timing/tick_time": ["200ms", "500ms"],
                   "servers": [{"label": str(size), "set": {"/cluster/voters": ids}}
                               for size, ids in voters.items()]}, "repeat": 3}))
    make(pages, "unequal", {"matrix": {"crash": [
        {"label": "no", "set": {"/events": []}}, {"label": "yes", "set": {"/title": {"en": "", "zh": ""}}}]},
        "repeat": 2})
    titles = [{"label": label, "set": {"/title": {"en": label, "zh": label}}} for label in (HOSTILE, "b")]
    make(pages, "hostile", {"matrix": {"a": titles}, "repeat": 2})  # And nothing else differs.
    check_mistakes(pages)
    environment = {**os.environ, "VIEWER_PAGES": str(pages), "CHROMIUM": chromium, "HOSTILE": HOSTILE}
    tests = subprocess.run(["node", "--test", "report.test.mjs"], cwd=root / "tests/report",
                           env=environment)
sys.exit(tests.returncode)
