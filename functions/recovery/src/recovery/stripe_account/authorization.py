"""The two ends of Stripe's OAuth: where a tenant is sent, and what the code that comes back is good for.

The `state` that travels with it is signed and says which workspace and which person asked, so that no person
can have another's account connected to their workspace, or their own to another's. A code is exchanged once:
by RFC 6749, 4.1.2 a second exchange revokes what the first one gave. So each code is claimed before it is
exchanged, and the claim remembers what came of it.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from recovery.workspace.decider import WORKSPACE
from troupe.domain.decider import Context, Invalid, Rejected
from troupe.security.secrets import secret
from troupe.security.signing import Unsigned, sign, unsign
from troupe.store import copies, keys, reads, writes
from troupe.store.aggregates import Stored
from troupe.store.attributes import unpack
from troupe.store.commit import Stale, commit
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import Unknown
from troupe.store.writes import Action

PURPOSE = "stripe_connect"
LASTS = timedelta(hours=1)
REMEMBERED = timedelta(days=2)  # longer than any code is good for
STRIPE = "https://connect.stripe.com"


def url(context: Context, workspace_id: str) -> str:
    """Where the owner of a Stripe account agrees (https://docs.stripe.com/connect/oauth-reference)."""
    expires_at = int((context.now + LASTS).timestamp())
    who = {"t": context.tenant_id, "w": workspace_id, "p": context.actor, "e": expires_at}
    asked = {
        "response_type": "code",
        "client_id": secret(os.environ["STRIPE_SECRET_ARN"])["client_id"],
        "scope": "read_write",
        "state": sign(who, purpose=PURPOSE),
    }
    return f"{os.environ.get('STRIPE_URL') or STRIPE}/oauth/authorize?{urlencode(asked)}"


def check(state: str, context: Context, workspace_id: str) -> None:
    """Refuse a state that is not of this workspace and person, or too old (`state_refused`)."""
    try:
        asked = unsign(state, purpose=PURPOSE)
    except Unsigned:
        asked = {"e": 0}
    who = context.tenant_id, workspace_id, context.actor
    if (asked.get("t"), asked.get("w"), asked.get("p")) == who and context.now.timestamp() < asked["e"]:
        return
    if reads.one(_workspace(context.tenant_id, workspace_id)) is None:
        raise Unknown(workspace_id)
    raise Invalid("state_refused", "Start again: the state is another's, or older than an hour.", "state")


def claim(context: Context, workspace_id: str, code: str) -> Mapping[str, Any] | None:
    """Take a code for one exchange, in an active workspace; the claim of before where it was taken.

    Refused where it is not active (`workspace_inactive`); that it is there, the state has shown.
    """
    active = copies.check(
        _workspace(context.tenant_id, workspace_id), "summary.is_active = :yes", {"yes": True}
    )
    until = int((context.now + REMEMBERED).timestamp())
    taken = {"workspace_id": workspace_id, "expires_at": until}
    try:
        commit([active, writes.put(_key(context.tenant_id, code), taken, absent=True)])
    except Stale as stale:
        if 0 in stale.found:
            detail = "The workspace is inactive; reactivate it first."
            raise Rejected("workspace_inactive", detail) from stale
        return unpack(stale.found[1])
    return None


def answered(before: Mapping[str, Any], workspace_id: str) -> Answer:
    """What came of a code that was taken before; refused where that is not known (`authorization_used`)."""
    if before["workspace_id"] != workspace_id or "account_id" not in before:
        raise Rejected("authorization_used", "The code was used. Start again for another.")
    body = {"id": before["account_id"], "version": before["account_version"]}
    return Answer(status=200, body=body, headers={"etag": f'"{body["version"]}"'})


def used(tenant_id: str, code: str, account: Stored[Any]) -> Action:
    """Note on a claim what came of it."""
    values = {"id": account.id, "version": account.version}
    return writes.update(_key(tenant_id, code), "SET account_id = :id, account_version = :version", values)


def given_back(tenant_id: str, code: str) -> Action:
    """Drop the claim of a code that was not exchanged."""
    key = _key(tenant_id, code)
    return Action(kind="Delete", parameters={"Key": {"PK": {"S": key.pk}, "SK": {"S": key.sk}}})


def _workspace(tenant_id: str, workspace_id: str) -> Key:
    return keys.state(tenant_id, WORKSPACE.name, workspace_id)


def _key(tenant_id: str, code: str) -> Key:
    """By its hash: a code is a secret as long as it is good."""
    return keys.unique("stripe_code", sha256(code.encode()).hexdigest(), tenant_id)
