#!/usr/bin/env python3
"""clang-tidy over C++ files, with the checks of .clang-tidy.

    tidy.py              those that the last commit changed: the linter of CI
    tidy.py --all        all of them: the nightly linter
    tidy.py FILE...      these

A changed header is read where it is included: through its own source, or through the first source that
includes it. CI reads at most MOST sources and says which are left to the night. The build folder is
build/tidy; nothing is built there.
"""
import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/tidy"
MOST = 8


def run(*command):
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def sources():
    """All sources that the build compiles but those that it generates."""
    run("cmake", "--preset", "clang", "-B", str(BUILD), "-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON",
        "-DCMAKE_UNITY_BUILD=OFF")
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    found = {Path(command["file"]) for command in commands}
    return sorted(path.relative_to(ROOT) for path in found if BUILD not in path.parents)


def changed():
    """What the last commit changed and is still there; nothing for a commit without parent."""
    parents = run("git", "log", "-1", "--format=%P").split()
    if not parents:
        print("tidy: no parent commit here to compare with")
        return []
    names = run("git", "diff", "--name-only", "--diff-filter=d", parents[0], "HEAD").split()
    return [Path(name) for name in names if name.endswith((".cc", ".h"))]


def source_of(path, among):
    """The source through which a file is read; none for a header that nobody includes."""
    if path in among:
        return path
    if path.with_suffix(".cc") in among:
        return path.with_suffix(".cc")
    line = f'#include "{path}"'
    return next((source for source in among if line in (ROOT / source).read_text()), None)


def tidy(source):
    """What clang-tidy finds in a source, empty if nothing."""
    done = subprocess.run(["clang-tidy-19", "-p", BUILD, "--quiet", "--warnings-as-errors=*", source],
                          cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    return "" if done.returncode == 0 else done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    every = sources()
    wanted = every if arguments.all else arguments.files or changed()
    reads = sorted({source for path in wanted if (source := source_of(path, every))})
    if not arguments.all and not arguments.files and len(reads) > MOST:
        print(f"tidy: left to the nightly run: {' '.join(map(str, reads[MOST:]))}")
        reads = reads[:MOST]
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for i, (source, found) in enumerate(zip(reads, pool.map(tidy, reads)), 1):
            print(f"[{i}/{len(reads)}] {source}\n{found}", end="", flush=True)
            failed += found != ""
    print(f"tidy: {len(reads)} sources read, {failed} with findings")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
