#!/usr/bin/python3
"""scenarios/schema.json against the files, with python3-jsonschema as a judge beside our parser.

What is shipped and the good corpus are valid.  Of the bad corpus, schema/ is refused by the schema as
well; parser/ is not: that folder is the list of what only the parser refuses.  scenarios/README.md is
what the schema's descriptions say, and scenarios/MEASURING.md what the list of metrics says.  Exit code 77: jsonschema is not installed.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed; tools/setup --test installs it")
    sys.exit(77)

ROOT = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
BAD = ROOT / "tests" / "scenarios" / "bad"


def descriptions_missing(schema, path="#"):
    """Pointers to the keys of the language that the schema does not explain."""
    if isinstance(schema, list):
        for i, item in enumerate(schema):
            yield from descriptions_missing(item, f"{path}/{i}")
        return
    if not isinstance(schema, dict):
        return
    for key, value in schema.get("properties", {}).items():
        if value is True:  # Of an alternative, which only wants the key.
            continue
        explained = "description" in value or "$ref" in value or "const" in value
        if not explained:
            yield f"{path}/properties/{key}"
    for key, value in schema.items():
        if key not in ("default", "enum", "const", "required"):
            yield from descriptions_missing(value, f"{path}/{key}")


def strictly_read():
    """What ajv, which editors and CI systems use, has against the schema in its strict mode."""
    if not (ROOT / "tests/node_modules/ajv").exists():
        print("not read by ajv: tools/setup --all installs it")
        return ["ajv is missing"] if os.environ.get("ZAB_NEVER_SKIP") else []
    script = ('import Ajv from "ajv"; import { readFileSync } from "node:fs";'
              'new Ajv({ strict: true }).compile(JSON.parse(readFileSync(process.argv[1])));')
    done = subprocess.run(["node", "--input-type=module", "-e", script, str(ROOT / "scenarios/schema.json")],
                          cwd=ROOT / "tests", capture_output=True, text=True)
    return [] if done.returncode == 0 else [f"ajv: {done.stderr.strip()}"]


def main():
    schema = json.loads((ROOT / "scenarios" / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    failures = [f"{pointer} has no description" for pointer in descriptions_missing(schema)]
    if '"allOf"' in json.dumps(schema):
        failures.append("allOf hides a key's own description from editors; write it beside $ref")

    def judge(path, wanted):
        errors = list(validator.iter_errors(json.loads(path.read_text(encoding="utf-8"))))
        if bool(errors) == wanted:
            what = f"{errors[0].json_path}: {errors[0].message}" if errors else "accepted"
            failures.append(f"{path.relative_to(ROOT)}: {what}")

    shipped = [p for p in (ROOT / "scenarios").rglob("*.json") if p.name != "schema.json"]
    good = sorted(shipped) + sorted((BAD.parent / "good").glob("*.json"))
    only_parser = sorted((BAD / "parser").glob("*.json"))
    both = sorted((BAD / "schema").glob("*.json"))
    for path in good + only_parser:
        judge(path, True)
    for path in both:
        judge(path, False)
    if min(len(good), len(only_parser), len(both)) == 0:
        failures.append("a corpus is empty")

    for script in ("key_reference.py", "metric_reference.py"):
        reference = subprocess.run([ROOT / "tools" / "keys" / script, "--check"],
                                   capture_output=True, text=True)
        if reference.returncode != 0:
            failures.append(reference.stdout.strip() or reference.stderr.strip())

    failures += strictly_read()

    for failure in failures:
        print(failure)
    print(f"{len(good)} valid, {len(both)} refused, {len(only_parser)} left to the parser, "
          f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
