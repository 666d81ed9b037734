#!/usr/bin/env python3
"""Job files for Kubernetes and GitHub, judged by tests/engines/manifests.test.mjs; the shell scripts,
by bash; what cannot be is refused.  Skipped where Node.js or the packages are missing."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
from shared import ROOT, ZABSIM, init, need, run

need("node", "bash")
if not (ROOT / "tests/node_modules/kubernetes-models").is_dir():
    print("no tests/node_modules: tools/setup --all installs it")
    sys.exit(1 if os.environ.get("ZAB_NEVER_SKIP") else 77)


def emit(folder, engine, *options, code=0):
    return run(ZABSIM, "campaign", "emit", folder, f"--engine={engine}", *options, code=code)


with tempfile.TemporaryDirectory() as name:
    folder, jobs = Path(name) / "a campaign", Path(name) / "jobs"  # The blank has to be quoted.
    jobs.mkdir()
    init(folder, 80)
    for kind, options in (("shared", []), ("pool", ["--tasks=3"]), ("store", ["--store=s3:bucket/zab"])):
        emit(folder, "kubernetes", "--image=registry.example.org/zabsim:1", *options)
        (folder / "jobs/kubernetes").rename(jobs / kind)
    emit(folder, "github")
    (folder / "jobs/github/github.yml").rename(jobs / "github.yml")
    for engine in ("slurm", "parallel", "local"):
        emit(folder, engine)
    for script in [*folder.glob("jobs/*/*.s*"), *jobs.glob("*/*.sh")]:
        run("bash", "-n", script)
    run(folder / "jobs/local/local.sh", code=10)  # Nothing but this machine: it can run here.
    assert (folder / "whole/outcome.json").exists()
    emit(folder, "kubernetes", code=2)  # No image.
    emit(folder, "kubernetes", "--image=x", "--store=s3:x", "--tasks=3", code=2)
    emit(folder, "slurm", "--tasks=9", code=2)
    done = subprocess.run(["node", "--test", "manifests.test.mjs"], cwd=ROOT / "tests/engines",
                          env={**os.environ, "ENGINE_JOBS": str(jobs)})
sys.exit(done.returncode)
