"""The environments of samconfig.toml have a stack each, and production has what a deployment of people's money needs."""

import tomllib

from support.templates import ROOT, of_type, resources, written

CONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
TEMPLATE = ROOT / "template.yaml"


def test_what_is_deployed_without_a_word_is_not_production():
    names = {each: CONFIG[each]["global"]["parameters"]["stack_name"] for each in ("default", "prod")}
    assert names == {"default": "troupe-dev", "prod": "troupe-prod"}
    stages = {each: CONFIG[each]["deploy"]["parameters"]["parameter_overrides"] for each in names}
    assert "Stage=development" in stages["default"]
    assert "Stage=production" in stages["prod"]


def test_production_is_refused_without_its_names():
    template = written(TEMPLATE)
    rule = template["Rules"]["ProductionHasItsNames"]
    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "Stage"}, "production"]}
    refused = {}
    for each in rule["Assertions"]:
        (not_equal,) = each["Assert"]["Fn::Not"]
        named, value = not_equal["Fn::Equals"]
        refused[named["Ref"]] = value
        assert named["Ref"] in each["AssertDescription"]
    needed = ("DomainName", "CertificateArn", "MailFrom", "AlarmEmail")
    assert refused == {name: template["Parameters"][name]["Default"] for name in needed}


def test_a_replay_reaches_the_queues_of_this_stack_alone():
    """A stack named `troupe` has queues that begin like those of `troupe-dev`."""
    root = resources(TEMPLATE)
    replay = of_type(root, "AWS::Serverless::Function")["Replay"]
    begins = replay["Environment"]["Variables"]["QUEUES"]["Fn::Sub"].split()
    own = {name for name, queue in of_type(root, "AWS::SQS::Queue").items() if "RedrivePolicy" in queue}
    nested = {f"{name}-" for name, one in root.items() if one["Type"] == "AWS::Serverless::Application"}
    assert {each.removeprefix("${AWS::StackName}-") for each in begins} == {*own, *nested, "inbox-"}
    statements = root["ReplayRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    (queues,) = [each["Resource"] for each in statements if "sqs:ReceiveMessage" in each["Action"]]
    allowed = {each["Fn::Sub"].split("AccountId}:")[1].removesuffix("*") for each in queues}
    assert allowed == {*begins, "${AWS::StackName}-DeadJobs-"}
