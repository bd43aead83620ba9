import sys

import pytest

from documents.api.refusals import Refusal, Refusals

RULES = """
from troupe.domain.decider import Invalid, Rejected

LONGEST = 72

class Full(Rejected):
    def __init__(self, what):
        super().__init__("full", f"There is no room for {what}.")

class Fuller(Full):
    pass

def check(value):
    if value:
        raise Invalid("too_long", f"At most {LONGEST} bytes.", "name")
    raise Rejected("closed", "It is closed.")

def say(value):
    raise Rejected("closed", "It is closed for good.")
"""
GATE = """
from troupe.edge import principal

def enter(code):
    if code:
        raise principal.Forbidden("not_here", "Not here.")
    raise principal.Unauthenticated(code)
"""
COMMANDS = {
    "near": 'from shop import rules\nfrom troupe.domain.decider import Rejected\nerror = Rejected("closed", "Closed today.")\n',
    "far": "from shop.middle import rules\n",
    "beside": "import json\n",
}


@pytest.fixture
def shop(tmp_path, monkeypatch):
    package = tmp_path / "shop"
    package.mkdir()
    files = {
        "rules": RULES,
        "gate": GATE,
        "middle": "from shop import gate, rules\n",
        "__init__": "",
        **COMMANDS,
    }
    for name, text in files.items():
        (package / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Refusals([package])
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def test_a_refusal_has_the_status_of_its_kind(shop):
    assert shop.of(["shop.far"], "closed").status == 409
    assert shop.of(["shop.far"], "not_here") == Refusal("not_here", 403, "Not here.")


def test_constants_are_told_and_other_values_left_open(shop):
    assert shop.of(["shop.far"], "too_long") == Refusal("too_long", 422, "At most 72 bytes.", "name")
    assert shop.of(["shop.far"], "full") == Refusal("full", 409, "There is no room for ….")


def test_the_nearest_counts(shop):
    assert shop.of(["shop.near"], "closed").detail == "Closed today."
    assert shop.of(["shop.far"], "closed").detail == "It is closed for good."


def test_what_a_module_does_not_come_to_is_not_its_refusal(shop):
    assert shop.of(["shop.beside"], "closed") is None
    assert shop.of(["shop.far"], "unheard_of") is None
