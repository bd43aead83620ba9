"""Which items of a transaction many principals share."""

import pytest

from support.shared_items import Made, shared
from support.spec import ANN, OTHER, TENANT

BOX, SHOP = "0192f0c1-0000-7000-8000-0000000000b1", "0192f0c1-0000-7000-8000-0000000000c1"


def put(pk, sk, **more):
    return {"Put": {"Item": {"PK": {"S": f"{TENANT}#{pk}"}, "SK": {"S": sk}, **more}}}


def check(pk, sk):
    return {"ConditionCheck": {"Key": {"PK": {"S": f"{TENANT}#{pk}"}, "SK": {"S": sk}}}}


EVENT = put(f"BOX#{BOX}", "EVENT#000000000001", aggregate_id={"S": BOX}, actor={"S": ANN})


def found(*actions, actor=None):
    return [key.pk.partition("#")[2] for key in shared(Made([EVENT, *actions], actor))]


@pytest.mark.parametrize(
    "action",
    [
        put(f"BOX#{BOX}", "STATE"),
        put(f"SHELF#{SHOP}", ANN),
        put(f"MEMBERSHIP#{SHOP}.{ANN}", "STATE"),
        check(f"SHOP#{SHOP}", "COPY#STATE#3"),
        put(f"TALLY#SEATS#{SHOP}", "TALLY#07"),
        put("UNIQUE#NAME#blue", "UNIQUE"),
        put("STANDING", "STANDING"),
    ],
)
def test_keys_with_the_actor_or_a_changed_aggregate_copies_and_buckets_are_not_shared(action):
    assert found(action) == []


@pytest.mark.parametrize(
    "action",
    [
        check(f"SHOP#{SHOP}", "STATE"),
        put(f"TALLY#SEATS#{SHOP}", "TALLY"),
        put(f"BOX#{OTHER}", "STATE"),
        check("STANDING", "STANDING"),
    ],
)
def test_everything_else_is_shared(action):
    assert len(found(action)) == 1


def test_who_acts_may_be_known_without_an_event():
    note = put(f"NOTE#{OTHER}", "NOTE")
    assert found(note, actor=OTHER) == []
    assert len(found(note, actor="system")) == 1


def test_of_an_id_with_parts_only_the_last_is_what_changes():
    event = put(f"SEAT#{SHOP}.{OTHER}", "EVENT#1", aggregate_id={"S": f"{SHOP}.{OTHER}"}, actor={"S": ANN})
    actions = [event, put(f"ROW#{OTHER}", "ROW"), check(f"SHOP#{SHOP}", "STATE")]
    assert [key.pk for key in shared(Made(actions, None))] == [f"{TENANT}#SHOP#{SHOP}"]


def test_a_single_write_is_about_its_item():
    assert shared(Made([put("COUNT", "COUNT")], None)) == []
