#!/usr/bin/env python3
"""The makers of mutants, tried on a toy: which mutants they make, which they leave out and why, that one
source has them all, and which of them a run can tell from the original.  toy/mutants.txt has what is
expected; ZAB_REWRITE_GOLDEN=1 writes it again.  Skipped without python3-clang-19."""
import os
import resource
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
try:
    import build
    import candidates
    import sample
    import schemata
except ImportError:
    sys.exit(1 if os.environ.get("ZAB_NEVER_SKIP") else 77)

TOY = HERE / "toy"
EXPECTED = TOY / "mutants.txt"


def limit_cpu():
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))


def compiled(tree):
    """The compiler's errors; none: tree/toy is the program."""
    sources = [*sorted((tree / "protocol").glob("*.cc")), TOY / "scenarios" / "run.cc"]
    done = subprocess.run(["c++", "-std=c++20", "-w", f"-I{tree}", *sources, "-o", tree / "toy"],
                          capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def output(tree, mutant):
    done = subprocess.run([tree / "toy"], env={**os.environ, "ZAB_MUTANT": str(mutant)},
                          capture_output=True, preexec_fn=limit_cpu)
    return done.returncode, done.stdout


class Toy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.tree = Path(folder.name)
        cls.mutants = candidates.find(TOY, ["protocol"], cls.tree / "candidates.json")
        cls.built, cls.broken = cls.build()

    @classmethod
    def build(cls):
        """Those that compile, built into one program, and those that do not."""
        mutants, broken = [m for m in cls.mutants if not m.rule], []
        while True:
            schemata.write_tree(TOY, cls.tree, mutants, home="protocol")
            errors = compiled(cls.tree)
            if not errors:
                return mutants, broken
            broken += build.blamed(errors, mutants)
            mutants = [m for m in mutants if m not in broken]

    def test_all_mutants(self):
        original = output(self.tree, 0)
        self.assertEqual(original, (0, b"0000010001110111, write 6, sync, 12, 1:2\n"))
        found = {m.key: f"left out, {m.rule}" for m in self.mutants if m.rule}
        found |= {m.key: "does not compile" for m in self.broken}
        found |= {m.key: "survives" if output(self.tree, number) == original else "killed"
                  for number, m in enumerate(self.built, 1)}
        text = "".join(f"{found[m.key]}: {m.key}\n" for m in self.mutants)
        if os.environ.get("ZAB_REWRITE_GOLDEN"):
            EXPECTED.write_text(text)
        self.assertMultiLineEqual(text, EXPECTED.read_text())

    def test_samples(self):
        drawn = [[m.key for m in sample.draw(self.mutants, seed, 20)] for seed in (1, 1, 2)]
        self.assertEqual(drawn[0], drawn[1])
        self.assertNotEqual(drawn[0], drawn[2])
        operators = {m.operator for m in self.mutants if not m.rule}
        self.assertEqual({key.split(": ")[1] for key in drawn[0]}, operators)

    def test_that_nothing_is_written_again_that_is_the_same(self):
        before = {path: path.stat().st_mtime_ns for path in self.tree.rglob("*.cc")}
        schemata.write_tree(TOY, self.tree, self.built, home="protocol")
        self.assertEqual(before, {path: path.stat().st_mtime_ns for path in self.tree.rglob("*.cc")})


if __name__ == "__main__":
    unittest.main(verbosity=2)
