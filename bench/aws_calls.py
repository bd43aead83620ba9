"""How many calls to AWS a command causes: its own, the authorizer's, the publisher's and the projections'."""

import gzip
import json
import os
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from unittest import mock

import boto3
import yaml
from botocore.client import BaseClient
from moto import mock_aws

from bench import scenario
from bench.artefacts import Loader
from bench.costs import clock, quiet
from bench.report import Section
from bench.steps import STEPS, Step, himself, step
from local.places import REPOSITORY
from local.stack.stack import Stack

MEASURED = (
    "assign_role",
    "create_user",
    "follow_user",
    "log_in",
    "promote_to_leader",
    "refresh_token",
    "register_user",
    "suspend_user",
    "update_organization",
    "update_profile",
)
BUDGET = {"update_profile": 8}
TOGETHER = 10  # as many as a queue and a delivery of the access log bring at once under load
ONE_PLACE = "_make_api_call"  # of botocore; its events are of one client each
CONTEXTS = ("commerce", "community", "identity", "recovery")
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_REGION": "eu-west-1",
    "TABLE_NAME": "t",
    "EVENT_BUS_NAME": "troupe",
    "POWERTOOLS_METRICS_NAMESPACE": "troupe",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "REQUEST_ROLE_ARN": "",
    "ENTRY_ROLE_ARN": "",
    "BCRYPT_COST": "4",
    "MAIL_FROM": "troupe@example.com",
    "PUBLIC_URL": "https://troupe.example",
}

type Item = dict[str, Any]


@dataclass(slots=True)
class Calls:
    """The calls of this process to AWS, by whom they were made for."""

    made: dict[str, int] = field(default_factory=dict[str, int])
    part: str = ""

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count in the one place of the SDK that every call goes through."""
        real = getattr(BaseClient, ONE_PLACE)

        def call(client: Any, operation: str, given: Any) -> Any:
            if self.part:
                self.made[self.part] = self.made.get(self.part, 0) + 1
            return real(client, operation, given)

        with mock.patch.object(BaseClient, ONE_PLACE, call):
            yield

    def of(self, part: str, handler: Any, event: Any) -> Any:
        self.part = part
        try:
            return handler(event, scenario.CONTEXT)
        finally:
            self.part = ""


class Deployment:
    """All functions that a command of identity reaches, called in this process as the services would."""

    def __init__(self) -> None:
        self.world = scenario.World(slug="calls")
        self.calls = Calls()
        self.patterns = {context: _patterns(context) for context in CONTEXTS}
        self._published: set[tuple[str, str]] = set()

    def command(self, wanted: Step) -> None:
        event = wanted.event(self.world)
        if passed := event.get("requestContext", {}).get("authorizer", {}).get("lambda"):
            authorizer, authorized = import_module("root.authorizer").handler, _authorized(passed)
            self.calls.of("authorizer", authorizer, authorized)
        with clock(wanted.later):
            answer = self.calls.of("command", scenario.handler(wanted.command), event)
        body = json.loads(answer["body"]) if "statusCode" in answer else answer
        if answer.get("statusCode", 200) >= 400:  # noqa: PLR2004 -- HTTP's own line
            raise RuntimeError(f"{wanted.command}: {body}")
        for name, kept in wanted.keep:
            self.world.known[name] = body[kept]
        self.world.tenant_id = self.world.known.get("tenant", "")

    def deliver(self) -> None:
        """What is new in the table to the publisher, and what it publishes to the contexts' queues."""
        items = [item for item in _events() if (item["PK"]["S"], item["SK"]["S"]) not in self._published]
        if not items:
            return
        self._published |= {(item["PK"]["S"], item["SK"]["S"]) for item in items}
        records = [_record(item, number) for number, item in enumerate(items)]
        self.calls.of("publisher", import_module("root.publisher").handler, {"Records": records})
        envelopes = [import_module("troupe.store.envelope").Envelope.of_item(item) for item in items]
        for context, patterns in self.patterns.items():
            if taken := [each for each in envelopes if _takes(patterns, each.type)]:
                handler = import_module(f"{context}.inbound").handler
                for start in range(0, len(taken), TOGETHER):
                    self.calls.of("projections", handler, _queued(taken[start : start + TOGETHER]))

    def count(self, lines: int) -> None:
        message = json.dumps({"tenant_id": self.world.tenant_id})
        now = time.time_ns()
        logged = [{"id": f"{now}.{n}", "timestamp": now // 10**6, "message": message} for n in range(lines)]
        batch = json.dumps({"messageType": "DATA_MESSAGE", "logEvents": logged}).encode()
        event = {"awslogs": {"data": b64encode(gzip.compress(batch)).decode()}}
        self.calls.of("counters", import_module("root.access_log").handler, event)


def _patterns(context: str) -> Sequence[Any]:
    """The types of events that the rule of the context's queue passes on."""
    template = REPOSITORY / "functions" / context / "template.yaml"
    resources = yaml.load(template.read_text(encoding="utf-8"), Loader)["Resources"].values()
    rules = [each["Properties"] for each in resources if each["Type"] == "AWS::Events::Rule"]
    inbound = [each for each in rules if "InboundQueue" in json.dumps(each["Targets"])]
    return [kind for each in inbound for kind in each["EventPattern"]["detail-type"]]


def _takes(patterns: Sequence[Any], kind: str) -> bool:
    return any(
        kind.startswith(each["prefix"]) if isinstance(each, Mapping) else kind == each for each in patterns
    )


def _authorized(passed: Mapping[str, Any]) -> dict[str, Any]:
    tokens, secrets, store, accounts, now = (
        import_module(name)
        for name in (
            "troupe.security.tokens",
            "troupe.security.secrets",
            "troupe.store.transact",
            "identity.sign_in.accounts",
            "troupe.clock",
        )
    )
    who = store.load(passed["tenant_id"], accounts.CREDENTIAL, passed["principal_id"]).state
    access = tokens.Access(
        principal_id=passed["principal_id"],
        tenant_id=passed["tenant_id"],
        kind=getattr(
            who, "kind", "operator"
        ),  # the scenario's operator is one in name: refused after the read
        epoch=getattr(who, "epoch", 0),
    )
    token = tokens.issue_access(access, secrets.signing_keys(), now.now())
    return {"headers": {"authorization": f"Bearer {token}"}}


def _events() -> list[Item]:
    pages: Any = boto3.client("dynamodb").get_paginator("scan").paginate(TableName="t")
    found = [item for page in pages for item in page["Items"] if item["SK"]["S"].startswith("EVENT#")]
    return sorted(found, key=lambda item: item["id"]["S"])


def _record(item: Item, number: int) -> Item:
    keys = {"PK": item["PK"], "SK": item["SK"]}
    stored = {"Keys": keys, "SequenceNumber": str(number), "NewImage": item}
    return {"eventID": str(number), "eventName": "INSERT", "dynamodb": stored}


def _queued(envelopes: Sequence[Any]) -> Item:
    bodies = ({"detail-type": each.type, "detail": each.detail()} for each in envelopes)
    return {
        "Records": [{"messageId": str(n), "body": json.dumps(body)} for n, body in enumerate(bodies)],
    }


def _prepare() -> None:
    os.environ |= ENVIRONMENT
    document = yaml.load((REPOSITORY / "template.yaml").read_text(encoding="utf-8"), Loader)
    table = document["Resources"]["Table"]["Properties"]
    given = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    boto3.client("dynamodb").create_table(TableName="t", **{name: table[name] for name in given})
    boto3.client("events").create_event_bus(Name="troupe")
    signing = json.dumps({"current": "k1", "keys": {"k1": "0123456789abcdef" * 2}})
    secret = boto3.client("secretsmanager").create_secret(Name="signing", SecretString=signing)
    os.environ["SIGNING_SECRET_ARN"] = secret["ARN"]
    import_module("troupe.security.secrets").signing_keys()  # once in five minutes: none of a command's calls


def counted() -> dict[str, dict[str, float]]:
    """By command, who makes how many calls; the last row is many of one command, delivered together."""
    found: dict[str, dict[str, float]] = {}
    with mock_aws(), quiet():
        _prepare()
        deployment = Deployment()
        with deployment.calls.counted():
            for each in STEPS:
                deployment.calls.made = {}
                deployment.command(each)
                deployment.deliver()
                if each.command in MEASURED and each.command not in found:
                    found[each.command] = {**deployment.calls.made, **_share(deployment)}
                if each.command == "update_profile":
                    found[f"update_profile, {TOGETHER} at once"] = _together(deployment)
    return found


def _share(deployment: Deployment) -> dict[str, float]:
    """What a command has of a delivery of access logs."""
    deployment.calls.made = {}
    deployment.count(TOGETHER)
    return {"counters": deployment.calls.made["counters"] / TOGETHER}


def _together(deployment: Deployment) -> dict[str, float]:
    deployment.calls.made = {}
    for number in range(TOGETHER):
        deployment.command(step("update_profile", himself("ann", {"display_name": f"Ann {number}"})))
    deployment.deliver()
    made = {part: calls / TOGETHER for part, calls in deployment.calls.made.items()}
    return made | _share(deployment)


def measured(_: Stack | None) -> Section:
    found = counted()
    parts = ("authorizer", "command", "publisher", "projections", "counters")
    rows = [
        (name, *(made.get(part, 0) for part in parts), sum(made.values()), BUDGET.get(name, ""))
        for name, made in sorted(found.items())
    ]
    said = (
        "Every call to AWS that a command causes, counted in the SDK while the handlers run in one process "
        "over moto: the authorizer, the command, the publisher behind the stream, every context's queue that "
        f"takes its events, and its share of a delivery of {TOGETHER} access log lines."
    )
    columns = ("command", *parts, "all", "budget")
    return Section(title="AWS calls of a command", said=said, columns=columns, rows=rows)
