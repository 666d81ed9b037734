"""All mutants of protocol/, those that are left out included."""
import hashlib
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import rules
from mutant import Mutant, Place
from operators import OPERATORS
from source import FUNCTIONS, Folder, Kind, TypeKind, definitions, extent, qualified

RECORD = "record"  # The operator of all mutants that change only what a record of the trace tells.


def find(root, folders, cache):
    """The mutants of the folders, from the cache if neither they nor these scripts have changed."""
    scripts = sorted(Path(__file__).parent.glob("*.py"))
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
        mutants += of_definition(file, definition, words, used, unused_files)
    seen = {}
    for mutant in mutants:  # The syntax tree has some expressions twice.
        seen.setdefault((mutant.file, mutant.start, mutant.end, mutant.replacement, mutant.shape), mutant)
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


def of_definition(file, definition, words, used, unused_files):
    function = qualified(definition)
    short = short_name(function)
    rule = ""
    if rules.prints(file.path, function):
        rule = rules.PRINTING
    elif definition.kind in FUNCTIONS and short.isalnum() and short.encode() not in used \
            and definition.kind not in (Kind.CONSTRUCTOR, Kind.DESTRUCTOR):
        rule = rules.UNUSED
    elif file.path.startswith("protocol/inspection/") or file.path.rpartition(".")[0] in unused_files:
        rule = rules.UNUSED
    elif "KnownBugs" in function:
        rule = rules.BUG
    is_field = definition.kind == Kind.FIELD_DECL
    bodies = [c for c in definition.get_children() if c.kind == Kind.COMPOUND_STMT]
    head = file.text(extent(definition)[0], extent(bodies[0])[0]) if bodies else ""
    constant = is_field or "constexpr" in head.split()
    last = list(bodies[0].get_children())[-1:] if bodies else []
    returns_last = definition.result_type.kind == TypeKind.VOID or (
        bool(last) and last[0].kind == Kind.RETURN_STMT)
    for child in definition.get_children():
        if child.kind.is_expression() or child.kind == Kind.COMPOUND_STMT:
            yield from walk(Place(file, child, function, [], constant, returns_last, rule), words)


def short_name(function):
    return function.rpartition("::")[2]


def tells(place):
    """Whether what stands here is only told: an argument of Emit, a TraceEvent's column, a reason."""
    if place.kind == Kind.DECL_REF_EXPR and place.cursor.type.spelling in ("zab::Probe", "zab::Kind", "zab::Reason"):
        return True
    for cursor in [*place.parents, place.cursor]:
        if cursor.kind == Kind.CALL_EXPR and cursor.spelling == "Emit":
            return True
        if cursor.kind in (Kind.INIT_LIST_EXPR, Kind.MEMBER_REF_EXPR, Kind.VAR_DECL):
            inner = list(cursor.get_children())[:1] if cursor.kind == Kind.MEMBER_REF_EXPR else [cursor]
            if any(c.type.spelling.removeprefix("const ").removeprefix("zab::") == "TraceEvent"
                   for c in inner):
                return True
    return False


def walk(place, words):
    """The mutants at a place and below it."""
    rule = place.rule
    start, end = extent(place.cursor)
    if start in place.file.checks:  # What it is made of has no place in the file.
        text = place.file.text(start, place.file.content.index(b";", start))
        yield Mutant(place.file.path, place.function, place.file.line(start), 1, "deleted statement", start,
                     end, text, "", "", "statement", False, rule or rules.CHECK)
        return
    if rules.is_compile_time(place.file, place.cursor):
        place.rule = rule = rule or rules.CONSTANT
    for operator, make in OPERATORS.items():
        for original, mutated, replacement, span, shape in make(place):
            if original == mutated or span[1] <= span[0]:
                continue
            told = tells(place) or (shape in ("statement", "pair") and "Emit(" in original and "if " not in original)
            why = rule
            if not why and rules.is_message(place, short_name(place.function)):
                why = rules.PRINTING
            if not why and rules.mentions_bug(original, words) and operator != "swapped effects":
                why = rules.BUG
            if not why and span[0] in place.file.checks:
                continue
            yield Mutant(place.file.path, place.function, place.file.line(span[0]), place.file.lines(*span),
                         RECORD if told else operator, *span, original, mutated, replacement, shape,
                         place.constant, why)
    children = place.children()
    if place.kind == Kind.CASE_STMT:
        children = children[1:]
    branches = {extent(c) for c in rules.bug_branches(place.file, place.cursor, words)}
    is_lambda = place.kind == Kind.LAMBDA_EXPR
    for child in children:
        below = Place(place.file, child, place.function, [*place.parents, place.cursor], place.constant,
                      place.returns_last and not is_lambda, rule)
        if extent(child) in branches:
            below.rule = rule or rules.BUG
        if child.kind.is_declaration() and child.kind != Kind.VAR_DECL:
            below.rule = below.rule or rules.CONSTANT
        yield from walk(below, words)
