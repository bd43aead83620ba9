"""The routes of commerce's queries function, which the modules that ask add to, and how they answer."""

from typing import Any, Literal

from pydantic import BaseModel

from troupe import generations, keys, reads
from troupe.aggregates import Ref, Stored
from troupe.http import NoBody
from troupe.pages import List
from troupe.queries import Queries, listed
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Snapshot
from troupe.views import View

ROUTES = Queries()


def one(request: Request[Any], ref: Ref[Any, Any, Any]) -> Stored[Any]:
    """The aggregate as it stands, or `Unknown`."""
    return Snapshot(scope=request.scope, items=reads.batch([ref.key(request.tenant_id)])).of(ref)


def rows_of(request: Request[NoBody], view: View, name: str, index: Literal["GSI1", "GSI2"] = "GSI1") -> List:
    """A list that a read model keeps, the newest first."""
    pk = generations.partition(request.tenant_id, view.name, *name.split("#"))
    return List(tenant_id=request.tenant_id, pk=pk, index=index)


def kept(request: Request[NoBody], rows: List, row: type[BaseModel]) -> Answer:
    """A page of what an index shows."""
    return listed(rows, request, lambda item: row.model_validate(item["summary"]).model_dump(mode="json"))


def listing(request: Request[NoBody], name: str, row: type[BaseModel]) -> Answer:
    """A collection, the newest first."""
    pk = keys.listing(request.tenant_id, name)
    return kept(request, List(tenant_id=request.tenant_id, pk=pk, index="GSI1"), row)
