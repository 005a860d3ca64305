"""Write the generated pages of ``docs/reference``; ``--check`` only compares.

python scripts/make_reference.py [--check]
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer.main

from extractor.cli.app import app
from extractor.models.providers import providers

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "reference"
SCHEMAS = ROOT / "schemas"
_NOTE = "<!-- Written by scripts/make_reference.py: change the code, then run `make reference`. -->"
_WIDTH = 88
_REFERENCE = re.compile(r'"#/\$defs/(\w+)"')
Schema = Mapping[str, Any]


def cli() -> str:
    """Every command with its help."""
    parts = [
        "# Command line",
        _NOTE,
        "Each command's own `--help`. Exit codes are on [a page of their own](exit-codes.md).",
    ]
    for name, text in _helps(typer.main.get_command(app), "extractor"):
        parts += [f"## {name}", f"```text\n{text}\n```"]
    return _page(parts)


def _helps(command: Any, name: str) -> Iterator[tuple[str, str]]:
    """The help of a command, then those of the commands in it."""
    context = command.context_class(command, info_name=name, terminal_width=_WIDTH)
    yield name, command.get_help(context)
    for inner, found in getattr(command, "commands", {}).items():
        yield from _helps(found, f"{name} {inner}")


def output() -> str:
    """The fields of an output line, from its schema."""
    schema = _schema("output")
    parts = [
        "# Output line and schemas",
        _NOTE,
        f"{schema['description']} `extractor schema output` prints the JSON Schema behind this "
        "page; every line of a run validates against it.",
    ]
    for name in _reached(schema["$defs"], ["Extraction", "Failure"]):
        definition = schema["$defs"][name]
        rows = [
            [f"`{field}`", _type(found), found.get("description", "")]
            for field, found in definition["properties"].items()
        ]
        parts += [f"## {name}", definition.get("description", "")]
        parts.append(_table(["field", "type", "meaning"], rows))
    names = [path.name.removesuffix(".schema.json") for path in sorted(SCHEMAS.glob("*.json"))]
    rows = [[f"`{name}`", _schema(name)["description"].partition("\n")[0]] for name in names]
    parts += [
        "## Published schemas",
        "`extractor schema NAME` prints one of these. They are also in `schemas/`.",
        _table(["name", "what it describes"], rows),
    ]
    return _page(parts)


def _schema(name: str) -> Schema:
    found: Schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return found


def _reached(definitions: Mapping[str, Schema], roots: Sequence[str]) -> list[str]:
    """The definitions that `roots` lead to, in the order in which they are named."""
    names = list(roots)
    for name in names:
        named = _REFERENCE.findall(json.dumps(definitions[name]["properties"]))
        names += [found for found in dict.fromkeys(named) if found not in names]
    return names


def _type(schema: Schema) -> str:
    """A JSON Schema in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(option) for option in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if "prefixItems" in schema:
        return f"[{', '.join(_type(item) for item in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if isinstance(values := schema.get("additionalProperties"), Mapping):
        return f"object of {_type(values)}"
    return str(schema.get("format") or schema.get("type") or "any JSON")


def provider_table() -> str:
    """The known endpoints of chat models, from their table."""
    rows = [
        [
            f"`{provider.name}`",
            f"`{provider.base_url}`" if provider.base_url else "",
            f"`{provider.url_variable}`",
            f"`{provider.key_variable}`" + ("" if provider.needs_key else " (if any)"),
            f"`{provider.length_parameter}`",
        ]
        for provider in providers().values()
    ]
    head = ["provider", "address", "another address", "key", "most tokens of an answer"]
    return _page(
        [
            "# Providers",
            _NOTE,
            "A chat model is `--model PROVIDER/MODEL`. These providers are known; the variable "
            "goes before the address of the table, and `--base-url` before both.",
            _table(head, rows),
            "Any other name works as well: `--model NAME/MODEL` takes its address from "
            "`NAME_BASE_URL` and its key from `NAME_API_KEY`. A row in "
            "`extractor/models/data/providers.tsv` makes a name known to everybody.",
        ]
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(' '.join(cell.split()) for cell in line)} |" for line in lines)


def _page(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write or compare the pages; 1 if `--check` found a difference."""
    pages = {"cli.md": cli(), "output.md": output(), "providers.md": provider_table()}
    stale = []
    for name, text in pages.items():
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in arguments:
                path.write_text(text, encoding="utf-8")
    if "--check" not in arguments:
        return 0
    for name in stale:
        print(f"docs/reference/{name} is not what the code says: run `make reference`")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
