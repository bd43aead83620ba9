"""The routes of commerce's queries function, which the modules that ask add to, and how they answer."""

from typing import Literal

from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Queries
from troupe.edge.request import Request
from troupe.projection import generations
from troupe.projection.view import View

ROUTES = Queries("commerce")


def rows_of(request: Request[NoBody], view: View, name: str, index: Literal["GSI1", "GSI2"] = "GSI1") -> List:
    """A list that a read model keeps, the newest first."""
    pk = generations.partition(request.tenant_id, view.name, *name.split("#"))
    return List(tenant_id=request.tenant_id, pk=pk, index=index)
