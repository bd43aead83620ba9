"""What every test may use: a table as the template defines it, in moto."""

import io
import json
from datetime import timedelta

import boto3
import pytest
from hypothesis import settings

from support.fast_moto.account import quick_moto
from support.shared_items import shared

pytest.register_assert_rewrite("support.spec")

# A busy machine is no failure: what must be quick is measured, not tested.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_REGION": "eu-west-1",
    "TABLE_NAME": "t",
    "EVENT_BUS_NAME": "troupe",
    "POWERTOOLS_METRICS_NAMESPACE": "test",
    "POWERTOOLS_SERVICE_NAME": "test",
    "REQUEST_ROLE_ARN": "",
    "ENTRY_ROLE_ARN": "",
    "BCRYPT_COST": "4",
    "MAIL_FROM": "troupe@example.com",
    "PUBLIC_URL": "https://troupe.example",
}
SIGNING = {"current": "k1", "keys": {"k1": "0123456789abcdef0123456789abcdef"}}
SOURCE_KEY = b"0123456789abcdef0123456789abcdef"
KEYS = ("PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK")


def forget() -> None:
    from troupe.aws import clients
    from troupe.projection import generations
    from troupe.security import secrets
    from troupe.store import table

    clients.forget()
    generations.forget()
    table.forget()
    secrets.forget()


@pytest.fixture
def aws(monkeypatch):
    """An empty account in moto, and an environment as the functions have it.

    No context's transaction may name an item that many principals share.
    """
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr("troupe.quota.source_limits._secret", lambda _: SOURCE_KEY)  # read once a day
    with quick_moto(monkeypatch) as transactions:
        forget()
        secret = boto3.client("secretsmanager").create_secret(
            Name="signing", SecretString=json.dumps(SIGNING)
        )
        monkeypatch.setenv("SIGNING_SECRET_ARN", secret["ARN"])
        yield
    forget()
    assert {key for each in transactions for key in shared(each)} == set()


@pytest.fixture
def log(monkeypatch):
    """What is logged from now on, as text; the logger holds the output that there was when it was made."""
    from troupe.observability import logger

    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


def _index(name: str) -> dict:
    return {
        "IndexName": name,
        "KeySchema": [
            {"AttributeName": f"{name}PK", "KeyType": "HASH"},
            {"AttributeName": f"{name}SK", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["summary"]},
    }


@pytest.fixture
def table(aws, monkeypatch):
    """The table, as template.yaml defines it, without its stream, of which moto keeps a record for each write.

    No sweep looks for what is older than the table.
    """
    monkeypatch.setattr("troupe.store.due.FIRST", timedelta(hours=2))
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="t",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in KEYS],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[_index("GSI1"), _index("GSI2")],
    )
    return client
