"""What may be asked about API keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from identity.api_key.decider import API_KEY
from identity.api_key.responses import ApiKeyView, Status
from identity.query_routes import ROUTES
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Paging, found, one, page_of
from troupe.edge.request import Request
from troupe.ids import is_uuid
from troupe.security import api_keys
from troupe.security.credential import CREDENTIAL
from troupe.store import keys, reads
from troupe.store.aggregates import Ref, stored
from troupe.store.scope import Answer


@ROUTES.get("/api-keys", permission="api_key:read", reply=page_of(ApiKeyView), parameters=Paging)
def keys_of_tenant(request: Request[NoBody]) -> Answer:
    """The newest first, revoked ones too: histories name them."""
    asked, pk = request.parameters, keys.listing(request.tenant_id, "API_KEYS")
    page = List(tenant_id=request.tenant_id, pk=pk, index="GSI1").page(asked.limit, asked.cursor)
    shown = _views(request, [item["summary"] for item in page.items])
    items = [view.model_dump(mode="json") for view in shown]
    return Answer(status=200, body={"items": items, "cursor": page.cursor})


@ROUTES.get("/api-keys/{api_key_id}", permission="api_key:read", reply=ApiKeyView)
def key(request: Request[NoBody]) -> Answer:
    ref = Ref(decider=API_KEY, id=request.id("api_key_id"))
    at = one(request, ref)
    (view,) = _views(request, [{"id": ref.id, **API_KEY.listed(at.state, ref.id).summary}])
    return found(view, at.version)


def _views(request: Request[Any], summaries: Sequence[Mapping[str, Any]]) -> list[ApiKeyView]:
    """Keys with the day of their last use, and whether those who made them still sign in."""
    tenant_id, now = request.tenant_id, request.now
    makers = {
        each["created_by"]: Ref(decider=CREDENTIAL, id=each["created_by"])
        for each in summaries
        if is_uuid(each["created_by"])
    }
    used = {each["id"]: api_keys.place(tenant_id, each["id"]) for each in summaries}
    items = reads.many([*used.values(), *(ref.key(tenant_id) for ref in makers.values())])
    credentials = {maker: stored(ref, items.get(ref.key(tenant_id))).state for maker, ref in makers.items()}
    there = {maker for maker, credential in credentials.items() if _signs_in(credential)}
    return [
        ApiKeyView(
            **each,
            prefix=api_keys.prefix(each["id"]),
            status=_status(each, now),
            orphaned=each["created_by"] not in there,
            last_used_on=items.get(used[each["id"]], {}).get(api_keys.DAY),
        )
        for each in summaries
    ]


def _signs_in(credential: Any) -> bool:
    return credential is not None and credential.status != "closed"


def _status(summary: Mapping[str, Any], now: datetime) -> Status:
    if summary["revoked_at"]:
        return "revoked"
    ends = summary["expires_at"]
    return "expired" if ends and datetime.fromisoformat(ends) <= now else "active"
