"""Calls of DynamoDB that moto answers before they are signed, sent and parsed; a failing call takes that way too.

What a request is, botocore has made and checked by then; what it does to the table, moto decides in either case.
"""

import json
import os
from functools import cache
from types import SimpleNamespace
from typing import Any

from botocore import handlers
from botocore.model import OperationModel
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.models import botocore_stubber
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.responses import DynamoHandler

from support.fast_moto.tables import ONE_AT_A_TIME

type Answer = tuple[SimpleNamespace, dict[str, Any]]

_method_of = cache(camelcase_to_underscores)


def _answer(
    model: OperationModel, params: dict[str, Any], context: dict[str, Any], **_: Any
) -> Answer | None:
    """None where it is to be sent: to another endpoint, with credentials that matter, with bytes, or refused."""
    body = params["body"]
    if not botocore_stubber.enabled or os.environ.get("REQUEST_ROLE_ARN") or b'"B"' in body:
        return None
    if not params["url"].endswith(".amazonaws.com/"):
        return None
    handler = DynamoHandler()
    handler.region, handler.current_account = context["client_region"], DEFAULT_ACCOUNT_ID
    handler.body = handler.params = json.loads(body)
    try:
        with ONE_AT_A_TIME:
            found = getattr(handler, _method_of(model.name))()
    except Exception:  # which answer that is, is said on the long way, and nothing was changed
        return None
    assert isinstance(found, ActionResult)
    assert model.output_shape is not None
    known = model.output_shape.members
    given = {name: value for name, value in (found.result or {}).items() if name in known}
    return SimpleNamespace(status_code=200), {**given, "ResponseMetadata": _METADATA.copy()}


_METADATA = {"HTTPStatusCode": 200, "RequestId": "unsent", "HTTPHeaders": {}, "RetryAttempts": 0}


def install() -> None:
    """For each client that is made from now on."""
    entry = ("before-call.dynamodb", _answer, handlers.REGISTER_LAST)
    if entry not in handlers.BUILTIN_HANDLERS:
        handlers.BUILTIN_HANDLERS.append(entry)
