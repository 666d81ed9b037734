"""Sweeps: runs of a file whose values vary (scenarios/MEASURING.md, section 3)."""
import json
from pathlib import Path

from .command import call, options
from .tables import read_csv


class Sweep:
    """The folder of a sweep.  `runs`: a row for each run; `cells`: one for each cell and metric."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.manifest = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        self.parameters = [parameter["name"] for parameter in self.manifest["parameters"]]
        text = ("seed", "trace_hash", *self.parameters)
        self.runs = read_csv(self.folder / "runs.csv", text)
        self.cells = read_csv(self.folder / "cells.csv", text)

    def metric(self, name):
        """The rows of `cells` for a metric: n, mean, mean_low, mean_high, median, ..."""
        if name not in self.cells["metric"]:
            raise KeyError(name)
        return self.cells.where(metric=name)

    def results(self):
        """The whole results, one by one, as (cell, repeat, result); None: its process ended."""
        with (self.folder / "runs.ndjson").open(encoding="utf-8") as lines:
            for line in lines:
                run = json.loads(line)
                yield run["cell"], run["repeat"], run.get("result")


def read_sweep(folder):
    """The sweep that is in that folder."""
    return Sweep(folder)


def sweep(file, out, settings=None, jobs=None):
    """Makes a sweep, or goes on with it, and reads it.  `file`: its path, or a dict, which is kept
    as OUT/scenario.json."""
    if isinstance(file, dict):
        Path(out).mkdir(parents=True, exist_ok=True)
        path = Path(out) / "scenario.json"
        path.write_text(json.dumps(file, indent=2), encoding="utf-8")
        file = path
    call("sweep", file, f"--out={out}", "--quiet", *options(settings),
         *([f"--jobs={jobs}"] if jobs else []))
    return Sweep(out)
