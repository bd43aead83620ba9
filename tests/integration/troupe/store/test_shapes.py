"""A release that changes the shape of a state, beside the release before it, on the same box."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pydantic import BaseModel

from support.dynamodb import round_trips
from support.kernel.box import BOX, MAKE, THROW, Box, fill
from support.kernel.box_endpoint import BOX_ID
from support.kernel.long_stream import long_stream
from support.kernel.newer_box import NEWER_BOX, Paint
from support.kernel.newer_box import Box as NewerBox
from support.kernel.stored_box import BACK, NEW, SCOPE, THE_BOX, keyed
from support.spec import TENANT, request, send
from troupe.domain.decider import Decider
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Ref, Unreadable
from troupe.store.commit import commit
from troupe.store.scope import Answer
from troupe.store.transact import execute, load

THE_NEWER_BOX = Ref(decider=NEWER_BOX, id=BOX_ID)


@dataclass(frozen=True)
class Release:
    """The code of one release: what it does with the box over HTTP, and what it finds there."""

    decider: Decider

    def does(self, command: Any) -> int:
        @endpoint(Operation(permission="user:read", body=NoBody))
        def act(request: Request) -> Answer:
            return request.execute(Ref(decider=self.decider, id=BOX_ID), command, deleted=True)

        return send(act, request()).status

    def finds(self) -> Any:
        return load(TENANT, self.decider, BOX_ID).state


OLD, NEW_RELEASE = Release(BOX), Release(NEWER_BOX)


def item() -> dict:
    found = reads.one(THE_BOX.key(TENANT))
    assert found
    return dict(found)


def overwrite(**values: str) -> None:
    names = {f"#{name}": name for name in values}
    expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
    commit([writes.update(THE_BOX.key(TENANT), expression, values, names=names)])


class TestOlder:
    def test_a_state_without_a_number_is_of_the_first_shape(self, table):
        execute(SCOPE, NEW, MAKE)
        commit([writes.update(THE_BOX.key(TENANT), "REMOVE #shape", {}, names={"#shape": "shape"})])
        assert OLD.finds() == Box(name="blue")
        assert NEW_RELEASE.finds() == NewerBox(name="blue", title="blue")

    def test_the_first_command_of_a_release_makes_two_round_trips(self, table):
        execute(SCOPE, NEW, MAKE)
        with round_trips() as made:
            execute(SCOPE, THE_NEWER_BOX, Paint(colour="red"))
        assert made == ["BatchGetItem", "TransactWriteItems"]
        assert (item()["shape"], json.loads(item()["state"])["title"]) == (2, "blue")

    def test_however_many_events_there_are(self, table):
        long_stream(BOX_ID, 100_000)
        with round_trips() as made:
            stands = execute(SCOPE, THE_NEWER_BOX, Paint(colour="red"))
        assert made == ["BatchGetItem", "TransactWriteItems"]
        assert (stands.version, stands.state) == (100_001, NewerBox(name="blue", title="blue", colour="red"))

    def test_what_it_writes_has_nothing_kept(self, table):
        execute(SCOPE, NEW, MAKE)
        execute(SCOPE, THE_NEWER_BOX, Paint(colour="red"))
        assert "kept" not in item()


class TestSideBySide:
    def test_fifty_commands_in_turn_lose_no_field(self, table):
        """While a release is being deployed, both decide on the same box."""
        execute(SCOPE, NEW, MAKE)
        for number in range(50):
            assert NEW_RELEASE.does(Paint(colour=f"red {number}")) == 200
            assert OLD.does(BACK if number % 2 else THROW) == 200
            assert OLD.finds().name == "blue"
            assert NEW_RELEASE.finds().colour == f"red {number}"
            assert (
                (OLD.finds().deleted_at is None)
                == (NEW_RELEASE.finds().deleted_at is None)
                == bool(number % 2)
            )
        assert load(TENANT, BOX, BOX_ID).version == 101

    def test_a_rollback_and_the_release_again(self, table):
        execute(SCOPE, NEW, MAKE)
        assert NEW_RELEASE.does(Paint(colour="red")) == 200
        for word in ("sand", "salt"):
            assert OLD.does(fill(word)) == 200
        assert OLD.finds() == Box(name="blue", contents=("sand", "salt"))
        assert (item()["shape"], json.loads(item()["kept"])) == (1, {"title": "blue", "colour": "red"})
        assert NEW_RELEASE.does(fill("flour")) == 200
        assert NEW_RELEASE.finds() == NewerBox(
            name="blue", title="blue", colour="red", contents=("sand", "salt", "flour")
        )

    def test_what_the_older_release_wrote_last_counts(self, table):
        """It knows the name alone: the title follows from it."""
        execute(SCOPE, NEW, MAKE)
        assert NEW_RELEASE.does(Paint(colour="red")) == 200
        assert OLD.does(fill("sand")) == 200
        overwrite(state='{"name":"green","contents":[],"deleted_at":null}')
        assert NEW_RELEASE.finds() == NewerBox(name="green", title="green", colour="red")

    def test_what_an_even_newer_release_wrote_is_kept_too(self, table):
        execute(SCOPE, NEW, MAKE)
        newest = replace(NEWER_BOX, shape=3)
        execute(SCOPE, Ref(decider=newest, id=BOX_ID), Paint(colour="red"))
        overwrite(state=item()["state"].replace('"title"', '"height":3,"title"'))
        assert OLD.does(fill("sand")) == 200
        assert NEW_RELEASE.does(fill("salt")) == 200
        assert json.loads(item()["kept"]) == {"height": 3}
        assert NEW_RELEASE.finds() == NewerBox(
            name="blue", title="blue", colour="red", contents=("sand", "salt")
        )


class TestUnreadable:
    @pytest.mark.parametrize("state", ['{"contents": "the secret"}', '{"name": "the secret', "the secret"])
    def test_it_is_a_fault_with_a_trace_and_never_the_callers(self, table, log, state):
        execute(SCOPE, NEW, MAKE)
        overwrite(state=state)
        assert OLD.does(fill("sand")) == 500
        logged = log.getvalue()
        assert '"level":"ERROR"' in logged
        assert "Box cannot be read" in logged
        assert "Traceback" in logged
        assert "the secret" not in logged

    def test_an_older_state_that_is_no_json_is_a_fault_too(self, table, log):
        execute(SCOPE, NEW, MAKE)
        overwrite(state="{")
        assert NEW_RELEASE.does(fill("sand")) == 500
        assert "Traceback" in log.getvalue()

    def test_what_does_not_fit_an_answer_is_logged_without_what_it_holds(self, table, log):
        class View(BaseModel):
            number: int

        held = {"number": "the secret"}  # apart from the line that fails, which the trace shows

        @endpoint(Operation(permission="user:read", body=NoBody))
        def show(request: Request) -> Answer:
            return Answer(status=200, body=View.model_validate(held).model_dump())

        assert send(show, request()).status == 500
        assert "View cannot be read (number: int_parsing)" in log.getvalue()
        assert "Traceback" in log.getvalue()
        assert "the secret" not in log.getvalue()

    def test_so_is_a_stored_answer(self, table):
        execute(keyed(), NEW, MAKE)
        record = keys.idempotency(TENANT, "ann", "k")
        commit([writes.update(record, "SET answer = :broken", {"broken": '{"status": "x"}'})])
        with pytest.raises(Unreadable):
            execute(keyed(), THE_BOX, fill("sand"))
