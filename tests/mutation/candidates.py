"""All mutants of protocol/, those that are left out included."""
import hashlib
import json
import re
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import rules
from mutant import Mutant, Place, has_statements
from operators import OPERATORS
from source import FUNCTIONS, Folder, Kind, TypeKind, definitions, extent, qualified

TOLD = ("zab::Probe", "zab::Kind", "zab::Reason")
TELLING = re.compile(r"(if \([^{;]*\) |[^;]*; )?out\.Emit\(")  # Statements that only tell.
MAKERS = ("candidates", "mutant", "operators", "rules", "source")  # Scripts that decide on mutants.
RECORD = "record"  # The operator of all mutants that change only what a record of the trace tells.


def find(root, folders, cache):
    """The mutants of the folders, from the cache if neither they nor these scripts have changed."""
    scripts = [Path(__file__).with_name(f"{name}.py") for name in MAKERS]
    sources = [path for folder in ("protocol", "sim", "scenarios")
               for path in sorted((root / folder).rglob("*")) if path.suffix in (".h", ".cc")]
    digest = hashlib.sha256()
    for path in [*scripts, *sources]:
        digest.update(path.read_bytes())
    if cache.exists():
        kept = json.loads(cache.read_text())
        if kept["digest"] == digest.hexdigest():
            return [Mutant(**m) for m in kept["mutants"]]
    mutants = of_folders(root, [Folder(root, folder) for folder in folders])
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_text(json.dumps({"digest": digest.hexdigest(),
                                 "mutants": [asdict(m) for m in mutants]}))
    return mutants


def of_folders(root, folders):
    words = rules.bug_words(folders)
    found = [(file, definition) for folder in folders for file, cursor in folder.cursors
             for _, definition in definitions(file, cursor)]
    bodies = [(file.path, qualified(d), file.content[slice(*extent(d))]) for file, d in found
              if d.kind in FUNCTIONS]
    used = rules.used_names(root, bodies)
    unused_files = rules.unused_files(root)
    mutants = []
    for file, definition in found:
        rule = rule_for(file, definition, qualified(definition), used, unused_files)
        mutants += of_definition(file, definition, words, rule)
    seen = {}
    for mutant in mutants:  # The syntax tree has some expressions twice.
        place = mutant.file, mutant.start, mutant.end
        seen.setdefault((*place, mutant.replacement, mutant.shape), mutant)
    mutants = sorted(seen.values(), key=lambda m: (m.file, m.start, -m.end, m.replacement))
    name(mutants)
    return mutants


def name(mutants):
    """Gives each its key: equal ones of a function are numbered."""
    count = Counter()
    for m in mutants:
        text = f"{m.file} {m.function}: {m.operator}: {m.original} -> {m.mutated or '(nothing)'}"
        count[text] += 1
        m.key = text if count[text] == 1 else f"{text} #{count[text]}"


def rule_for(file, definition, function, used, unused_files):
    """Why a whole function or member is left out, if it is."""
    short = short_name(function)
    if rules.prints(file.path, function):
        return rules.PRINTING
    if file.path.startswith("protocol/base/random."):
        return rules.DICE
    if "KnownBugs" in function:
        return rules.BUG
    if file.path.startswith("protocol/inspection/") or file.path.rpartition(".")[0] in unused_files:
        return rules.UNUSED
    is_named = definition.kind in FUNCTIONS - {Kind.CONSTRUCTOR, Kind.DESTRUCTOR} and short.isalnum()
    return rules.UNUSED if is_named and short.encode() not in used else ""


def of_definition(file, definition, words, rule):
    bodies = [c for c in definition.get_children() if c.kind == Kind.COMPOUND_STMT]
    head = file.text(extent(definition)[0], extent(bodies[0])[0]) if bodies else ""
    constant = definition.kind == Kind.FIELD_DECL or "constexpr" in head.split()
    last = list(bodies[0].get_children())[-1:] if bodies else []
    returns_last = definition.result_type.kind == TypeKind.VOID or (
        bool(last) and last[0].kind == Kind.RETURN_STMT)
    for child in definition.get_children():
        if child.kind.is_expression() or child.kind == Kind.COMPOUND_STMT:
            function = qualified(definition)
            yield from walk(Place(file, child, function, [], constant, returns_last, rule), words)


def short_name(function):
    return function.rpartition("::")[2]


def only_tells(file, statement):
    """Whether an if decides on nothing but one record."""
    branches = [file.text(*extent(c)) for c in has_statements(statement)]
    return len(branches) == 1 and branches[0].startswith("out.Emit(")


def tells(place):
    """Whether what stands here is only told: an argument of Emit, a TraceEvent's column, a reason."""
    if place.kind == Kind.DECL_REF_EXPR and place.cursor.type.spelling in TOLD:
        return True
    for cursor in [*place.parents, place.cursor]:
        if cursor.kind == Kind.CALL_EXPR and cursor.spelling == "Emit":
            return True
        if cursor.kind == Kind.IF_STMT and only_tells(place.file, cursor):
            return True
        if cursor.kind in (Kind.INIT_LIST_EXPR, Kind.MEMBER_REF_EXPR, Kind.VAR_DECL):
            inner = list(cursor.get_children())[:1] if cursor.kind == Kind.MEMBER_REF_EXPR else [cursor]
            if any(c.type.spelling.removeprefix("const ").removeprefix("zab::") == "TraceEvent"
                   for c in inner):
                return True
    return False


def why_not(place, operator, original, start, words):
    """Why one mutant is left out, if it is."""
    if start in place.file.checks:
        return rules.CHECK
    if rules.is_message(place, short_name(place.function)):
        return rules.PRINTING
    if operator != "swapped effects" and rules.mentions_bug(original, words):
        return rules.BUG
    foreign = rules.is_foreign(place.file.path, original) or rules.is_foreign("", place.function)
    return rules.FOREIGN if foreign or rules.refuses(place.file, place.cursor) else ""


def at(place, words):
    """The mutants at a place."""
    for operator, make in OPERATORS.items():
        for original, mutated, replacement, span, shape in make(place):
            if original == mutated or span[1] <= span[0]:
                continue
            told = tells(place) or (shape in ("statement", "pair") and TELLING.match(original))
            yield Mutant(place.file.path, place.function, place.file.line(span[0]),
                         place.file.lines(*span), RECORD if told else operator, *span, original,
                         mutated, replacement, shape, place.constant,
                         place.rule or why_not(place, operator, original, span[0], words))


def check_at(place):
    """ZAB_CHECK: what it is made of has no place in the file."""
    start, end = extent(place.cursor)
    text = place.file.text(start, place.file.content.index(b";", start))
    yield Mutant(place.file.path, place.function, place.file.line(start), 1, "deleted statement",
                 start, end, text, "", "", "statement", False, place.rule or rules.CHECK)


def walk(place, words):
    """The mutants at a place and below it."""
    if extent(place.cursor)[0] in place.file.checks:
        yield from check_at(place)
        return
    if rules.is_compile_time(place.file, place.cursor):
        place.rule = place.rule or rules.CONSTANT
    yield from at(place, words)
    bugs = {extent(c) for c in rules.bug_branches(place.file, place.cursor, words)}
    foreign = {extent(c) for c in rules.foreign_branches(place.file, place.cursor)}
    returns_last = place.returns_last and place.kind != Kind.LAMBDA_EXPR
    for child in place.children()[place.kind == Kind.CASE_STMT:]:
        rule = place.rule or (rules.BUG if extent(child) in bugs else
                              rules.FOREIGN if extent(child) in foreign else "")
        if child.kind.is_declaration() and child.kind != Kind.VAR_DECL:
            rule = rule or rules.CONSTANT
        yield from walk(Place(place.file, child, place.function, [*place.parents, place.cursor],
                              place.constant, returns_last, rule), words)
