"""A setting in which every command is called once, in this process, against the table of the stack."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from local.stack.stack import Stack

PASSWORD, BETTER = "a long enough password", "a better password still"
BUDGETS = {  # round trips; a create has 1, all others 2 (docs/decisions/0014)
    "log_in": 4,
    "register_user": 2,
    **dict.fromkeys(("request_password_reset", "resend_verification", "change_password", "change_email"), 3),
}
CONTEXT = SimpleNamespace(
    function_name="bench", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="bench"
)


type Event = dict[str, Any]


@dataclass(slots=True)
class World:
    """What the steps so far brought about: a tenant, and ids by the names that the steps gave them."""

    slug: str
    tenant_id: str = ""
    known: dict[str, str] = field(default_factory=dict)

    def id(self, name: str) -> str:
        return self.known[name]

    def caller(self, person: str = "owner", **more: Any) -> dict[str, Any]:
        """A person as the authorizer passes one on, with every permission that a tenant's people can have."""
        permissions = import_module("troupe.security.roles")
        passed = {
            "principal_id": self.id(person),
            "kind": "user",
            "tenant_id": self.tenant_id,
            "permissions": sorted(permissions.NAMES - permissions.OPERATOR_ONLY),
            "standing": "active",
            "zone": "UTC",
        }
        return passed | more

    def operator(self) -> dict[str, Any]:
        permissions = import_module("troupe.security.roles")
        return self.caller(kind="operator", tenant_id="@", permissions=sorted(permissions.NAMES))

    def link(self, purpose: str, person: str) -> str:
        """The token that a mail would carry just now."""
        links = import_module("identity.verification.links")
        accounts = import_module("identity.sign_in.accounts")
        secrets = import_module("troupe.security.secrets")
        clock, transact = import_module("troupe.clock"), import_module("troupe.store.transact")
        credential, sign_in = accounts.credential_ref(self.id(person)), accounts.sign_in_of(self.id(person))
        who = transact.load(self.tenant_id, credential.decider, credential.id)
        signing_in = transact.load(self.tenant_id, sign_in.decider, sign_in.id).state
        asked = signing_in.email_change if purpose == "change_email" else None
        link = links.bound(purpose, self.tenant_id, who, clock.now(), asked)
        return links.issue_link_token(link, secrets.signing_keys())


def environment(stack: Stack, variables: Mapping[str, str]) -> None:
    """This process as a function of the stack, but as the emulator's root: without row-level security."""
    os.environ |= {name: str(value) for name, value in variables.items()}
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": stack.region,
        "AWS_DEFAULT_REGION": stack.region,
        "AWS_ENDPOINT_URL": stack.aws_endpoint_url,
        "REQUEST_ROLE_ARN": "",
        "ENTRY_ROLE_ARN": "",
        "BCRYPT_COST": "4",
    }


def variables_of(stack: Stack, context: str = "") -> dict[str, str]:
    """All that the deployed functions are given, of every function together, or of those of a context."""
    found: dict[str, str] = {}
    functions, wanted = stack.client("lambda"), f"{context.capitalize()}/" if context else ""
    for name in [each for known, each in stack.functions.items() if known.startswith(wanted)]:
        configured = functions.get_function_configuration(FunctionName=name)
        found |= configured.get("Environment", {}).get("Variables", {})
    return found


def handler(command: str, context: str = "identity") -> Any:
    return import_module("documents.commands").entry_point(context, command)


def commands() -> set[str]:
    return set(import_module("documents.commands").commands("identity"))


def http(
    body: object = None, path: Mapping[str, str] | None = None, caller: Mapping[str, Any] | None = None
) -> Event:
    """An HTTP API event as the gateway makes it."""
    return {
        "version": "2.0",
        "routeKey": "POST /bench",
        "headers": {},
        "pathParameters": dict(path or {}),
        "body": json.dumps({} if body is None else body),
        "isBase64Encoded": False,
        "requestContext": {
            "requestId": "bench",
            "http": {"sourceIp": "127.0.0.1"},
            "authorizer": {"lambda": dict(caller)} if caller else {},
        },
    }


def direct(tenant_id: str, body: object = None, path: Mapping[str, str] | None = None) -> Event:
    """A command that is invoked by a schedule or by hand."""
    return {"tenant_id": tenant_id, "path": dict(path or {}), "body": body or {}, "actor": "bench"}
