"""The layers are what they say: of one machine, byte-compiled for good, and small."""

import importlib.util
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from support.sam_build import ARCHITECTURES, HERE, built
from support.templates import ROOT, TEMPLATES, functions

LAYERS = ("RuntimeLayer", "StripeLayer")
MEGABYTE = 2**20
BUDGET = 60 * MEGABYTE  # of functions and layers, unzipped, without boto3
BOTO3 = {"boto3", "botocore", "s3transfer"}
ASKED = re.compile(r'sdk\.client\(\s*"([a-z0-9-]+)"')
UNCHECKED_HASH = 0b01  # https://peps.python.org/pep-0552/


def machine(library: Path) -> int:
    """e_machine of an ELF file's header."""
    header = library.read_bytes()[:20]
    assert header[:4] == b"\x7fELF"
    return int.from_bytes(header[18:20], "little")


def contexts() -> list[Path]:
    """The layers of the contexts and of the root, each of them with the kernel."""
    found = {
        Path(layer.codeuri) / "python"
        for each in functions(built() / "template.yaml").values()
        for layer in each.layers
        if layer.codeuri
    }
    return sorted(path for path in found if (path / "troupe").is_dir())


def layer(name: str, architecture: str = HERE) -> Path:
    """A layer of the stack that the other gates build, or built alone for the other machine."""
    return built(architecture, None if architecture == HERE else name) / name / "python"


def encryption() -> Path:
    """What encrypts personal data, which stands beside the path of the runtime layer."""
    return layer("RuntimeLayer").parent / "encryption"


def test_what_encrypts_is_there_and_not_where_pyjwt_would_load_it():
    path = [str(layer("RuntimeLayer")), str(contexts()[0])]
    code = (
        f"import sys; sys.path = [each for each in sys.path if 'site-packages' not in each] + {path}; import jwt;"
        "assert 'cryptography' not in sys.modules; from troupe.store import personal;"
        "print(personal.implementation().__name__)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "AESSIV", done.stderr


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_of_the_machine_it_was_built_for(name, architecture):
    libraries = list(layer(name, architecture).rglob("*.so"))
    assert libraries
    assert {machine(library) for library in libraries} == {ARCHITECTURES[architecture]}


def test_every_module_has_bytecode_that_the_zip_does_not_void():
    assert len(contexts()) == len(TEMPLATES)
    sources = [[*path.rglob("*.py")] for path in (*contexts(), *map(layer, LAYERS))]
    assert all(sources)
    for source in chain.from_iterable(sources):
        header = Path(importlib.util.cache_from_source(str(source))).read_bytes()[:8]
        assert header[:4] == importlib.util.MAGIC_NUMBER
        assert int.from_bytes(header[4:], "little") == UNCHECKED_HASH, source


def test_bytecode_names_the_place_where_it_runs():
    compiled = contexts()[0] / "troupe" / "store" / "__pycache__" / "keys.cpython-313.pyc"
    assert b"/opt/python/troupe/store/keys.py" in compiled.read_bytes()


def test_the_services_that_are_described_are_those_that_the_code_asks_for():
    """A missing service would fail at the first call; a superfluous one is never loaded."""
    described = {
        path.name for path in (layer("RuntimeLayer") / "botocore" / "data").iterdir() if path.is_dir()
    }
    sources = [*ROOT.glob("layers/kernel/**/*.py"), *ROOT.glob("functions/*/src/**/*.py")]
    asked = {name for source in sources for name in ASKED.findall(source.read_text("utf-8"))}
    assert described == asked
    for source in sources:
        assert "boto3.client" not in source.read_text("utf-8"), source


def test_nothing_is_in_a_layer_that_only_a_developer_needs():
    found = {path.name for name in LAYERS for path in layer(name).rglob("*") if path.is_dir()}
    assert found & {"tests", "test", "bin"} == set()


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_functions_and_layers_keep_to_the_budget():
    layers = [layer(name) for name in ("SwaggerUiLayer", *LAYERS)]
    boto3 = sum(size(each / name) for each in layers for name in BOTO3)
    assert boto3 > MEGABYTE
    total = sum(map(size, [*layers, encryption()])) - boto3 + max(map(size, contexts()))
    assert total <= BUDGET, f"{total / MEGABYTE:.1f} MB"
