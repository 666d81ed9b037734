#!/usr/bin/env python3
"""All C++ is as clang-format 19 lays it out by .clang-format.  Skipped without clang-format 19."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDERS = ("protocol", "sim", "scenarios", "tools", "tests")
root = Path(os.environ["SOURCE_DIR"])
tool = shutil.which("clang-format-19")
if tool is None:
    print("clang-format-19 is missing: tools/setup --all installs it")
    sys.exit(1 if os.environ.get("ZAB_NEVER_SKIP") else 77)
files = [str(file) for folder in FOLDERS for file in sorted((root / folder).rglob("*"))
         if file.suffix in (".cc", ".h") and "node_modules" not in file.parts]
done = subprocess.run([tool, "--dry-run", "-Werror", *files], capture_output=True, text=True)
print(done.stderr[-4000:], end="")
if done.returncode:
    print("clang-format-19 -i FILE puts it right")
sys.exit(done.returncode != 0)
