#!/usr/bin/env python3
"""Generates the second part of scenarios/README.md: every key of a scenario, from the descriptions in
scenarios/schema.json.  The part before "## Keys" is written by hand.

    key_reference.py [--check]

--check writes nothing and exits with 1 if the file is out of date.
"""
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "scenarios" / "schema.json"
README = ROOT / "scenarios" / "README.md"

INTRODUCTION = """\
## Keys

All keys, generated from `schema.json` by `tools/keys/key_reference.py`; make changes in the schema. An
editor that knows the schema completes and explains the keys as you type. Only `format`,
`cluster.voters` and `end.virtual` are required; all other keys have defaults. Unknown keys are errors.
`a.b` is the key `b` of the object `a`, `a[].b` that of each object in the list `a`, and `a.NAME` a key
with a name of your choice.
"""


class Reference:
    """Collects the page.  A definition that is an object has a section of its own; others a line."""

    def __init__(self, schema):
        self.schema = schema
        self.definitions = schema["definitions"]
        self.sections = []  # Names of definitions, in the order in which they are first met.
        self.values = []

    def page(self):
        keys = self.table(self.rows_of_object("", self.schema))
        sections = []
        for name in self.sections:  # Grows while it is walked.
            sections += ["", *self.section(name)]
        values = ["", "## Values", "", *self.value_table()]
        return "\n".join([INTRODUCTION, *keys, *sections, *values, ""])

    # ---- Sections ---------------------------------------------------------------------------

    def section(self, name):
        definition = self.definitions[name]
        lines = [f"## {title(name)}", "", definition.get("description", ""), ""]
        if all("const" in choice for choice in definition.get("oneOf", [{}])):
            return lines + self.words(definition["oneOf"])
        for variant in [definition] if "properties" in definition else definition["oneOf"]:
            if "const" in variant.get("properties", {}).get("dist", {}):
                lines += [f"`{{\"dist\": \"{variant['properties']['dist']['const']}\", ...}}`", ""]
            rows = self.rows_of_object("", variant)
            lines += [*self.table(row for row in rows if row[0] != "dist"), ""]
        return lines[:-1]

    @staticmethod
    def words(choices):
        return ["| word | |", "|---|---|", *(f"| `{choice['const']}` | {escape(choice['description'])} |"
                                             for choice in choices)]

    def value_table(self):
        rows = ["| value | written |", "|---|---|"]
        for name in sorted(self.values):
            rows.append(f"| <a id=\"{name}\"></a>{title(name).lower()} | "
                        f"{escape(self.definitions[name]['description'])} |")
        return rows

    @staticmethod
    def table(rows):
        lines = ["| key | value | default | |", "|---|---|---|---|"]
        lines += [f"| `{key}` | {escape(kind)} | {escape(default)} | {escape(text)} |"
                  for key, kind, default, text in rows]
        return lines

    # ---- Rows -------------------------------------------------------------------------------

    def rows_of_object(self, path, schema):
        for key, value in schema.get("properties", {}).items():
            if value is not True:  # An alternative, which only wants the key.
                yield from self.rows(f"{path}{key}", value, key in schema.get("required", []))
        for value in schema.get("patternProperties", {}).values():
            yield from self.rows(f"{path}NAME", value, False)

    def rows(self, path, schema, required):
        inner = self.resolve(schema)
        default = "required" if required else ""
        if "default" in schema:
            default = f"`{json.dumps(schema['default'])}`"
        if default in ("`[]`", "`{}`"):
            default = ""
        text = schema.get("description", inner.get("description", ""))
        yield path, self.kind(schema), default, text
        yield from self.inner_rows(path, schema)

    # The keys of what has no section of its own.
    def inner_rows(self, path, schema):
        if self.name_of(schema):
            return
        if "$ref" in schema:
            schema = self.resolve(schema)
        for choice in schema.get("anyOf", []) + schema.get("oneOf", []):
            yield from self.inner_rows(path, choice)
        if "items" in schema:
            yield from self.inner_rows(f"{path}[]", schema["items"])
        yield from self.rows_of_object(f"{path}.", schema)

    # ---- Names ------------------------------------------------------------------------------

    def name_of(self, schema):
        """The definition that it is, if it is one."""
        reference = schema.get("$ref")
        if not reference:
            return None
        parts = reference.split("/")
        return parts[2] if len(parts) == 3 else None

    def resolve(self, schema):
        reference = schema.get("$ref")
        if not reference:
            return schema
        target = self.schema
        for part in reference.split("/")[1:]:
            target = target[part]
        return target

    def link(self, name):
        if self.is_section(self.definitions[name]):
            if name not in self.sections:
                self.sections.append(name)
            return f"[{title(name).lower()}](#{title(name).lower().replace(' ', '-')})"
        if name not in self.values:
            self.values.append(name)
        return f"[{title(name).lower()}](#{name})"

    @staticmethod
    def is_section(definition):
        return "properties" in definition or "oneOf" in definition

    def kind(self, schema):
        """What a value of that schema is, in a few words."""
        name = self.name_of(schema)
        if name:
            return self.link(name)
        if "$ref" in schema:
            return self.kind(self.resolve(schema))
        if "enum" in schema:
            return ", ".join(f"`{word}`" for word in schema["enum"])
        if "const" in schema:
            return f"`{schema['const']}`"
        choices = schema.get("anyOf") or ([] if "properties" in schema else schema.get("oneOf", []))
        if choices:
            kinds = dict.fromkeys(self.kind(choice) for choice in choices)
            return " or ".join(kinds)
        if schema.get("type") == "array":
            return f"list of {self.kind(schema['items'])}"
        if schema.get("type") == "integer":
            return "integer"
        return {"object": "object", "boolean": "true, false", "string": "string"}.get(
            schema.get("type"), "anything")


def title(name):
    return name.replace("_", " ").capitalize()


def escape(text):
    return text.replace("|", "\\|").replace("\n", " ")


def main():
    keys = Reference(json.loads(SCHEMA.read_text(encoding="utf-8"))).page()
    now = README.read_text(encoding="utf-8")
    page = now[:now.index(INTRODUCTION.splitlines()[0] + "\n")] + keys
    if "--check" not in sys.argv[1:]:
        README.write_text(page, encoding="utf-8")
        return 0
    if now == page:
        return 0
    print(f"{README.relative_to(ROOT)} is not what {SCHEMA.relative_to(ROOT)} says: run "
          "tools/keys/key_reference.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
