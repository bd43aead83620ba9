"""The routes of recovery's queries function, which the modules that ask add to, and how they answer."""

from pydantic import BaseModel

from recovery.workspace.decider import WORKSPACE
from troupe.edge.endpoint import NoBody
from troupe.edge.queries import Queries, listing, one
from troupe.edge.request import Request
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer

ROUTES = Queries("recovery")


def listing_of_workspace(request: Request[NoBody], name: str, row: type[BaseModel]) -> Answer:
    """A collection of the workspace in the path."""
    return of_workspace(request, listing(request, name, row))


def of_workspace(request: Request[NoBody], page: Answer) -> Answer:
    """The page; an empty one does not show that the workspace is there, so it is read, or `Unknown`."""
    if not page.body["items"]:
        one(request, Ref(decider=WORKSPACE, id=request.id("workspace_id")))
    return page
