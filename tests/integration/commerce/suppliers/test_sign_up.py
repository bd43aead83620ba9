"""Suppliers who sign up and confirm their address."""

import pytest

from commerce.supplier.decider import LIMITS
from support.commerce.suppliers import SIGN_UP, done, register, sign_up, verify_address
from support.identity.sign_in import link, log_in, member
from support.identity.tenant import Call, items, round_trips
from support.spec import TENANT
from troupe.security.credential import CREDENTIAL, SetPassword
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.transact import execute


class TestSigningUp:
    """register_supplier"""

    def test_a_business_is_registered_and_cannot_sign_in_yet(self, shop):
        reply = register({"slug": "acme"}, principal=None)
        assert (reply.status, reply.body["status"]) == (201, "registered")
        assert reply.headers["location"] == f"/v1/commerce/suppliers/{reply.body['id']}"
        guard = reads.one(keys.email("orders@bakery.example"))
        assert guard["principal_id"] == reply.body["id"]
        refused = log_in("orders@bakery.example", SIGN_UP["password"])
        assert (refused.status, refused.body["code"]) == (403, "verification_required")

    def test_it_takes_two_round_trips_and_publishes_how_it_stands(self, shop):
        with round_trips() as made:
            bakery = sign_up()
        assert made == ["BatchGetItem", "TransactWriteItems"]
        standing = bakery.standing()
        assert (standing.status, standing.sells) == ("registered", False)
        assert (standing.products, standing.promotions) == (LIMITS.products, LIMITS.promotions)
        assert (bakery.credential().kind, bakery.credential().roles) == ("supplier", ("supplier",))

    def test_a_taken_address_is_answered_alike_and_writes_nothing(self, bakery, shop):
        before = items()
        reply = register({"slug": "acme"}, body=SIGN_UP | {"legal_name": "Mallory Ltd"}, principal=None)
        assert (reply.status, reply.body["status"]) == (201, "registered")
        assert reply.body["id"] != bakery.id
        assert items() == before

    def test_a_user_s_address_is_taken_too(self, shop):
        person = shop.people.town.person("Emily")
        commit([writes.put(keys.email("emily@x.example"), {"tenant_id": TENANT, "principal_id": person})])
        before = items()
        assert (
            register({"slug": "acme"}, body=SIGN_UP | {"email": "emily@x.example"}, principal=None).status
            == 201
        )
        assert items() == before

    @pytest.mark.parametrize("slug", ["nobody", "A#b", "", "x" * 3000])
    def test_an_unknown_tenant(self, shop, slug):
        assert register({"slug": slug}, principal=None).status == 404

    def test_a_tenant_that_takes_no_registrations(self, shop):
        commit([writes.put(keys.standing(TENANT), {"status": "active", "open_sign_up": False})])
        assert register({"slug": "acme"}, principal=None).body["code"] == "sign_up_closed"

    def test_a_password_that_is_too_short(self, shop):
        reply = register({"slug": "acme"}, body=SIGN_UP | {"password": "short"}, principal=None)
        assert (reply.status, reply.body["code"]) == (422, "password_too_short")


class TestVerifyingTheAddress:
    """verify_supplier_address"""

    def test_from_then_on_the_business_signs_in(self, bakery, shop, clock):
        done(bakery.confirm(shop, clock()))
        reply = log_in("orders@bakery.example", SIGN_UP["password"])
        assert reply.status == 200
        assert reply.body["user"]["kind"] == "supplier"
        assert "product:create" in reply.body["user"]["permissions"]
        assert "supplier:verify" not in reply.body["user"]["permissions"]

    def test_the_link_works_once(self, bakery, shop, clock):
        token = bakery.token(shop, clock())
        done(verify_address(body={"token": token}, principal=None))
        before = items()
        again = verify_address(body={"token": token}, principal=None)
        assert (again.status, again.body["code"]) == (422, "link_invalid")
        assert items() == before

    def test_it_ends_after_three_days(self, bakery, shop, clock):
        token = bakery.token(shop, clock())
        clock.forward(days=3)
        assert verify_address(body={"token": token}, principal=None).body["code"] == "link_invalid"

    @pytest.mark.parametrize("token", ["", "x", "a.b", "x" * 4096])
    def test_one_that_nobody_signed(self, shop, token):
        assert verify_address(body={"token": token}, principal=None).body["code"] == "link_invalid"

    def test_a_user_s_link_is_none_of_a_supplier_s_and_the_other_way_round(self, bakery, shop, clock):
        user = member(shop.people.town, "pending")
        theirs = link("verify", user, clock())
        assert verify_address(body={"token": theirs}, principal=None).body["code"] == "link_invalid"
        verify_user = Call("verify_user", "POST /users/verify")
        ours = {"token": bakery.token(shop, clock())}
        assert verify_user(body=ours, principal=None).body["code"] == "link_invalid"

    def test_a_new_password_makes_the_link_void(self, bakery, shop, clock):
        token = bakery.token(shop, clock())
        execute(shop.scope(), Ref(decider=CREDENTIAL, id=bakery.id), SetPassword())
        assert verify_address(body={"token": token}, principal=None).body["code"] == "link_invalid"
