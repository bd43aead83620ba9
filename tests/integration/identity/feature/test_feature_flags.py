"""Feature flags: defined by operators for all tenants, overridden by tenants, and evaluated with the reason."""

import pytest

from identity.feature.catalogue import CATALOGUE, MOST
from support.command_contract import ALL, CommandContract
from support.dynamodb import before_next_write, round_trips, stored_events, stored_items
from support.identity.provisioned_tenant import OPERATOR, PATH, ask
from support.identity.tenant import Call
from support.spec import OTHER, TENANT
from troupe.store import reads, writes
from troupe.store.commit import commit

FLAG = {"flag": "new_feed"}
OURS = {**PATH, **FLAG}
define = Call("define_feature_flag", "PUT /feature-flags/{flag}", {"description": "The new feed"})
choose = Call("set_feature_override", "PUT /tenants/{tenant_id}/feature-flags/{flag}", {"enabled": True})
clear = Call("clear_feature_override", "DELETE /tenants/{tenant_id}/feature-flags/{flag}")


def flags(**given):
    return {
        each["name"]: (each["enabled"], each["reason"])
        for each in ask("/feature-flags", **given).body["items"]
    }


@pytest.fixture
def feed(acme):
    assert define(FLAG, **OPERATOR).status == 200
    return acme


class TestDefinition:
    def test_holds_for_every_tenant(self, feed):
        assert flags() == flags(tenant_id=OTHER) == {"new_feed": (False, "default")}
        (told,) = stored_events("feature_flag.defined")
        assert (told.tenant_id, told.aggregate_id) == ("@", "new_feed")
        assert told.data["definition"]["description"] == "The new feed"

    def test_in_two_round_trips_and_once_under_a_key(self, acme):
        CommandContract(define, path=FLAG, given=OPERATOR).once()

    def test_is_replaced_whole(self, feed):
        define(FLAG, body={"description": "The feed", "enabled": True}, **OPERATOR)
        assert flags() == {"new_feed": (True, "default")}
        define(FLAG, **OPERATOR)
        assert flags() == {"new_feed": (False, "default")}

    def test_the_same_again_changes_nothing(self, feed):
        before = stored_items()
        assert define(FLAG, **OPERATOR).body == {"id": "new_feed", "version": 1}
        assert stored_items() == before

    def test_two_at_once_are_both_in_the_catalogue(self, acme):
        with before_next_write(lambda: define({"flag": "shop"}, **OPERATOR)):
            define(FLAG, **OPERATOR)
        assert flags().keys() == {"new_feed", "shop"}

    def test_there_are_so_many(self, feed):
        shown = reads.one(CATALOGUE)["flags"]["new_feed"]
        commit(
            [
                writes.put(
                    CATALOGUE, {"flags": {f"f{n}": shown for n in range(MOST - 1)} | {"new_feed": shown}}
                )
            ]
        )
        before = stored_items()
        reply = define({"flag": "one_more"}, **OPERATOR)
        assert (reply.status, reply.body["code"]) == (409, "too_many_flags")
        assert stored_items() == before
        assert define(FLAG, body={"description": "Other"}, **OPERATOR).status == 200

    @pytest.mark.parametrize("name", ["New", "a#b", "9lives", "a" * 61])
    def test_names_are_in_snake_case(self, acme, name):
        reply = define({"flag": name}, **OPERATOR)
        assert (reply.status, reply.body["code"]) == (422, "malformed_flag_name")

    @pytest.mark.parametrize(
        "wrong, field",
        [
            ({"description": ""}, "description"),
            ({"rollout_percentage": 101}, "rollout_percentage"),
            ({"x": 1}, "x"),
        ],
    )
    def test_bad_fields_are_named(self, acme, wrong, field):
        reply = define(FLAG, body={"description": "d", **wrong}, **OPERATOR)
        assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)

    def test_is_the_operators_alone(self, acme):
        before = stored_items()
        assert define(FLAG).body["code"] == "permission_required"
        held = ALL | {"feature_flag:define"}
        assert define(FLAG, permissions=held).body["code"] == "operator_required"
        assert define(FLAG, principal=None).status == 401
        assert stored_items() == before


class TestReasons:
    @pytest.mark.parametrize(
        "more, expected",
        [
            ({"enabled": True}, (True, "default")),
            ({"value": True}, (True, "global")),
            ({"value": False, "rollout_percentage": 100}, (True, "rollout")),
            ({"value": True, "rollout_percentage": 0}, (True, "global")),
            ({"enabled": True, "value": True, "rollout_percentage": 100, "killed": True}, (False, "kill")),
        ],
    )
    def test_the_reason_for_all_tenants(self, acme, more, expected):
        define(FLAG, body={"description": "d", **more}, **OPERATOR)
        assert flags()["new_feed"] == expected

    def test_of_the_tenant_and_of_no_other(self, feed):
        assert choose(OURS, body={"enabled": True, "reason": "pilot"}).status == 200
        assert flags()["new_feed"] == (True, "tenant")
        assert flags(tenant_id=OTHER)["new_feed"] == (False, "default")

    def test_a_kill_is_stronger_than_the_tenant(self, feed):
        choose(OURS)
        define(FLAG, body={"description": "d", "killed": True}, **OPERATOR)
        assert flags()["new_feed"] == (False, "kill")

    def test_all_in_one_read(self, feed):
        with round_trips() as made:
            assert flags()
        assert made == ["BatchGetItem"]

    def test_need_a_permission(self, feed):
        assert ask("/feature-flags", permissions=ALL - {"feature_flag:read"}).status == 403
        assert ask("/feature-flags", principal=None).status == 401


class TestOverride:
    def test_is_told_of(self, feed):
        choose(OURS, body={"enabled": False, "reason": "slow"})
        clear(OURS)
        first, second = stored_events("tenant.feature_override_set", "tenant.feature_override_cleared")
        assert first.data == {"flag": "new_feed", "enabled": False, "reason": "slow"}
        assert (second.data, second.tenant_id) == ({"flag": "new_feed"}, TENANT)

    def test_is_cleared(self, feed):
        choose(OURS)
        assert clear(OURS).status == 200
        assert flags()["new_feed"] == (False, "default")
        assert choose(OURS, body={"enabled": True}).status == 200
        assert flags()["new_feed"] == (True, "tenant")

    def test_of_one_flag_beside_another(self, feed):
        define({"flag": "shop"}, **OPERATOR)
        choose({**PATH, "flag": "shop"})
        with before_next_write(lambda: choose(OURS)):
            choose({**PATH, "flag": "shop"}, body={"enabled": False})
        assert flags() == {"new_feed": (True, "tenant"), "shop": (False, "tenant")}

    @pytest.mark.parametrize("call", [choose, clear])
    @pytest.mark.parametrize("name", ["unheard_of", "a#b"])
    def test_of_a_flag_that_there_is_not(self, feed, call, name):
        assert call({**PATH, "flag": name}).status == 404

    def test_an_operator_may(self, feed):
        assert choose(OURS, **OPERATOR).status == 200
        assert flags()["new_feed"] == (True, "tenant")

    def test_manners(self, feed):
        CommandContract(choose, path=OURS, permission="feature_flag:override", stale=False).check()

    def test_manners_of_clearing(self, feed):
        choose(OURS)
        CommandContract(clear, path=OURS, permission="feature_flag:override").check()
