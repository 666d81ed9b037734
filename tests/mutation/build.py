"""Builds a sample: the repository with mutants in protocol/, below the output folder."""
import json
import re
import subprocess
from pathlib import Path

import schemata

# The command, and tests, cheap ones first.
TARGETS = ["zabsim", "protocol_test", "paper_test", "golden_test", "scenarios_test", "property_test"]
LINKED = ["CMakeLists.txt", "CMakePresets.json", "scenarios", "sim", "tests", "tools", "README.md",
          "ARCHITECTURE.md", "CONTRIBUTING.md", "LICENSE"]
PLACE = re.compile(r"(protocol/[\w/]+\.(?:h|cc)):(\d+)")
ROUNDS = 10


class Build:
    """The tree and the build of one sample."""

    def __init__(self, root, out, targets, options, say):
        self.root, self.tree, self.targets, self.say = root, out / "tree", targets, say
        self.binaries = self.tree / "build" / "release"
        self.options = options
        self.broken_file = out / "broken.json"  # Mutants that did not compile.

    def broken(self):
        return set(json.loads(self.broken_file.read_text())) if self.broken_file.exists() else set()

    def buildable(self, sample):
        """Those of a sample that compile, as far as is known, and do not cross each other."""
        broken = self.broken()
        mutants = [m for m in sample if m.key not in broken]
        crossing = schemata.crossing(mutants)
        return [m for m in mutants if m not in crossing]

    def make(self, sample):
        """Builds; returns the mutants that compile, in the order of their numbers."""
        self.tree.mkdir(parents=True, exist_ok=True)
        for name in LINKED:
            if not (self.tree / name).exists():
                (self.tree / name).symlink_to(self.root / name)
        for _ in range(ROUNDS):
            mutants = self.buildable(sample)
            schemata.write_tree(self.root, self.tree, mutants)
            errors = self.compile()
            if not errors:
                return mutants
            culprits = blamed(errors, mutants)
            self.say(f"{len(culprits)} mutants do not compile")
            broken = self.broken() | {m.key for m in culprits}
            self.broken_file.write_text(json.dumps(sorted(broken), indent=1))
        raise SystemExit("the sample does not compile")

    def compile(self):
        """What the compiler says, if there are errors."""
        if not (self.binaries / "build.ninja").exists():
            subprocess.run(["cmake", "--preset", "release", "-DCMAKE_UNITY_BUILD=ON",
                            "-DCMAKE_UNITY_BUILD_BATCH_SIZE=10", "-DCMAKE_CXX_FLAGS=-w", *self.options],
                           cwd=self.tree, check=True, stdout=subprocess.DEVNULL)
        done = subprocess.run(["cmake", "--build", self.binaries, "--target", *self.targets, "--", "-k0"],
                              capture_output=True, text=True)
        return done.stdout if done.returncode else ""


def blamed(output, mutants):
    """The mutants on the lines of which the compiler found errors."""
    lines = [line for line in output.splitlines() if "error:" in line]
    for text in ("\n".join(lines), output):
        places = {(file, int(line)) for file, line in PLACE.findall(text)}
        found = [m for m in mutants
                 if any((m.file, m.line + i) in places for i in range(m.lines))]
        if found:
            return found
    raise SystemExit(output)

