"""The rules of the queues take exactly the event types that the code behind them reads."""

import importlib
import json

from identity.inbound import REACTIONS
from identity.mail.mail import WRITTEN
from identity.user.cards import PERSON, USER_CARDS
from identity.user.lifecycle import METRICS
from support.templates import ROOT, of_type, resources

IDENTITY = ROOT / "functions/identity/template.yaml"
OTHERS = {  # what user_cards counts of other contexts
    "order.confirmed",
    "order.refund_failed",
    "order.refunded",
    "community.member_banned",
    "community.member_joined",
    "community.member_left",
}
EVENTS = {
    path.name.rsplit(".", 2)[0]: json.loads(path.read_text())
    for path in (ROOT / "docs/schemas").glob("*.json")
}


def pattern(rule):
    return of_type(resources(IDENTITY), "AWS::Events::Rule")[rule]["EventPattern"]


def takes(rule, name):
    return any(
        name.startswith(each["prefix"]) if isinstance(each, dict) else name == each
        for each in pattern(rule)["detail-type"]
    )


def stream(name):
    """The kind of the streams that events of this type are in."""
    return EVENTS[name]["properties"]["aggregate"]["const"]


def test_the_context_s_queue_takes_whole_streams_where_rows_are_kept_of_them():
    kinds = {source.kind for source in USER_CARDS.sources}
    assert kinds == {PERSON.kind}
    followed = {name for name in EVENTS if stream(name) in kinds}
    assert "user.created" in followed
    assert {name for name in followed if not takes("InboundRule", name)} == set()


def test_the_context_s_queue_takes_what_is_counted_or_reacted_to():
    wanted = {*METRICS, *REACTIONS, *OTHERS, "user.followed", "user.unfollowed"}
    assert {name for name in wanted if not takes("InboundRule", name)} == set()


def test_the_context_s_queue_takes_nothing_that_is_not_read():
    named = {each for each in pattern("InboundRule")["detail-type"] if isinstance(each, str)}
    assert named <= {*METRICS, *REACTIONS, *OTHERS}


def test_the_mail_queue_takes_what_a_mail_is_written_of():
    assert set(pattern("MailRule")["detail-type"]) == set(WRITTEN)


def test_both_queues_take_from_our_contexts_alone():
    for rule in ("InboundRule", "MailRule"):
        assert pattern(rule)["source"] == [{"prefix": "troupe."}]


def test_the_publisher_s_filters_are_the_keys_of_the_kernel():
    keys = importlib.import_module("troupe.store.keys")
    root = of_type(resources(ROOT / "template.yaml"), "AWS::Serverless::Function")
    filters = root["Publisher"]["Events"]["Stream"]["Properties"]["FilterCriteria"]["Filters"]
    patterns = [json.loads(each["Pattern"]) for each in filters]
    assert [each["eventName"] for each in patterns] == [["INSERT"], ["INSERT"]]
    wanted = [each["dynamodb"]["Keys"]["SK"]["S"] for each in patterns]
    assert wanted == [[{"prefix": keys.EVENT}], [keys.inbox("stripe", "evt_1").sk]]
