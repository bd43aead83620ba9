"""The routes of recovery's queries function, which the modules that ask add to, and how they answer."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from recovery.workspace import WORKSPACE
from troupe import keys, reads
from troupe.aggregates import Ref, Stored
from troupe.http import NoBody
from troupe.pages import List
from troupe.queries import Queries, listed
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Snapshot

ROUTES = Queries()


def one(request: Request[Any], ref: Ref[Any, Any, Any]) -> Stored[Any]:
    """The aggregate as it stands, or `Unknown`."""
    return Snapshot(scope=request.scope, items=reads.batch([ref.key(request.tenant_id)])).of(ref)


def listing(request: Request[NoBody], name: str, row: type[BaseModel]) -> Answer:
    """A collection, the newest first."""
    rows = List(tenant_id=request.tenant_id, pk=keys.listing(request.tenant_id, name), index="GSI1")

    def shown(item: Mapping[str, Any]) -> dict[str, Any]:
        return row.model_validate(item["summary"]).model_dump(mode="json")

    return listed(rows, request, shown)


def listing_of_workspace(request: Request[NoBody], name: str, row: type[BaseModel]) -> Answer:
    """A collection of the workspace in the path."""
    return of_workspace(request, listing(request, name, row))


def of_workspace(request: Request[NoBody], page: Answer) -> Answer:
    """The page; an empty one does not show that the workspace is there, so it is read, or `Unknown`."""
    if not page.body["items"]:
        one(request, Ref(decider=WORKSPACE, id=request.id("workspace_id")))
    return page
