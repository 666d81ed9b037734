"""The operators of mutation.  Each is a function from a place to (original, mutated, replacement, range,
shape) for every mutant that it makes there."""
from mutant import Place, condition_of, has_statements, is_integer
from source import Kind, TypeKind, extent

RELATIONAL = {"<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="]}
ARITHMETIC = {"+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"], "&": ["|"], "|": ["&"],
              "<<": [">>"], ">>": ["<<"], "+=": ["-="], "-=": ["+="]}
SYMMETRIC = {"min", "max", "swap"}  # Their arguments may change places.
NOT_A_VALUE = {Kind.UNARY_OPERATOR, Kind.COMPOUND_STMT, Kind.MEMBER_REF_EXPR, Kind.LAMBDA_EXPR,
               Kind.CXX_FOR_RANGE_STMT}  # Parents of what is changed, ignored or asked for a member.
JUMPS = {Kind.RETURN_STMT, Kind.BREAK_STMT, Kind.CONTINUE_STMT}


def binary(place):
    """(left, operator, right) of a binary operator, built in or overloaded; otherwise None."""
    children = place.children()
    if place.kind in (Kind.BINARY_OPERATOR, Kind.COMPOUND_ASSIGNMENT_OPERATOR):
        left, right = children
    elif (place.kind == Kind.CALL_EXPR and len(children) == 3
          and children[1].spelling.startswith("operator")):
        left, _, right = children
    else:
        return None
    between = place.file.text(extent(left)[1], extent(right)[0])
    return (left, between, right) if extent(left)[1] <= extent(right)[0] else None


def replaced(place, table):
    parts = binary(place)
    if parts is None:
        return
    left, operator, right = parts
    if operator in ("|", "&", "<<", ">>") and not is_integer(place.cursor):
        return  # Streams and ranges.
    span = extent(left)[0], extent(right)[1]
    original = place.file.text(*span)
    for other in table.get(operator, []):
        mutated = f"{place.text(left)} {other} {place.text(right)}"
        yield original, mutated, mutated, span, "expression"


def relational(place):
    yield from replaced(place, RELATIONAL)


def arithmetic(place):
    yield from replaced(place, ARITHMETIC)
    if place.kind == Kind.UNARY_OPERATOR:
        text = place.text()
        for operator, other in (("++", "--"), ("--", "++")):
            if operator in (text[:2], text[-2:]):
                mutated = text.replace(operator, other)
                yield text, mutated, mutated, extent(place.cursor), "expression"


def off_by_one(place):
    if place.kind not in (Kind.MEMBER_REF_EXPR, Kind.DECL_REF_EXPR, Kind.CALL_EXPR):
        return
    parent = place.parent
    if not is_integer(place.cursor) or parent is None or binary(place):
        return
    if parent.kind in NOT_A_VALUE:
        return
    assigned = parent.kind == Kind.COMPOUND_ASSIGNMENT_OPERATOR or (
        parent.kind == Kind.BINARY_OPERATOR and parent.spelling == "=")
    if assigned and extent(parent)[0] == extent(place.cursor)[0]:
        return
    if has_statements(parent) and parent.kind != Kind.RETURN_STMT:
        return
    text = place.text()
    for step in ("+", "-"):
        yield (text, f"{text} {step} 1", f"zab_mutation::Plus({text}, {step}1)",
               extent(place.cursor), "expression")


def negated_condition(place):
    condition = condition_of(place.cursor)
    text = place.text(condition) if condition is not None else "true"
    if text not in ("true", "false") and not is_equality(place, condition):  # That is relational.
        yield text, f"!({text})", f"!({text})", extent(condition), "condition"
    parts = binary(place)
    if parts is not None and parts[1] in ("&&", "||"):
        left, operator, right = parts
        other = {"&&": "||", "||": "&&"}[operator]
        left, right = place.text(left), place.text(right)
        for mutated in (f"{left} {other} {right}", left, right):
            yield place.text(), mutated, mutated, extent(place.cursor), "condition"


def is_equality(place, condition):
    """Whether it is a == b or a != b, and no more."""
    while condition.kind == Kind.UNEXPOSED_EXPR and len(list(condition.get_children())) == 1:
        condition = next(condition.get_children())
    parts = binary(Place(place.file, condition, place.function))
    return parts is not None and parts[1] in ("==", "!=")


def deleted_statement(place):
    for statement in has_statements(place.cursor):
        is_block = statement.kind in (Kind.IF_STMT, Kind.CXX_FOR_RANGE_STMT, Kind.WHILE_STMT)
        if statement.kind in JUMPS:
            if statement.kind == Kind.RETURN_STMT and not place.returns_last:
                continue
            if statement.kind != Kind.RETURN_STMT and place.kind in (Kind.CASE_STMT, Kind.DEFAULT_STMT):
                continue
            if place.kind == Kind.COMPOUND_STMT and not place.parents:  # The function's own end.
                continue
        elif not (statement.kind.is_expression() or is_block):
            continue
        yield place.text(statement), "", "", extent(statement), "statement"


def acts(statement):
    """Whether a statement appends effects."""
    if not statement.kind.is_expression():
        return False
    for cursor in statement.walk_preorder():
        if cursor.kind == Kind.DECL_REF_EXPR and cursor.type.spelling == "Outbox":
            return True
        method = cursor.referenced if cursor.kind == Kind.MEMBER_REF_EXPR else None
        if method is not None and method.semantic_parent and method.semantic_parent.spelling == "Outbox":
            return method.kind == Kind.CXX_METHOD
    return False


def swapped_effects(place):
    if place.kind != Kind.COMPOUND_STMT:
        return
    statements = place.children()
    for first, second in zip(statements, statements[1:]):
        if acts(first) and acts(second):
            one, two = place.text(first), place.text(second)
            span = extent(first)[0], place.file.content.index(b";", extent(second)[1]) + 1
            yield f"{one}; {two};", f"{two}; {one};", f"{two}; {one};", span, "pair"


def wrong_field(place):
    if place.kind == Kind.MEMBER_REF_EXPR:
        member = place.cursor.referenced
        if member is None or member.kind != Kind.FIELD_DECL:
            return
        siblings = [f for f in member.semantic_parent.get_children() if f.kind == Kind.FIELD_DECL
                    and f.type.get_canonical() == member.type.get_canonical()]
        for other in following(siblings, member):
            text = place.text()
            if not text.endswith(member.spelling):
                return
            mutated = text.removesuffix(member.spelling) + other.spelling
            yield text, mutated, mutated, extent(place.cursor), "expression"
    if place.kind == Kind.CALL_EXPR and binary(place) is None and place.cursor.spelling not in SYMMETRIC:
        arguments = list(place.cursor.get_arguments())
        for one, two in zip(arguments, arguments[1:]):
            if one is not None and two is not None and may_swap(place, one, two):
                start, end = extent(place.cursor)
                mutated = " ".join([place.file.text(start, extent(one)[0]), place.text(two), ",",
                                    place.text(one), place.file.text(extent(two)[1], end)])
                yield place.text(), mutated, mutated, (start, end), "expression"


def may_swap(place, one, two):
    """Whether two arguments have one type and are not the two ends of a range."""
    def type_of(cursor):
        return cursor.type.get_canonical().spelling.removeprefix("const ")

    texts = place.text(one), place.text(two)
    return (type_of(one) == type_of(two) and extent(one)[1] < extent(two)[0] and texts[0] != texts[1]
            and not any(".end()" in text for text in texts))


def following(siblings, member):
    """The sibling after a member, the first after the last; none if it is alone."""
    names = [s.spelling for s in siblings]
    if len(names) < 2 or member.spelling not in names:
        return []
    return [siblings[(names.index(member.spelling) + 1) % len(names)]]


def constant(place):
    text = place.text()
    span = extent(place.cursor)
    if place.kind == Kind.CXX_BOOL_LITERAL_EXPR and text in ("true", "false"):
        other = {"true": "false", "false": "true"}[text]
        yield text, other, other, span, "expression"
    elif place.kind == Kind.INTEGER_LITERAL and text[:1].isdigit():
        yield text, f"{text} + 1", f"{text} + 1", span, "expression"
        if text != "0":
            yield text, "0", f"{text} - {text}", span, "expression"
    elif place.kind == Kind.DECL_REF_EXPR and place.cursor.referenced is not None:
        target = place.cursor.referenced
        if target.kind == Kind.ENUM_CONSTANT_DECL:
            for other in following(list(target.semantic_parent.get_children()), target):
                mutated = text.removesuffix(target.spelling) + other.spelling
                yield text, mutated, mutated, span, "expression"
        elif (target.kind == Kind.VAR_DECL and target.spelling.startswith("k")
              and is_integer(place.cursor)):
            yield text, f"{text} + 1", f"zab_mutation::Plus({text}, 1)", span, "expression"


OPERATORS = {
    "relational": relational,
    "arithmetic": arithmetic,
    "off by one": off_by_one,
    "negated condition": negated_condition,
    "deleted statement": deleted_statement,
    "swapped effects": swapped_effects,
    "wrong field": wrong_field,
    "constant": constant,
}
