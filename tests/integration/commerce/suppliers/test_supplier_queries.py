"""Who sees what of a supplier."""

import json

from support.commerce.shop import ask
from support.commerce.suppliers import ADMIN, sign_up
from support.principals import acting
from support.spec import ANN
from troupe.ids import new_id


class TestWhatIsShown:
    def test_all_see_verified_suppliers_and_staff_sees_the_others(self, shop, seller):
        other = sign_up(email="other@bakery.example")
        emily = acting("consumer", ANN)
        assert [each["id"] for each in ask("/suppliers", **emily).body["items"]] == [seller.id]
        refused = ask("/suppliers", query={"status": "registered"}, **emily)
        assert (refused.status, refused.body["code"]) == (403, "permission_required")
        waiting = ask("/suppliers", query={"status": "registered"}, **ADMIN).body["items"]
        assert [each["id"] for each in waiting] == [other.id]
        assert ask("/suppliers/{supplier_id}", other.path, **emily).status == 404
        assert ask("/suppliers/{supplier_id}", other.path, **other.by).status == 200

    def test_an_account_is_its_own_supplier_s_and_staff_s_and_masked(self, seller):
        account = ask("/suppliers/{supplier_id}/account", seller.path, **ADMIN).body
        assert ask("/me/supplier", **seller.by).body["id"] == seller.id
        assert (account["email"], account["address_verified"]) == ("orders@bakery.example", True)
        assert account["numbers"] == {"tax_id": "6789", "registration_number": "345B"}
        assert "DE123456789" not in json.dumps(account)
        stranger = acting("supplier", new_id())
        assert ask("/suppliers/{supplier_id}/account", seller.path, **stranger).status == 404
        assert ask("/suppliers/{supplier_id}/account", seller.path, **acting("consumer", ANN)).status == 404
        assert ask("/me/supplier", **acting("consumer", ANN)).status == 404

    def test_numbers_are_opened_for_who_reviews_them_alone(self, shop, seller):
        shown = ask("/suppliers/{supplier_id}/registration-numbers", seller.path, **ADMIN)
        assert shown.body == {"tax_id": "DE123456789", "registration_number": "HRB 12345 B"}
        refused = ask("/suppliers/{supplier_id}/registration-numbers", seller.path, **seller.by)
        assert refused.body["code"] == "permission_required"
        fresh = sign_up(email="new@bakery.example")
        assert ask("/suppliers/{supplier_id}/registration-numbers", fresh.path, **ADMIN).status == 404
