"""The edge of queries: a real event in, a page out."""

import base64

import pytest

from support.kernel.box import BOX, MAKE, fill
from support.kernel.box_endpoint import BOX_ID, make
from support.spec import LAMBDA, OTHER, TENANT, request, send
from troupe.edge import fields
from troupe.edge.pages import ForeignCursor, List
from troupe.edge.queries import Paging, Queries, found, listed, page_of
from troupe.ids import new_id
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import load

ROUTES = Queries("identity")


class View(fields.Body):
    id: str
    name: str


@ROUTES.get("/boxes/{box_id}", permission="user:read", reply=View)
def one(request):
    box = load(request.tenant_id, BOX, request.id("box_id"))
    return found(View(id=box.id, name=box.state.name), box.version)


@ROUTES.get("/boxes", permission="user:read", reply=page_of(View), parameters=Paging)
def many(request):
    rows = List(tenant_id=request.tenant_id, pk=f"{request.tenant_id}#BOXES", index="GSI1", ascending=True)
    return listed(rows, request, lambda item: {"id": item["summary"]["id"], "name": item["summary"]["name"]})


@ROUTES.get("/names", permission=None, reply=View)
def unversioned(request):
    return found(View(id="x", name="x"))


@ROUTES.get("/events", permission="user:read", reply=page_of(View), parameters=Paging)
def history(request):
    rows = List(tenant_id=request.tenant_id, pk=f"{request.tenant_id}#BOX#{BOX_ID}", prefix="EVENT#")
    return listed(rows, request, lambda item: {"version": item["version"]})


@ROUTES.page("/pages/{name}")
def page(request):
    text = f"<p>{request.path['name']}</p>".encode()
    return Answer(status=200, body={}, headers={"content-type": "text/html"}, raw=text)


def get(route, **more):
    return send(ROUTES, request(route=f"GET {route}", **more))


class TestQueries:
    def test_an_anonymous_page(self, table):
        event = request(route="GET /pages/{name}", path={"name": "x"}, query={"utm_id": "1"}, principal=None)
        assert base64.b64decode(ROUTES(event, LAMBDA)["body"]) == b"<p>x</p>"

    def test_one(self, box):
        reply = get("/boxes/{box_id}", path={"box_id": box})
        assert (reply.status, reply.body, reply.version) == (200, {"id": box, "name": "blue"}, 1)
        assert get("/names").headers["etag"].startswith('W/"')

    def test_a_suspended_tenant_reads(self, box):
        assert get("/boxes/{box_id}", path={"box_id": box}, standing="suspended").status == 200

    def test_an_unknown_route(self, table):
        assert get("/nothing").status == 404

    def test_pages_hold_everything_once(self, table):
        made = [make({"tenant_id": TENANT, "body": {"word": str(n)}}, LAMBDA)["id"] for n in range(7)]
        seen, cursor = [], None
        for size in (3, 3, 1):
            query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
            page = get("/boxes", query=query).body
            assert len(page["items"]) == size
            seen += [item["id"] for item in page["items"]]
            cursor = page["cursor"]
        assert cursor is None
        assert seen == sorted(made)

    def test_a_full_last_page_has_no_cursor(self, table):
        for n in range(3):
            make({"tenant_id": TENANT, "body": {"word": str(n)}}, LAMBDA)
        assert get("/boxes", query={"limit": "3"}).body["cursor"] is None

    def test_newest_first_by_prefix(self, table):
        from dataclasses import replace

        from support.spec import NOON
        from troupe.store.scope import Scope
        from troupe.store.transact import execute

        scope = Scope(context=replace(NOON, new_id=new_id), correlation_id="c")
        execute(scope, Ref(decider=BOX, id=BOX_ID, creates=True), MAKE)
        execute(scope, Ref(decider=BOX, id=BOX_ID), fill("x"))
        page = get("/events", query={"limit": "1"}).body
        assert page["items"] == [{"version": 2}]
        assert get("/events", query={"limit": "1", "cursor": page["cursor"]}).body["items"] == [
            {"version": 1}
        ]

    @pytest.mark.parametrize("limit", ["0", "101", "x"])
    def test_limits(self, table, limit):
        assert get("/boxes", query={"limit": limit}).status == 422

    def test_a_cursor_of_a_restricted_list_is_its_viewer_s(self, table):
        for n in range(2):
            make({"tenant_id": TENANT, "body": {"word": str(n)}}, LAMBDA)
        rows = {
            viewer: List(tenant_id=TENANT, pk=f"{TENANT}#BOXES", index="GSI1", viewer=viewer)
            for viewer in ("", "ann", "bob")
        }
        cursor = rows["ann"].page(1).cursor
        rows["ann"].verify(cursor)
        assert len(rows["ann"].page(1, cursor).items) == 1
        for viewer in ("", "bob"):
            rows[viewer].verify(None)
            with pytest.raises(ForeignCursor):
                rows[viewer].verify(cursor)

    def test_foreign_cursors(self, table):
        for n in range(3):
            make({"tenant_id": TENANT, "body": {"word": str(n)}}, LAMBDA)
            make({"tenant_id": OTHER, "body": {"word": str(n)}}, LAMBDA)
        cursor = get("/boxes", query={"limit": "1"}).body["cursor"]
        for foreign in (
            get("/boxes", query={"cursor": cursor}, tenant_id=OTHER),
            get("/events", query={"cursor": cursor}),
            get("/boxes", query={"cursor": cursor[:-2] + "xx"}),
            get("/boxes", query={"cursor": "x"}),
        ):
            assert (foreign.status, foreign.body["code"]) == (400, "foreign_cursor")
