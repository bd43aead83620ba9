"""The table's client: as the function's own role, or confined to one tenant (row-level security).

A request's function may touch nothing by itself. It assumes `RequestRole` with the session tag `tenant`, and
IAM then confines every key to that tenant, even where the code is wrong. One client serves all tenants: its
credentials are looked up at each call, by the tenant that the request was confined to. None of them is never
a wider role.
"""

import os
from collections import OrderedDict
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, override

from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import BotoCoreError, ClientError

from troupe.aws import sdk
from troupe.observability import outcome
from troupe.store import keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sts import STSClient

REQUEST = "REQUEST_ROLE_ARN"  # reads and writes one tenant
ENTRY = "ENTRY_ROLE_ARN"  # reads the guards of e-mail addresses and slugs, by which a stranger finds a tenant
CACHED = 4096  # tenants, of about a kilobyte each
RENEW_BEFORE = timedelta(minutes=5)


class Unavailable(Exception):  # noqa: N818 -- an answer: 503, try again
    """What the request needs is not to be had just now; nothing is said of what was done."""

    retry_after = 1  # seconds


class _Scope(NamedTuple):
    role: str
    tenant_id: str


_scope: ContextVar[_Scope | None] = ContextVar("scope", default=None)
_sessions: OrderedDict[_Scope, tuple[ReadOnlyCredentials, datetime]] = OrderedDict()


@contextmanager
def confined(tenant_id: str, role: str = REQUEST) -> Generator[None]:
    """Confine what happens inside to one tenant; `role` is the variable that names the role to assume."""
    token = _scope.set(_Scope(role, keys.tenant(tenant_id)))
    try:
        yield
    finally:
        _scope.reset(token)


class _Confined(Credentials):
    """Credentials that are looked up at each call, so that one client can serve every tenant."""

    def __init__(self) -> None:
        super().__init__(access_key="", secret_key="")

    @override
    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        scope = _scope.get()
        if scope is None:
            raise Unavailable("no tenant was named")
        held = _sessions.get(scope)
        if held is None or held[1] - RENEW_BEFORE <= datetime.now(UTC):
            held = _sessions[scope] = _assume(scope)
            _sessions.move_to_end(scope)
            while len(_sessions) > CACHED:
                _sessions.popitem(last=False)  # the one that is the longest since it was renewed
        return held[0]


@cache
def _sts() -> "STSClient":
    made: STSClient = sdk.client("sts")
    return made


def _assume(scope: _Scope) -> tuple[ReadOnlyCredentials, datetime]:
    try:
        given = _sts().assume_role(
            RoleArn=os.environ[scope.role],
            RoleSessionName=f"tenant-{scope.tenant_id.replace('@', 'none')}",
            Tags=[{"Key": "tenant", "Value": scope.tenant_id}],
        )["Credentials"]
    except (BotoCoreError, ClientError) as failed:
        outcome("no_credentials", tenant_id=scope.tenant_id, error=type(failed).__name__)
        raise Unavailable("no credentials for the tenant") from failed
    held = ReadOnlyCredentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    return held, given["Expiration"]


@cache
def client() -> "DynamoDBClient":
    """The client of this function: confined where the stack says so, else with the function's own role."""
    credentials = _Confined() if os.environ.get(REQUEST) else None
    made: DynamoDBClient = sdk.client("dynamodb", credentials=credentials)
    return made


def name() -> str:
    return os.environ["TABLE_NAME"]


def forget() -> None:
    """Drop clients and credentials; for tests, which change the environment under them."""
    client.cache_clear()
    _sts.cache_clear()
    _sessions.clear()


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # at init there is a whole CPU, at 512 MB a third of one later
    client()
    if os.environ.get(REQUEST):
        _sts()
