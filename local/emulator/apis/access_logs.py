"""HTTP API access logs, written to the log group of the stage in the stage's format.

MiniStack stores the setting and writes nothing. Each $context variable that is known here gets its value, any
other "-", as on AWS; the authorizer, the function and the log see one request id. Subscribers get the lines
of a while together, as on AWS: a function call for every line costs more than the request it tells of.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
"""

import asyncio
import json
import re
import time
import uuid
from contextvars import ContextVar
from typing import Any

from ministack.services import apigateway as apis
from ministack.services import cloudwatch_logs as logs

from local.emulator.settings import ACCESS_LOG_SECONDS

VARIABLE = re.compile(r"\$context\.([\w.]+)")
STREAM = "access"

execute, authorize, invoke, new_uuid = (
    apis._handle_execute_in_scope,
    apis._authorize_request_v2,
    apis._invoke_lambda_proxy,
    apis.new_uuid,
)

seen: ContextVar[dict[str, Any] | None] = ContextVar("seen", default=None)
"""What is known of the request under way."""

waiting: dict[tuple[str, str], list[dict[str, Any]]] = {}
"""Lines that the subscribers have not got yet, by account and log group."""


def request_id() -> str:
    request = seen.get()
    return request["requestId"] if request else new_uuid()


def note(**found: Any) -> None:
    request = seen.get()
    if request is not None:
        request.update(found)


async def authorize_noting(*args: Any, **options: Any) -> Any:
    refusal, context = await authorize(*args, **options)
    note(**{f"authorizer.{name}": value for name, value in (context or {}).items()})
    return refusal, context


async def invoke_noting(*args: Any, **options: Any) -> Any:
    began = time.monotonic()
    answer = await invoke(*args, **options)
    note(integrationLatency=int((time.monotonic() - began) * 1000), integrationStatus=answer[0])
    return answer


def text_of(value: Any) -> str:
    """A value as it stands inside the format's JSON string."""
    if value is None:
        return "-"
    text = value if isinstance(value, str) else json.dumps(value)
    return json.dumps(text)[1:-1]


def access_line(line_format: str, request: dict[str, Any]) -> str:
    return VARIABLE.sub(lambda match: text_of(request.get(match[1])), line_format)


def group_named(arn: str) -> tuple[str, dict[str, Any] | None]:
    name = arn.rsplit(":log-group:", maxsplit=1)[-1].removesuffix(":*")
    return name, logs._log_groups.get(name)


def stream_of(group: dict[str, Any], now: int) -> dict[str, Any]:
    unused = {"firstEventTimestamp": None, "lastEventTimestamp": None, "lastIngestionTime": None}
    return group["streams"].setdefault(
        STREAM, {"events": [], "uploadSequenceToken": "1", "creationTime": now, **unused}
    )


def write(arn: str, line: str) -> None:
    now = int(time.time() * 1000)
    name, group = group_named(arn)
    if group is None:
        logs.logger.warning("access log group %s does not exist", name)
        return
    event = {"timestamp": now, "message": line, "ingestionTime": now}
    logs._append_log_events(stream_of(group, now), [event])
    deliver_soon(name, event)


def deliver_soon(name: str, event: dict[str, Any]) -> None:
    """The first line of a batch sets its time; the delivery runs in its context, hence in its account."""
    key = (logs.get_account_id(), name)
    if key not in waiting:
        waiting[key] = []
        asyncio.get_running_loop().call_later(ACCESS_LOG_SECONDS, deliver, key)
    waiting[key].append(event)


def deliver(key: tuple[str, str]) -> None:
    logs._fanout_to_subscription_filters(key[1], STREAM, waiting.pop(key))


def known_before(api_id: str, stage: str, path: str, method: str, headers: dict[str, str]) -> dict[str, Any]:
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    matched = apis._match_route(api_id, method, "/" + path.lstrip("/"))
    now = time.time()
    return {
        "accountId": apis.get_account_id(),
        "apiId": api_id,
        "domainName": lower.get("host"),
        "extendedRequestId": uuid.uuid4().hex,
        "httpMethod": method,
        "identity.sourceIp": "127.0.0.1",
        "identity.userAgent": lower.get("user-agent"),
        "path": path,
        "protocol": "HTTP/1.1",
        "requestId": new_uuid(),
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "requestTimeEpoch": str(int(now)),
        "routeKey": matched["routeKey"] if matched else None,
        "stage": stage,
    }


async def execute_logging(
    api_id: str, stage: str, path: str, method: str, headers: dict[str, str], *rest: Any
) -> Any:
    setting = (apis._stages.get(api_id, {}).get(stage) or {}).get("accessLogSettings") or {}
    request, began = known_before(api_id, stage, path, method, headers), time.monotonic()
    token = seen.set(request)
    try:
        status, response_headers, body = await execute(api_id, stage, path, method, headers, *rest)
    finally:
        seen.reset(token)
    if setting.get("destinationArn"):
        latency = int((time.monotonic() - began) * 1000)
        request.update(status=status, responseLength=len(body or b""), responseLatency=latency)
        write(setting["destinationArn"], access_line(setting.get("format", ""), request))
    return status, response_headers, body


apis.new_uuid = request_id
apis._authorize_request_v2, apis._invoke_lambda_proxy = authorize_noting, invoke_noting
apis._handle_execute_in_scope = execute_logging
