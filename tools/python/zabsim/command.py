"""The command itself: where it is, and how it is called."""
import json
import os
import shutil
import subprocess
from pathlib import Path

VERDICTS = (0, 10, 11, 12, 13, 14, 15)  # Exit codes that say how runs came out: no errors.


class ZabsimError(Exception):
    """The command has refused its arguments, or failed; the text is what it says."""


def program():
    """The command: $ZABSIM, else the newest build of this source tree, else that of the PATH."""
    if os.environ.get("ZABSIM"):
        return os.environ["ZABSIM"]
    builds = sorted(Path(__file__).parents[3].glob("build/*/zabsim"),
                    key=lambda path: path.stat().st_mtime)
    found = str(builds[-1]) if builds else shutil.which("zabsim")
    if not found:
        raise ZabsimError("no zabsim: build it with tools/run, or name it in $ZABSIM")
    return found


def options(settings):
    """--set options: {"/end/virtual": "20s", "/title": None}; None removes a value."""
    return [f"--set={pointer}={json.dumps(value)}" for pointer, value in (settings or {}).items()]


def call(*arguments, standard_input=None):
    """What `zabsim ARGUMENTS...` prints.  Raises ZabsimError unless its exit code is a verdict."""
    done = subprocess.run([program(), *map(str, arguments)], input=standard_input, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode not in VERDICTS:
        raise ZabsimError((done.stderr or done.stdout).strip())
    return done.stdout


def scenario_argument(scenario):
    """A path or an id as it is; a dict goes through standard input."""
    if isinstance(scenario, dict):
        return "-", json.dumps(scenario)
    return str(scenario), None
