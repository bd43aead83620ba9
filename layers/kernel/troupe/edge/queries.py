"""A context's reads: its GET routes on one function, each a Get or a Query, told apart by the route key."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, NamedTuple, Self

from pydantic import BaseModel, Field, create_model, model_validator

from troupe.edge import fields, unrouted
from troupe.edge.endpoint import AnyQuery, Event, NoBody, Operation, request_of, respond, scoped
from troupe.edge.etags import tagged
from troupe.edge.fields import Together
from troupe.edge.pages import LARGEST, List, Page
from troupe.edge.request import Request
from troupe.edge.response import Response
from troupe.security import roles
from troupe.store import keys, reads
from troupe.store.aggregates import Ref, Stored
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot

MOST_DAYS = 366

type Ask = Callable[[Request[Any]], Answer]


class Paging(BaseModel, frozen=True, extra="forbid"):
    """How every list is paged."""

    limit: Annotated[int, Field(ge=1, le=LARGEST)] = 25
    cursor: str | None = None


class Days(BaseModel, frozen=True, extra="forbid"):
    """Days by the tenant's calendar, both included."""

    first: fields.Day = Field(alias="from")
    last: fields.Day = Field(alias="to")

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if not 0 <= (self.last - self.first).days < MOST_DAYS:
            raise Together(f"a range begins before it ends and has at most {MOST_DAYS} days", "from", "to")
        return self


class Route(NamedTuple):
    operation: Operation
    ask: Ask


class Queries:
    """The entry point of a context's queries function; `get` adds a route to it.

    It answers what no route of the context takes, too: HEAD as GET, and unknown paths and methods.
    """

    def __init__(self, context: str) -> None:
        self.context = context
        self.routes: dict[str, Route] = {}

    def get(
        self,
        path: str,
        *,
        permission: str | None,
        reply: type[BaseModel],
        parameters: type[BaseModel] = NoBody,
        refusals: tuple[str, ...] = (),
    ) -> Callable[[Ask], Ask]:
        """Answer GET `path` (without the context's prefix); without a permission any signed-in one may.

        `refusals` are the codes that it answers with, beyond those of the edge.
        """
        if permission and permission not in roles.NAMES:
            raise ValueError(f"{permission} is not in the catalogue")
        operation = Operation(
            permission=permission, reply=reply, parameters=parameters, reads_only=True, refusals=refusals
        )
        return self._add(path, operation)

    def page(self, path: str) -> Callable[[Ask], Ask]:
        """Answer GET `path` with a page for people, signed in or not: the path tells what they may see."""
        operation = Operation(anonymous=True, reads_only=True, media="text/html", parameters=AnyQuery)
        return self._add(path, operation)

    def _add(self, path: str, operation: Operation) -> Callable[[Ask], Ask]:
        def add(ask: Ask) -> Ask:
            self.routes[f"GET {path}"] = Route(operation, ask)
            return ask

        return add

    def __call__(self, event: Event, context: Any) -> Response:
        if event["requestContext"].get("http", {}).get("method") != "HEAD":
            return respond(event, context, partial(self._answer, event))
        asked = unrouted.as_get(event, self._paths)
        return {**respond(asked, context, partial(self._answer, asked)), "body": "", "isBase64Encoded": False}

    @property
    def _paths(self) -> list[str]:
        return [key.removeprefix("GET ") for key in self.routes]

    def _answer(self, event: Event) -> Answer:
        route = self.routes.get(event.get("routeKey", ""))
        if route is None:
            return unrouted.answer(event, self.context)
        request = request_of(event, route.operation)
        with scoped(request.principal, request.tenant_id):
            return tagged(route.ask(request), request.headers.get("if-none-match"))


def found(view: BaseModel, version: int | None = None) -> Answer:
    """200 with a view, and its version as ETag where it has one."""
    headers = {} if version is None else {"etag": f'"{version}"'}
    return Answer(status=200, body=view.model_dump(mode="json"), headers=headers)


def page_of(item: type[BaseModel]) -> type[BaseModel]:
    """The schema of a page of such items."""
    items: Any = list.__class_getitem__(item)
    return create_model(f"{item.__name__}Page", items=(items, ...), cursor=(str | None, None))


def listed(rows: List, request: Request[Any], view: Callable[[Mapping[str, Any]], Any] = dict) -> Answer:
    """A page of a list, each item through `view` (a list in an index shows its `summary`)."""
    page: Page = rows.page(request.parameters.limit, request.parameters.cursor)
    body = {"items": [view(item) for item in page.items], "cursor": page.cursor}
    return Answer(status=200, body=body)


def one(request: Request[Any], ref: Ref[Any, Any, Any]) -> Stored[Any]:
    """The aggregate as it stands, or `Unknown`."""
    return Snapshot(scope=request.scope, items=reads.batch([ref.key(request.tenant_id)])).of(ref)


def kept(request: Request[Any], rows: List, row: type[BaseModel]) -> Answer:
    """A page of what an index shows."""
    return listed(rows, request, lambda item: row.model_validate(item["summary"]).model_dump(mode="json"))


def listing(request: Request[Any], name: str, row: type[BaseModel]) -> Answer:
    """A page of a collection, the newest first."""
    pk = keys.listing(request.tenant_id, name)
    return kept(request, List(tenant_id=request.tenant_id, pk=pk, index="GSI1"), row)
