"""The rules of recovery's queues take exactly the event types that the code behind them reads."""

import json

from recovery.attempt.events import REPLANS
from recovery.inbound import REACTIONS
from recovery.metric.projection import RECOVERY_CASES
from recovery.webhook.stripe import SOURCE
from support.templates import ROOT, of_type, resources

RECOVERY = resources(ROOT / "functions/recovery/template.yaml")
EVENTS = {
    path.name.rsplit(".", 2)[0]: json.loads(path.read_text())
    for path in (ROOT / "docs/schemas").glob("*.json")
}


def types(rule):
    pattern = of_type(RECOVERY, "AWS::Events::Rule")[rule]["EventPattern"]
    assert pattern["source"] == [{"prefix": "troupe."}]
    return pattern["detail-type"]


def test_the_context_s_queue_takes_what_rows_are_kept_of_or_what_is_reacted_to():
    kinds = {source.kind for source in RECOVERY_CASES.sources}
    streams = {name for name, schema in EVENTS.items() if schema["properties"]["aggregate"]["const"] in kinds}
    assert {"recovery_attempt.started", *REPLANS} <= streams
    taken = types("InboundRule")
    prefixes = {each["prefix"] for each in taken if isinstance(each, dict)}
    named = {each for each in taken if isinstance(each, str)}
    assert {name for name in streams if not name.startswith(tuple(prefixes))} == set()
    assert prefixes == {f"{kind}." for kind in kinds}
    assert named == {each for each in REACTIONS if not each.startswith(tuple(prefixes))}


def test_the_flow_queue_takes_what_changes_the_plan():
    assert set(types("FlowRule")) == REPLANS


def test_the_publisher_finds_the_queue_of_the_webhook_s_source():
    queue = RECOVERY["InboxQueue"]["Properties"]
    assert queue["QueueName"] == {"Fn::Sub": f"${{Stack}}-inbox-{SOURCE}.fifo"}
    root = of_type(resources(ROOT / "template.yaml"), "AWS::Serverless::Function")
    for function in ("Publisher", "SweepInbox", "Replay"):
        queues = root[function]["Environment"]["Variables"]["INBOX_QUEUES"]
        assert queues["Fn::Sub"].endswith("/${AWS::StackName}-inbox-")


def test_what_is_processed_one_after_the_other_is_so_within_its_group_alone():
    queue = RECOVERY["InboxQueue"]["Properties"]
    assert (queue["DeduplicationScope"], queue["FifoThroughputLimit"]) == (
        "messageGroup",
        "perMessageGroupId",
    )


def test_a_queue_hides_a_message_for_six_times_as_long_as_its_function_may_take():
    functions = of_type(RECOVERY, "AWS::Serverless::Function").values()
    queues = of_type(RECOVERY, "AWS::SQS::Queue")
    consumers = [each for each in functions if "Messages" in each.get("Events", {})]
    assert len(consumers) == 3
    for function in consumers:
        queue = function["Events"]["Messages"]["Properties"]["Queue"]["Fn::GetAtt"][0]
        assert queues[queue]["VisibilityTimeout"] >= 6 * function["Timeout"]
