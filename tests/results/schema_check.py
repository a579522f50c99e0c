#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks scenarios against the JSON Schema, as an editor would.

usage: schema_check.py SCHEMA --valid FILE... --invalid FILE...

Prints every file that did not do what was expected of it; exit status 1 if there is one.
"""
import json
import sys

import jsonschema
import yaml


def errors_of(validator, path):
    with open(path, encoding="utf-8-sig") as file:
        document = yaml.safe_load(file)
    found = sorted(validator.iter_errors(document), key=lambda e: [str(p) for p in e.path])
    return ["{}: {}".format(".".join(map(str, e.path)) or "(top)", e.message) for e in found]


def main(arguments):
    schema_path, rest = arguments[0], arguments[1:]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    want_valid, surprises = True, 0
    for argument in rest:
        if argument in ("--valid", "--invalid"):
            want_valid = argument == "--valid"
            continue
        found = errors_of(validator, argument)
        if want_valid and found:
            surprises += 1
            print("{}: the schema refuses it: {}".format(argument, "; ".join(found[:3])))
        if not want_valid and not found:
            surprises += 1
            print("{}: the schema accepts it".format(argument))
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
