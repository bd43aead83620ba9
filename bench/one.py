"""One measurement in an interpreter of its own: python -m bench.one NAME FILE writes its section there."""

import sys
from dataclasses import asdict
from importlib import import_module
from json import dumps
from pathlib import Path

from bench import MODULES, WITHOUT_STACK
from documents.places import importable
from local.places import state_folder
from local.stack.stack import Stack


def main(name: str, file: str) -> None:
    importable()
    module = MODULES[name]
    stack = Stack.read(state_folder())
    if stack is None and name not in WITHOUT_STACK:
        raise LookupError("no local stack runs")
    section = import_module(module).measured(stack)
    Path(file).write_text(dumps(asdict(section)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
