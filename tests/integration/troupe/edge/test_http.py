"""The edge of commands: a real event in, a response out."""

import base64
import json

import pytest

from support.kernel.box import BOX, MAKE, Box, fill
from support.kernel.box_endpoint import BOX_ID, Body, make
from support.spec import LAMBDA, OTHER, TENANT, request, send
from troupe.domain.decider import Rejected
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.queries import Queries
from troupe.edge.request import Request
from troupe.ids import new_id
from troupe.quota import quota
from troupe.quota.warnings import QUOTA
from troupe.store import reads
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.keys import SYSTEM
from troupe.store.scope import Answer
from troupe.store.transact import Decision, load


@endpoint(Operation(permission="user:read", body=Body))
def fill_it(request: Request[Body]) -> Answer:
    ref = Ref(decider=BOX, id=request.id("box_id"))
    return request.execute(ref, fill(request.body.word))


@endpoint(Operation(secret=True))
def whisper(request: Request) -> Answer:
    return request.execute(Ref(decider=BOX, id=BOX_ID), fill("x"))


@endpoint(Operation(permission="tenant:read"))
def rename_tenant(request: Request) -> Answer:
    return Answer(status=200, body={"tenant_id": request.tenant_id})


@endpoint(Operation(anonymous=True))
def stranger(request: Request) -> Answer:
    inside = request.within(TENANT, actor="stranger")
    assert request.principal is None
    return Answer(status=200, body={"tenant_id": inside.tenant_id, "actor": inside.scope.context.actor})


@endpoint(Operation(permission="user:read"))
def take_last(request: Request) -> Answer:
    def decide(at):
        ref = Ref(decider=BOX, id=new_id(), creates=True)
        return Decision(changes=(at.decide(ref, MAKE),), actions=(quota.take(request.tenant_id, "boxes"),))

    return request.transact((), decide)


@endpoint(Operation())
def broken(request: Request) -> Answer:
    raise ZeroDivisionError("the secret")


class TestCommands:
    def test_create(self, table):
        reply = send(make, request({"word": "blue"}))
        assert reply.status == 201
        assert reply.headers["location"] == f"/boxes/{reply.body['id']}"
        assert (reply.body["version"], reply.headers["etag"]) == (1, '"1"')
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert load(TENANT, BOX, reply.body["id"]).state == Box(name="blue")

    def test_change_and_if_match(self, box):
        path = {"box_id": box}
        assert (
            send(fill_it, request({"word": "a"}, path=path, headers={"if-match": '"1"'})).body["version"] == 2
        )
        stale = send(fill_it, request({"word": "b"}, path=path, headers={"if-match": 'W/"1"'}))
        assert (stale.status, stale.body["code"], stale.headers["etag"]) == (412, "stale_version", '"2"')
        assert send(fill_it, request({"word": "b"}, path=path, headers={"if-match": "*"})).status == 200
        assert send(fill_it, request({"word": "c"}, path=path, headers={"if-match": "x"})).status == 400

    def test_replay(self, table):
        headers = {"idempotency-key": "k"}
        first = send(make, request({"word": "blue"}, headers=headers))
        again = send(make, request({"word": "blue"}, headers=headers))
        assert again.body == first.body
        assert again.status == 201
        assert again.headers == first.headers | {"idempotent-replayed": "true"}
        assert send(make, request({"word": "red"}, headers=headers)).body["code"] == "idempotency_key_reused"
        spaced = request('{ "word" : "blue" }', headers=headers)
        assert send(make, spaced).body == first.body
        assert send(make, request({"word": "blue"}, headers=headers, principal=new_id())).body != first.body

    def test_a_secret_command_takes_no_key(self, table):
        commit(quota.opened(TENANT, "x", 1))
        make({"tenant_id": TENANT, "body": {"word": "x"}}, LAMBDA)
        assert send(whisper, request(headers={"idempotency-key": "k"})).status == 404
        assert table.scan(TableName="t", Select="COUNT")["Count"] == 3

    @pytest.mark.parametrize("name", ["idempotency-key", "x-correlation-id"])
    @pytest.mark.parametrize(
        "value, status",
        [("", 400), ("k" * 129, 400), ("\ud800", 400), ("a b", 400), ("\u00e9", 400), ("aZ0._:-" * 18, 201)],
    )
    def test_a_header_that_is_stored_is_bounded(self, table, name, value, status):
        reply = send(make, request({"word": "x"}, headers={name: value}))
        assert (reply.status, reply.body.get("code", "")) == (
            status,
            "malformed_header" if status == 400 else "",
        )

    @pytest.mark.parametrize("value", ["9" * 5000, "1" * 13, "-1", "1.0", "\u0661", '"1", "2"', ""])
    def test_an_if_match_that_is_no_version(self, table, value):
        reply = send(fill_it, request({"word": "x"}, path={"box_id": BOX_ID}, headers={"if-match": value}))
        assert (reply.status, reply.body["code"]) == (400, "malformed_header")

    def test_a_command_without_effect_is_remembered_under_its_key(self, box):
        """Another caller changes the box back in between: the repeated request must not act then."""
        path, headers = {"box_id": box}, {"idempotency-key": "k"}
        once = request({"word": "a"}, path=path)
        assert send(fill_it, once).body["version"] == 2
        same = request({"word": "a"}, path=path, headers=headers)
        assert send(fill_it, same).body["version"] == 2
        assert send(fill_it, request({"word": "b"}, path=path)).body["version"] == 3
        again = send(fill_it, same)
        assert (again.headers["idempotent-replayed"], load(TENANT, BOX, box).version) == ("true", 3)

    def test_base64(self, table):
        event = request() | {"body": base64.b64encode(b'{"word":"blue"}').decode(), "isBase64Encoded": True}
        assert send(make, event).status == 201
        assert send(make, event | {"body": "*"}).body["code"] == "malformed_body"


class TestBadInput:
    @pytest.mark.parametrize(
        "body, status, code",
        [
            ("{", 400, "malformed_json"),
            ("[]", 422, "invalid_request"),
            (None, 422, "invalid_request"),
            ({"word": 1}, 422, "invalid_request"),
            ({"word": "x", "more": 1}, 422, "invalid_request"),
            ({"word": "x" * 1000}, 413, "request_too_large"),
            ({"word": "x" * 3000}, 413, "request_too_large"),
            ('{"word": "\ud800"}', 400, "malformed_body"),
        ],
    )
    def test_nothing_is_written(self, table, body, status, code):
        reply = send(make, request(body))
        assert (reply.status, reply.body["code"]) == (status, code)
        assert reply.headers["content-type"] == "application/problem+json"
        assert table.scan(TableName="t", Select="COUNT")["Count"] == 0

    def test_what_is_no_id_names_nothing(self, table):
        assert send(fill_it, request({"word": "x"}, path={"box_id": "x#y"})).status == 404

    def test_a_fault_tells_nothing(self, table):
        reply = send(broken, request())
        assert (reply.status, reply.body["code"]) == (500, "internal_error")
        assert "secret" not in json.dumps(reply.body)


class TestWho:
    def test_without_a_token(self, table):
        assert send(make, request({"word": "x"}, principal=None)).status == 401

    def test_without_the_permission(self, table):
        assert (
            send(make, request({"word": "x"}, permissions=frozenset())).body["code"] == "permission_required"
        )

    def test_another_tenants(self, box):
        assert send(fill_it, request({"word": "x"}, path={"box_id": box}, tenant_id=OTHER)).status == 404

    @pytest.mark.parametrize(
        "standing, status", [("trial", 201), ("active", 201), ("suspended", 403), ("cancelled", 403)]
    )
    def test_only_a_tenant_in_good_standing_writes(self, table, standing, status):
        assert send(make, request({"word": "x"}, standing=standing)).status == status

    def test_a_persons_tenant_is_their_own(self, table):
        assert send(rename_tenant, request(path={"tenant_id": TENANT})).body == {"tenant_id": TENANT}
        assert send(rename_tenant, request(path={"tenant_id": OTHER})).status == 404

    def test_an_operators_is_the_paths(self, table):
        operator = {"kind": "operator", "tenant_id": SYSTEM, "standing": ""}
        assert send(rename_tenant, request(path={"tenant_id": OTHER}, **operator)).body == {
            "tenant_id": OTHER
        }
        assert send(rename_tenant, request(path={"tenant_id": "x"}, **operator)).status == 404
        assert send(rename_tenant, request(**operator)).body == {"tenant_id": SYSTEM}

    def test_a_stranger_is_placed_by_the_handler(self, table):
        assert send(stranger, request(principal=None)).body == {"tenant_id": TENANT, "actor": "stranger"}

    def test_no_route_takes_a_permission_that_is_not_in_the_catalogue(self):
        with pytest.raises(ValueError, match="catalogue"):
            endpoint(Operation(permission="box:make"))
        with pytest.raises(ValueError, match="catalogue"):
            Queries("identity").get("/x", permission="box:read", reply=fields.Body)

    def test_a_caller_is_not_a_stranger(self):
        from support.spec import NOON
        from troupe.store.scope import Scope

        nobody = Request(body=None, path={}, principal=None, scope=Scope(context=NOON, correlation_id="c"))
        with pytest.raises(LookupError):
            _ = nobody.caller


PIXEL = b"GIF89a\x80\xff"


@endpoint(Operation(anonymous=True, any_body=True, media="image/gif"))
def picture(request: Request) -> Answer:
    agent = request.headers.get("user-agent", "")
    headers = {"content-type": "image/gif", "x-asked": f"{request.method} {agent}"}
    return Answer(status=200, body={}, headers=headers, raw=PIXEL)


class TestOtherThanJson:
    def test_octets_and_what_a_browser_sends(self, table):
        event = request("List-Unsubscribe=One-Click", principal=None, headers={"user-agent": "curl"})
        answer = picture(event, LAMBDA)
        assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
        assert base64.b64decode(answer["body"]) == PIXEL
        assert (answer["headers"]["content-type"], answer["headers"]["x-asked"]) == ("image/gif", "POST curl")
        assert answer["headers"]["x-content-type-options"] == "nosniff"


class TestQuota:
    def test_the_refusal_is_told_once(self, table):
        commit(quota.opened(TENANT, "boxes", 1))
        assert [send(take_last, request()).status for _ in range(3)] == [200, 409, 409]
        assert load(TENANT, QUOTA, "boxes").version == 1

    def test_relimiting_below_use_blocks_growth_alone(self, table):
        commit(quota.opened(TENANT, "boxes", 2))
        assert send(take_last, request()).status == 200
        commit(quota.relimit(TENANT, "boxes", 2, 0))
        stands = quota.level(reads.batch(quota.wanted(TENANT, "boxes")), TENANT, "boxes")
        assert (stands.used, stands.limit, stands.available) == (1, 0, -1)
        assert send(take_last, request()).body["code"] == "quota_exceeded"
        commit([quota.give_back(TENANT, "boxes")])
        commit(quota.relimit(TENANT, "boxes", 0, 1))
        assert send(take_last, request()).status == 200


class TestDirect:
    def test_the_body_alone_is_answered(self, box):
        event = {
            "tenant_id": TENANT,
            "path": {"box_id": box},
            "body": {"word": "x"},
            "actor": "flow",
            "causation_id": "e",
        }
        assert fill_it(event, LAMBDA) == {"id": box, "version": 2}

    def test_twice_under_a_key(self, box):
        event = {"tenant_id": TENANT, "body": {"word": "x"}, "idempotency_key": "k"}
        assert make(event, LAMBDA) == make(event, LAMBDA)

    def test_a_refusal_is_raised(self, box):
        for word in "abc":
            fill_it({"tenant_id": TENANT, "path": {"box_id": box}, "body": {"word": word}}, LAMBDA)
        with pytest.raises(Rejected, match="Three"):
            fill_it({"tenant_id": TENANT, "path": {"box_id": box}, "body": {"word": "d"}}, LAMBDA)
