"""Suppliers reviewed, suspended, deleted and back."""

import pytest

from documents.commands import entry_point
from support.commerce.shop import ask
from support.commerce.suppliers import (
    ADMIN,
    SIGN_UP,
    begin_review,
    delete,
    done,
    reinstate,
    reject,
    restore,
    sign_up,
    submit,
    suspend,
    verify,
)
from support.identity.sign_in import log_in
from support.identity.tenant import Manners
from support.principals import acting
from support.spec import ANN


class TestTheReview:
    """begin_review, verify_supplier, reject_supplier"""

    def test_a_supplier_is_verified_and_sells(self, bakery, shop, clock):
        bakery.advance(shop, clock(), "submitted")
        waiting = ask("/supplier-reviews", **ADMIN).body["items"]
        assert [(each["id"], each["status"]) for each in waiting] == [(bakery.id, "submitted")]
        done(begin_review(bakery.path, **ADMIN))
        (looked_at,) = ask("/supplier-reviews", **ADMIN).body["items"]
        assert (looked_at["status"], looked_at["reviewer_id"]) == ("under_review", ANN)
        done(verify(bakery.path, **ADMIN))
        assert ask("/supplier-reviews", **ADMIN).body["items"] == []
        assert bakery.standing().sells

    def test_one_that_is_rejected_mends_its_record_and_comes_again(self, bakery, shop, clock):
        bakery.advance(shop, clock(), "rejected")
        account = ask("/me/supplier", **bakery.by).body
        assert (account["status"], account["reason"]) == ("rejected", "The licence has expired.")
        bakery.upload()
        done(submit(bakery.path, **bakery.by))
        assert len(bakery.supplier().documents) == 2
        done(begin_review(bakery.path, **ADMIN))
        done(verify(bakery.path, **ADMIN))
        assert bakery.standing().sells

    def test_no_supplier_reviews_itself(self, bakery, shop, clock):
        bakery.advance(shop, clock(), "submitted")
        for call in (begin_review, verify, reject, suspend, reinstate, delete, restore):
            assert call(bakery.path, **bakery.by).body["code"] == "permission_required"

    def test_the_queue_is_first_come_first_served(self, shop, clock):
        for n in range(3):
            bakery = sign_up(email=f"b{n}@bakery.example", legal_name=f"Bakery {n}")
            bakery.advance(shop, clock(), "submitted")
            clock.forward(minutes=1)
        names = [each["legal_name"] for each in ask("/supplier-reviews", **ADMIN).body["items"]]
        assert names == ["Bakery 0", "Bakery 1", "Bakery 2"]

    @pytest.mark.parametrize(
        ("call", "status"),
        [
            (begin_review, "submitted"),
            (verify, "under_review"),
            (reject, "under_review"),
            (suspend, "verified"),
            (reinstate, "suspended"),
            (delete, "verified"),
        ],
        ids=lambda each: getattr(each, "command", each),
    )
    def test_the_manners_of_a_decision(self, bakery, shop, clock, call, status):
        bakery.advance(shop, clock(), status)
        operation = entry_point("commerce", call.command).operation
        Manners(call, bakery.path, operation.permission, given={"principal": ANN}).check()


class TestSuspension:
    """suspend_supplier, reinstate_supplier"""

    def test_it_ends_every_session_and_sells_no_more(self, bakery, shop, clock):
        bakery.advance(shop, clock())
        epoch = bakery.credential().epoch
        done(suspend(bakery.path, **ADMIN))
        assert (bakery.credential().status, bakery.credential().epoch) == ("suspended", epoch + 1)
        assert (bakery.standing().status, bakery.standing().sells) == ("suspended", False)
        refused = log_in("orders@bakery.example", SIGN_UP["password"])
        assert refused.body["code"] == "account_suspended"
        done(reinstate(bakery.path, **ADMIN))
        assert (bakery.credential().status, bakery.standing().sells) == ("active", True)


class TestDeletion:
    """delete_supplier, restore_supplier"""

    @pytest.mark.parametrize("status", ["registered", "verified", "suspended"])
    def test_it_comes_back_as_it_was(self, bakery, shop, clock, status):
        bakery.advance(shop, clock(), status)
        signs_in, stands = bakery.credential().status, bakery.standing()
        done(delete(bakery.path, **ADMIN))
        assert bakery.credential().status == "closed"
        assert (bakery.standing().status, bakery.standing().sells) == ("deleted", False)
        assert ask("/suppliers/{supplier_id}", bakery.path, **acting("consumer", ANN)).status == 404
        done(restore(bakery.path, **ADMIN))
        assert (bakery.credential().status, bakery.standing()) == (signs_in, stands)

    def test_one_that_never_confirmed_its_address_still_has_to(self, bakery, shop, clock):
        done(delete(bakery.path, **ADMIN))
        done(restore(bakery.path, **ADMIN))
        assert bakery.credential().status == "pending"
        done(bakery.confirm(shop, clock()))
