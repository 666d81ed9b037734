"""Which mutants are tried: a sample that depends on the seed and on each mutant's key, so that a change
of the sources changes it only where they have changed."""
import hashlib
from collections import defaultdict

LEAST = 10  # Of each folder, if it has so many.


def rank(seed, mutant):
    return hashlib.sha256(f"{seed}|{mutant.key}".encode()).hexdigest()


def folder_of(mutant):
    return mutant.file.rpartition("/")[0]


def shares(folders, count):
    """How many of each folder: in proportion to its lines that have a mutant, but some of each."""
    lines = {folder: len({(m.file, m.line) for m in mutants}) for folder, mutants in folders.items()}
    total = sum(lines.values())
    return {folder: min(len(mutants), max(LEAST, round(count * lines[folder] / total)))
            for folder, mutants in folders.items()}


def draw(mutants, seed, count):
    """About `count` mutants of those that are not left out; in each folder one operator after the other
    has its turn."""
    folders = defaultdict(list)
    for mutant in mutants:
        if not mutant.rule:
            folders[folder_of(mutant)].append(mutant)
    drawn = []
    for folder, share in sorted(shares(folders, count).items()):
        drawn += in_turns(sorted(folders[folder], key=lambda m: rank(seed, m)), share)
    return sorted(drawn, key=lambda m: (m.file, m.start, -m.end, m.key))


def in_turns(ranked, share):
    operators = defaultdict(list)
    for mutant in ranked:
        operators[mutant.operator].append(mutant)
    drawn = []
    while len(drawn) < share:
        for operator in sorted(operators):
            if operators[operator] and len(drawn) < share:
                drawn.append(operators[operator].pop(0))
    return drawn
