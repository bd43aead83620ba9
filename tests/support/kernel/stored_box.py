"""A box in the table, and what a test looks for there."""

from dataclasses import replace

from support.kernel.box import BOX, Command
from support.spec import NOON, TENANT
from troupe.ids import new_id
from troupe.store.aggregates import Ref, parse
from troupe.store.scope import Answer, Idempotency, Scope

BOX_ID = "0192f0c1-0000-7000-8000-00000000b0b0"
BACK = Command(verb="take_back")
NEW = Ref(decider=BOX, id=BOX_ID, creates=True)
THE_BOX = Ref(decider=BOX, id=BOX_ID)
SCOPE = Scope(context=replace(NOON, new_id=new_id), correlation_id="c")


def keyed(fingerprint="f", key="k", scope=SCOPE) -> Scope:
    def answer(decision):
        return Answer(status=200, body={"version": decision.first.version}, headers={"etag": "x"})

    guard = Idempotency(principal="ann", key=key, fingerprint=fingerprint, answer=answer)
    return replace(scope, idempotency=guard)


def events(client):
    found = client.query(
        TableName="t",
        KeyConditionExpression="PK = :pk AND begins_with(SK, :e)",
        ExpressionAttributeValues={":pk": {"S": f"{TENANT}#BOX#{BOX_ID}"}, ":e": {"S": "EVENT#"}},
    )["Items"]
    return [parse(BOX.events[item["type"]["S"]], item["data"]["S"]) for item in found]


def count(client):
    return client.scan(TableName="t", Select="COUNT")["Count"]
