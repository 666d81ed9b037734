"""Mutant schemata: one source that has all mutants of a sample, of which $ZAB_MUTANT chooses one at run
time, so that a sample is built once."""
import shutil

HEADER = """\
// Made by tests/mutation: which mutant is on.
#pragma once

#include <type_traits>

namespace zab_mutation {

extern const int active;  // $ZAB_MUTANT; 0: none.

inline bool On(int mutant) { return active == mutant; }
/// For code that the compiler may run too: it never sees a mutant.
constexpr bool OnAtRunTime(int mutant) { return !std::is_constant_evaluated() && On(mutant); }

template <class T>
constexpr T Plus(T value, int step) {
  return static_cast<T>(value + static_cast<T>(step));
}

}  // namespace zab_mutation
"""
SOURCE = """\
#include "{folder}/mutation.h"

#include <cstdlib>

namespace zab_mutation {{

const int active = [] {{
  const char* const value = std::getenv("ZAB_MUTANT");
  return value == nullptr ? 0 : std::atoi(value);
}}();

}}  // namespace zab_mutation
"""


def crossing(mutants):
    """Mutants of pairs of statements that overlap another one without being inside of it."""
    pairs = [m for m in mutants if m.shape == "pair"]
    return [b for i, b in enumerate(pairs) if any(
        a.file == b.file and a.start < b.start < a.end < b.end for a in pairs[:i])]


def insertions(mutant, number):
    """What to insert before and after a mutant's place."""
    on = f"zab_mutation::{'OnAtRunTime' if mutant.constant else 'On'}({number})"
    if mutant.shape == "statement":
        return f"if ({on}) {{ {mutant.replacement} }} else ", ""
    if mutant.shape == "pair":
        return f"if ({on}) {{ {mutant.replacement} }} else {{ ", " }"
    if mutant.shape == "condition":
        return f"({on} ? static_cast<bool>({mutant.replacement}) : static_cast<bool>(", "))"
    return f"({on} ? ({mutant.replacement}) : (", "))"


def nesting(mutant):
    """Sorts what encloses before what is enclosed, and a statement before the expression that it is."""
    return mutant.start, -mutant.end, mutant.shape not in ("pair", "statement")


def rewritten(content, mutants, header):
    """The bytes of a file with its mutants, [(number, mutant)]; all lines keep their numbers."""
    outer_first = sorted(mutants, key=lambda entry: nesting(entry[1]))
    before, after = {}, {}
    for number, mutant in outer_first:
        prefix, suffix = insertions(mutant, number)
        before[mutant.start] = before.get(mutant.start, "") + prefix
        after[mutant.end] = suffix + after.get(mutant.end, "")
    out, last = [f'#include "{header}"\n#line 1\n'.encode()], 0
    for offset in sorted(set(before) | set(after)):
        out += [content[last:offset], after.get(offset, "").encode(), before.get(offset, "").encode()]
        last = offset
    return b"".join([*out, content[last:]])


def write_if_other(path, content):
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def write_tree(root, tree, mutants, sources="protocol", home="protocol/base"):
    """Makes `tree` the repository with the mutants, numbered from 1, in its `sources`.  What is the same
    as before is not written again."""
    by_file = {}
    for number, mutant in enumerate(mutants, 1):
        by_file.setdefault(mutant.file, []).append((number, mutant))
    for path in sorted((root / sources).rglob("*")):
        name = str(path.relative_to(root))
        if path.is_file():
            content = path.read_bytes()
            if name in by_file:
                content = rewritten(content, by_file[name], f"{home}/mutation.h")
            write_if_other(tree / name, content)
    write_if_other(tree / home / "mutation.h", HEADER.encode())
    write_if_other(tree / home / "mutation.cc", SOURCE.format(folder=home).encode())
    keep = {str(p.relative_to(root)) for p in (root / sources).rglob("*")} | {
        f"{home}/mutation.h", f"{home}/mutation.cc"}
    for path in sorted((tree / sources).rglob("*"), reverse=True):
        if str(path.relative_to(tree)) not in keep:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
