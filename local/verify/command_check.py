"""make check: what one command still lacks, each with the line to write."""

import dataclasses
import json
import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from rich.console import Console

from local.places import REPOSITORY, LocalError

console = Console(highlight=False, soft_wrap=True, markup=False)


def main(arguments: Sequence[str]) -> int:
    """COMMAND is its context and name, as identity.set_status_line."""
    named = re.fullmatch(r"([a-z]+)\.([a-z0-9_]+)", arguments[0] if len(arguments) == 1 else "")
    if named is None:
        raise LocalError("say which command: make check COMMAND=identity.suspend_user")
    context, name = named[1], named[2]
    lacking = list(missing(context, name))
    for line in lacking:
        console.print(line)
    console.print(f"{context}.{name}: {f'{len(lacking)} to do' if lacking else 'nothing is missing'}")
    return 1 if lacking else 0


def missing(context: str, name: str) -> Iterator[str]:
    """What is to be written, in the order in which one writes it."""
    import_module("documents.places").importable()
    commands = import_module("documents.commands")
    if not commands.package(context).is_dir():
        raise LocalError(f"there is no context {context}")
    found = commands.commands(context).get(name)
    if found is None:
        yield _without_route(context, name)
        return
    operation, declared = found.endpoint.operation, getattr(found.endpoint, "declaration", None)
    where = found.file.relative_to(REPOSITORY)
    yield from _template(context, name, found.handler)
    if operation.example is None and any(each.is_required() for each in operation.body.model_fields.values()):
        fields = ", ".join(f'"{field}": ...' for field in operation.body.model_fields)
        yield f"{where}: an example\n    example={{{fields}}},"
    if declared:
        yield from _events(context, declared)
    yield from _tests(context, name, declared)
    yield from _documents(context, name)


def _without_route(context: str, name: str) -> str:
    """The declaration, with the command's own fields in sight where there is the command."""
    pascal = "".join(word.capitalize() for word in name.split("_"))
    verb, _, noun = name.partition("_")
    package = REPOSITORY / "functions" / context / "src" / context
    pattern = re.compile(rf"^class {pascal}\b", re.MULTILINE)
    holding = [file for file in sorted(package.rglob("*.py")) if pattern.search(file.read_text())]
    if not holding:
        return f"{package.relative_to(REPOSITORY)}/<aggregate>/commands.py: the command\n    class {pascal}:"
    return (
        f"{holding[0].parent.relative_to(REPOSITORY)}/routes.py: its route\n"
        f'    {name} = routes.post("/…", {pascal}, permission="{noun}:{verb}")  '
        "# or SELF, where it concerns the caller alone"
    )


def _template(context: str, name: str, handler: str) -> Iterator[str]:
    template = REPOSITORY / "functions" / context / "template.yaml"
    if f"Handler: {handler}\n" not in template.read_text():
        yield f"{template.relative_to(REPOSITORY)}: no function calls {handler} ({name}): run `make generate`"


def _events(context: str, declared: Any) -> Iterator[str]:
    """Each event of the aggregate is in a golden life of it."""
    file = REPOSITORY / "events" / context / f"{declared.stream}.json"
    written = file.read_text(encoding="utf-8") if file.exists() else ""
    for kind, shape in declared.events.items():
        if f'"{kind}"' not in written:
            carried = ", ".join(f'"{each.name}": ...' for each in dataclasses.fields(shape))
            line = f'{{"type": "{kind}", "data": {{{carried}}}}},'
            yield f"{file.relative_to(REPOSITORY)}: the event, where it happens in the life\n    {line}"


def _tests(context: str, name: str, declared: Any) -> Iterator[str]:
    key = f"{declared.method} {declared.path}".strip() if declared else "..."
    for suite, word, line in (
        ("unit", _pascal(name), f"....when({_pascal(name)}(...)).then(...)"),
        ("integration", name, f'{name} = Call("{name}", "{key}")'),
    ):
        pattern = re.compile(rf"\b{word}\b")
        files = (REPOSITORY / "tests" / suite / context).rglob("*.py")
        if not any(pattern.search(file.read_text()) for file in files):
            yield f"tests/{suite}/{context}: no test names {word}\n    {line}"


def _documents(context: str, name: str) -> Iterator[str]:
    operations = json.loads((REPOSITORY / "functions/root/src/root/served/openapi.json").read_text())["paths"]
    known = {each["operationId"] for path in operations.values() for each in path.values()}
    endpoint = import_module("documents.commands").entry_point(context, name)
    declared = getattr(endpoint, "declaration", None)
    if declared and declared.path and not {_pascal(name), f"{context.capitalize()}{_pascal(name)}"} & known:
        yield "docs/openapi.yaml: it is not there: run `make generate`"


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
