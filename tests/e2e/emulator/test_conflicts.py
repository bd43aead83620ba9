"""Two transactions that name one item at the same moment: one is cancelled, as on AWS."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from e2e.emulator.cloud import stock_then_mended, unique

AT_ONCE, CODE = 8, "TransactionConflict"


@pytest.fixture
def table(cloud: Any) -> str:
    name = unique("held")
    cloud.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("PK", "SK")],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
    )
    return name


def add(table: str, item: str) -> dict[str, Any]:
    return {
        "TableName": table,
        "Key": {"PK": {"S": item}, "SK": {"S": "COUNT"}},
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }


def refused(act: Any) -> str:
    """Why; nothing where it was done."""
    try:
        act()
    except ClientError as failed:
        reasons: list[dict[str, str]] = failed.response.get("CancellationReasons", [])  # type: ignore[assignment]
        return " ".join(each["Code"] for each in reasons) or failed.response["Error"]["Code"]
    return ""


@stock_then_mended(set(), {CODE})
def test_of_transactions_that_overlap_all_but_one_are_cancelled(
    cloud: Any, table: str, expected: set[str]
) -> None:
    client = cloud.client("dynamodb")

    def act(_: int) -> str:
        return refused(lambda: client.transact_write_items(TransactItems=[{"Update": add(table, "one")}]))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(act, range(AT_ONCE * 4)))
    assert set(answers) - {""} == expected
    item = client.get_item(TableName=table, Key=add(table, "one")["Key"], ConsistentRead=True)["Item"]
    assert int(item["n"]["N"]) == answers.count("")


@stock_then_mended(set(), {f"{CODE}Exception"})
def test_a_single_write_to_what_a_transaction_holds_is_refused(
    cloud: Any, table: str, expected: set[str]
) -> None:
    client = cloud.client("dynamodb")

    def act(number: int) -> str:
        if number % 2:
            return refused(lambda: client.update_item(**add(table, "one")))
        refused(lambda: client.transact_write_items(TransactItems=[{"Update": add(table, "one")}]))
        return ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(act, range(AT_ONCE * 8)))
    assert set(answers) - {""} == expected


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_transactions_of_other_items_pass(cloud: Any, table: str) -> None:
    client = cloud.client("dynamodb")

    def act(number: int) -> str:
        update = {"Update": add(table, str(number))}
        return refused(lambda: client.transact_write_items(TransactItems=[update]))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert set(pool.map(act, range(AT_ONCE * 4))) == {""}
