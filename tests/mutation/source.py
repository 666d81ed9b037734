"""The syntax tree of protocol/, by libclang: one translation unit per folder."""
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

try:
    import clang.cindex as cindex
except ImportError:  # Debian's python3-clang-19, for a Python that is not Debian's.
    sys.path.append("/usr/lib/python3/dist-packages")
    import clang.cindex as cindex

Kind = cindex.CursorKind
TypeKind = cindex.TypeKind

FUNCTIONS = {Kind.FUNCTION_DECL, Kind.CXX_METHOD, Kind.CONSTRUCTOR, Kind.DESTRUCTOR,
             Kind.CONVERSION_FUNCTION, Kind.FUNCTION_TEMPLATE}
SCOPES = {Kind.NAMESPACE, Kind.STRUCT_DECL, Kind.CLASS_DECL, Kind.CLASS_TEMPLATE,
          Kind.LINKAGE_SPEC, Kind.UNEXPOSED_DECL}
COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|//[^\n]*|/\*.*?\*/', re.DOTALL)


def flat(text):
    """Code on one line, without comments."""
    text = COMMENT.sub(lambda m: " " if m[0].startswith("/") else m[0], text)
    return " ".join(text.split())


@dataclass
class SourceFile:
    """A file, and where ZAB_CHECK stands in it."""
    path: str
    content: bytes
    checks: set = field(default_factory=set)  # Offsets.

    def text(self, start, end):
        return flat(self.content[start:end].decode())

    def line(self, offset):
        return self.content.count(b"\n", 0, offset) + 1

    def lines(self, start, end):
        return self.content.count(b"\n", start, end) + 1


def extent(cursor):
    return cursor.extent.start.offset, cursor.extent.end.offset


def file_of(cursor):
    file = cursor.extent.start.file
    return file.name.removeprefix("./") if file else ""


class Folder:
    """The files of one folder, and the cursors of what they define."""

    def __init__(self, root, folder, includes=()):
        sources = sorted(path.relative_to(root) for path in (root / folder).glob("*.cc"))
        headers = sorted(path.relative_to(root) for path in (root / folder).glob("*.h"))
        self.files = {str(path): SourceFile(str(path), (root / path).read_bytes())
                      for path in [*headers, *sources]}
        text = "".join(f'#include "{path}"\n' for path in self.files)
        unit = cindex.Index.create().parse(
            str(root / folder / "folder.cc"), unsaved_files=[(str(root / folder / "folder.cc"), text)],
            args=["-xc++", "-std=c++20", f"-I{root}", *(f"-I{path}" for path in includes)],
            options=cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
        errors = [str(d) for d in unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
        if errors:
            raise SystemExit("\n".join(errors))
        self.unit = unit  # Cursors live as long as it does.
        self.cursors = []
        for cursor in unit.cursor.get_children():
            path = file_of(cursor)
            path = str(Path(path).relative_to(root)) if path.startswith(str(root)) else path
            if path not in self.files:
                continue
            if cursor.kind == Kind.MACRO_INSTANTIATION and cursor.spelling == "ZAB_CHECK":
                self.files[path].checks.add(cursor.extent.start.offset)
            elif not cursor.kind.is_preprocessing():
                self.cursors.append((self.files[path], cursor))


def definitions(file, cursor):
    """All functions and members with an initialiser at or below a cursor of a file."""
    if cursor.kind in FUNCTIONS:
        if cursor.is_definition():
            yield file, cursor
    elif cursor.kind in SCOPES or cursor.kind in (Kind.FIELD_DECL, Kind.FRIEND_DECL):
        if cursor.kind == Kind.FIELD_DECL:
            yield file, cursor
        for child in cursor.get_children():
            if child.kind in SCOPES | FUNCTIONS | {Kind.FIELD_DECL, Kind.FRIEND_DECL}:
                yield from definitions(file, child)


def qualified(cursor):
    names = []
    while cursor and cursor.kind != Kind.TRANSLATION_UNIT:
        if cursor.spelling and cursor.kind != Kind.NAMESPACE:
            names.append(cursor.spelling.partition("(")[0])
        cursor = cursor.semantic_parent
    return "::".join(reversed(names))
