"""What a mutant is, and what every kind of operator may ask about the place where it stands."""
from dataclasses import dataclass, field

from source import Kind, TypeKind, extent

INTEGERS = {TypeKind.UCHAR, TypeKind.USHORT, TypeKind.UINT, TypeKind.ULONG, TypeKind.ULONGLONG,
            TypeKind.SCHAR, TypeKind.SHORT, TypeKind.INT, TypeKind.LONG, TypeKind.LONGLONG}


@dataclass
class Mutant:
    """One change of one place.  `start` and `end` are offsets in the file."""
    file: str
    function: str
    line: int
    lines: int
    operator: str
    start: int
    end: int
    original: str
    mutated: str         # For people.
    replacement: str     # For the compiler: an expression, or statements.
    shape: str           # expression; statement: stands in the place of one; pair: of two.
    constant: bool       # In code that the compiler may run.
    rule: str = ""       # Why it is left out, if it is.
    key: str = ""        # Stable as long as the function's own text is.


@dataclass
class Place:
    """A cursor, with what encloses it."""
    file: object                     # SourceFile.
    cursor: object
    function: str
    parents: list = field(default_factory=list)  # Nearest last; the function is not among them.
    constant: bool = False
    returns_last: bool = False       # The function ends with `return`, or returns nothing.
    rule: str = ""

    @property
    def kind(self):
        return self.cursor.kind

    @property
    def parent(self):
        """The nearest that is not an implicit conversion."""
        for cursor in reversed(self.parents):
            if cursor.kind != Kind.UNEXPOSED_EXPR or extent(cursor) != extent(self.cursor):
                return cursor
        return None

    def text(self, cursor=None):
        return self.file.text(*extent(cursor or self.cursor))

    def children(self):
        return list(self.cursor.get_children())


def is_integer(cursor):
    return cursor.type.get_canonical().kind in INTEGERS


def has_statements(cursor):
    """Those children of a cursor that are statements, not conditions or initialisers."""
    children = list(cursor.get_children())
    if cursor.kind == Kind.COMPOUND_STMT:
        return children
    if cursor.kind in (Kind.FOR_STMT, Kind.WHILE_STMT, Kind.CXX_FOR_RANGE_STMT, Kind.CASE_STMT,
                       Kind.DEFAULT_STMT):
        return children[-1:]
    if cursor.kind == Kind.IF_STMT:
        condition = condition_of(cursor)
        return [c for c in children if condition and extent(c)[0] >= extent(condition)[1]]
    return []


def condition_of(cursor):
    """The condition of an if, while, for or ?: that is an expression; otherwise None."""
    children = list(cursor.get_children())
    if any(c.kind == Kind.VAR_DECL for c in children):
        return None
    if cursor.kind == Kind.FOR_STMT:
        found = [c for c in children[:-1] if c.kind.is_expression()
                 and c.type.get_canonical().kind == TypeKind.BOOL]
        return found[0] if found else None
    if cursor.kind not in (Kind.IF_STMT, Kind.WHILE_STMT, Kind.CONDITIONAL_OPERATOR):
        return None
    found = [c for c in children if c.kind.is_expression()]
    return found[0] if found else None
