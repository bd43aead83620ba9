"""The routes of commerce's queries function, which the modules that ask add to, and how they answer."""

from typing import Literal

from troupe import generations
from troupe.http import NoBody
from troupe.pages import List
from troupe.queries import Queries
from troupe.request import Request
from troupe.views import View

ROUTES = Queries()


def rows_of(request: Request[NoBody], view: View, name: str, index: Literal["GSI1", "GSI2"] = "GSI1") -> List:
    """A list that a read model keeps, the newest first."""
    pk = generations.partition(request.tenant_id, view.name, *name.split("#"))
    return List(tenant_id=request.tenant_id, pk=pk, index=index)
