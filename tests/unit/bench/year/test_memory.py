"""The table in memory answers as DynamoDB does, by the same calls put to moto."""

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.year import expressions
from bench.year.memory import Memory

TABLE = "t"


def key(pk, sk):
    return {"PK": {"S": pk}, "SK": {"S": sk}}


def values(**given):
    return {f":{name}": value for name, value in given.items()}


def number(value):
    return {"N": str(value)}


def put(pk, sk, condition=None, **attributes):
    guarded = {"ConditionExpression": condition} if condition else {}
    return {"Put": {"TableName": TABLE, "Item": key(pk, sk) | attributes, **guarded}}


places = st.tuples(st.sampled_from(["A", "B"]), st.sampled_from(["1", "2", "3"]))
conditions = st.sampled_from(
    [
        None, "attribute_not_exists(PK)", "attribute_exists(PK)", "version = :v", "version < :v OR attribute_not_exists(#n)",
        "attribute_exists(PK) AND (version <= :v OR NOT version > :w)", "#n <> :v", "version IN (:v, :w)", "version BETWEEN :w AND :v",
    ]
)  # fmt: skip
updates = st.sampled_from(
    [
        "SET version = :v", "ADD version :w", "SET extra = :v REMOVE version", "SET version = :v ADD used :w",
        "SET version = if_not_exists(version, :v) + :w", "REMOVE extra, #n",
    ]
)  # fmt: skip


@st.composite
def actions(draw):
    (pk, sk), kind = draw(places), draw(st.sampled_from(["Put", "Update", "Delete", "ConditionCheck"]))
    condition = draw(conditions if kind != "ConditionCheck" else conditions.filter(bool))
    text = draw(updates) if kind == "Update" else ""
    used = f"{condition or ''} {text}"
    given = {":v": number(draw(st.integers(0, 3))), ":w": number(draw(st.integers(0, 3)))}
    given = {name: value for name, value in given.items() if name in used}
    asked = {"TableName": TABLE, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    asked |= (
        {"Item": key(pk, sk) | {"version": number(draw(st.integers(0, 3)))}}
        if kind == "Put"
        else {"Key": key(pk, sk)}
    )
    asked |= {"ConditionExpression": condition} if condition else {}
    asked |= {"UpdateExpression": text} if text else {}
    asked |= {"ExpressionAttributeValues": given} if given else {}
    asked |= {"ExpressionAttributeNames": {"#n": "version"}} if "#n" in used else {}
    return {kind: asked}


def place_of(action):
    ((_, asked),) = action.items()
    found = asked.get("Key") or asked["Item"]
    return found["PK"]["S"], found["SK"]["S"]


transactions = st.lists(
    st.lists(actions(), min_size=1, max_size=3, unique_by=place_of), min_size=1, max_size=8
)


def outcome(client, transaction):
    try:
        client.transact_write_items(TransactItems=transaction)
    except ClientError as refused:
        return [(each["Code"], each.get("Item")) for each in refused.response["CancellationReasons"]]
    return None


def held(client):
    found = [client.query(TableName=TABLE, KeyConditionExpression="PK = :p", ExpressionAttributeValues=values(p={"S": pk}))
             for pk in ("A", "B")]  # fmt: skip
    return [item for page in found for item in page["Items"]]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(transactions=transactions)
def test_transactions_come_to_the_same(table, transactions):
    emulated = boto3.client("dynamodb")
    for item in held(emulated):
        emulated.delete_item(TableName=TABLE, Key=key(item["PK"]["S"], item["SK"]["S"]))
    ours = Memory()
    for transaction in transactions:
        assert outcome(ours, transaction) == outcome(emulated, transaction)
        assert held(ours) == held(emulated)


def test_a_refused_transaction_writes_nothing():
    memory = Memory()
    with pytest.raises(ClientError) as refused:
        memory.transact_write_items(TransactItems=[put("A", "1"), put("A", "2", "attribute_exists(PK)")])
    assert refused.value.response["Error"]["Code"] == "TransactionCanceledException"
    assert len(memory) == 0


def test_single_writes_and_their_conditions():
    memory = Memory()
    absent = {"ConditionExpression": "attribute_not_exists(PK)"}
    memory.put_item(TableName=TABLE, Item=key("A", "1"), **absent)
    with pytest.raises(ClientError) as refused:
        memory.put_item(TableName=TABLE, Item=key("A", "1"), **absent)
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    asked = {"UpdateExpression": "ADD used :n", "ExpressionAttributeValues": values(n=number(2))}
    for total in (2, 4):
        answer = memory.update_item(TableName=TABLE, Key=key("A", "1"), ReturnValues="ALL_NEW", **asked)
        assert answer["Attributes"]["used"] == number(total)
    memory.delete_item(TableName=TABLE, Key=key("A", "1"))
    assert memory.get_item(TableName=TABLE, Key=key("A", "1")) == {}


def test_queries_by_the_table_and_by_its_indexes():
    memory = Memory()
    for number_ in range(5):
        listed = {"GSI1PK": {"S": "ALL"}, "GSI1SK": {"S": f"{9 - number_}"}}
        memory.put_item(TableName=TABLE, Item=key("A", f"E#{number_}") | listed)
    among = {
        "KeyConditionExpression": "PK = :p AND begins_with(SK, :s)",
        "ExpressionAttributeValues": values(p={"S": "A"}, s={"S": "E#"}),
    }
    first = memory.query(TableName=TABLE, Limit=2, **among)
    assert [item["SK"]["S"] for item in first["Items"]] == ["E#0", "E#1"]
    rest = memory.query(TableName=TABLE, ExclusiveStartKey=first["LastEvaluatedKey"], **among)
    assert [item["SK"]["S"] for item in rest["Items"]] == ["E#2", "E#3", "E#4"]
    assert "LastEvaluatedKey" not in rest
    by_index = {
        "IndexName": "GSI1", "KeyConditionExpression": "#p = :p AND #s BETWEEN :a AND :b", "ScanIndexForward": False,
        "ExpressionAttributeNames": {"#p": "GSI1PK", "#s": "GSI1SK"},
        "ExpressionAttributeValues": values(p={"S": "ALL"}, a={"S": "6"}, b={"S": "8"}),
    }  # fmt: skip
    (page,) = memory.get_paginator("query").paginate(TableName=TABLE, **by_index)
    assert [item["SK"]["S"] for item in page["Items"]] == ["E#1", "E#2", "E#3"]
    gone = {"UpdateExpression": "REMOVE GSI1PK, GSI1SK"}
    memory.update_item(TableName=TABLE, Key=key("A", "E#2"), **gone)
    assert memory.query(TableName=TABLE, **by_index)["Count"] == 2


def test_what_is_written_is_told():
    memory, told = Memory(), []
    memory.listeners.append(told.append)
    memory.transact_write_items(TransactItems=[put("A", "1"), put("A", "2")])
    assert [item["SK"]["S"] for item in told] == ["1", "2"]


def test_a_batch_leaves_out_what_is_not_there():
    memory = Memory()
    memory.put_item(TableName=TABLE, Item=key("A", "1"))
    answer = memory.batch_get_item(RequestItems={TABLE: {"Keys": [key("A", "1"), key("A", "2")]}})
    assert answer == {"Responses": {TABLE: [key("A", "1")]}, "UnprocessedKeys": {}}


@pytest.mark.parametrize("text", ["a IN :b", "a = :b trailing", "size(a) > :b", "a ~ :b", "(a = :b", "AND"])
def test_an_unknown_expression_is_refused(text):
    with pytest.raises(SyntaxError):
        expressions.condition(text)


@pytest.mark.parametrize("text", ["DELETE a :b", "SET a", "SET a = list_append(a, :b)"])
def test_an_unknown_update_is_refused(text):
    with pytest.raises(SyntaxError):
        expressions.update(text)


def test_nothing_is_set_to_nothing():
    with pytest.raises(SyntaxError):
        expressions.update("SET a = b")({}, {"names": {}, "values": {}})


def test_only_queries_have_pages():
    with pytest.raises(ValueError, match="scan"):
        Memory().get_paginator("scan")
