"""The rule of a context's queue takes what the code behind it reads; and nothing of another's that it does not."""

import importlib
import json

import pytest

from support.templates import ROOT, of_type, resources

OWN = {  # identity and recovery have tests of their own
    "commerce": {"supplier.", "product.", "inventory.", "promotion.", "order.", "supplier_order."},
    "community": {"community.", "membership.", "post.", "comment.", "report.", "global_request."},
    "talent": {"talent."},
}
EVENTS = {
    path.name.rsplit(".", 2)[0]: json.loads(path.read_text())
    for path in (ROOT / "docs/schemas").glob("*.json")
}


@pytest.fixture(params=sorted(OWN))
def context(request):
    return request.param


@pytest.fixture
def inbound(context):
    return importlib.import_module(f"{context}.inbound")


@pytest.fixture
def pattern(context):
    found = resources(ROOT / f"functions/{context}/template.yaml")
    return of_type(found, "AWS::Events::Rule")["InboundRule"]["EventPattern"]


def stream(name):
    """The kind of the streams that events of this type are in."""
    return EVENTS[name]["properties"]["aggregate"]["const"]


def takes(pattern, name):
    return any(
        name.startswith(each["prefix"]) if isinstance(each, dict) else name == each
        for each in pattern["detail-type"]
    )


def followed(inbound):
    """Every event of the streams that rows are kept of."""
    kinds = {source.kind for view in inbound.VIEWS for source in view.sources}
    return {name for name in EVENTS if stream(name) in kinds}


def test_it_takes_from_our_contexts_alone(pattern):
    assert pattern["source"] == [{"prefix": "troupe."}]


def test_it_takes_what_rows_are_kept_of_and_what_is_reacted_to(inbound, pattern):
    wanted = followed(inbound) | set(inbound.REACTIONS)
    assert {name for name in wanted if not takes(pattern, name)} == set()


def test_of_other_contexts_it_takes_what_is_read_alone(context, inbound, pattern):
    """`COUNTED` of a context's inbound.py are the events that a view counts and keeps no rows of."""
    read = followed(inbound) | set(inbound.REACTIONS) | getattr(inbound, "COUNTED", frozenset())
    for each in pattern["detail-type"]:
        if isinstance(each, dict):
            own = each["prefix"] in OWN[context]
            assert own or any(name.startswith(each["prefix"]) for name in read), each
        else:
            assert each in read


def test_every_view_can_be_rebuilt(context, inbound):
    if inbound.VIEWS:
        template = resources(ROOT / f"functions/{context}/template.yaml")
        function = of_type(template, "AWS::Serverless::Function")["Rebuild"]
        assert function["Handler"] == f"{context}.rebuild.handler"
