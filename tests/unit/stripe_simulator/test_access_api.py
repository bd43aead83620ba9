"""Who may ask the simulated Stripe what, by Stripe's own library."""

import pytest
import stripe


def test_oauth(served):
    account, oauth = served.shop.account, served.client().oauth
    code = served.world(f"accounts/{account.id}/authorize").json()["code"]
    token = oauth.token({"grant_type": "authorization_code", "code": code})
    assert (token.stripe_user_id, token.livemode, token.scope) == (account.id, True, "read_write")
    with pytest.raises(stripe.oauth_error.InvalidGrantError):
        oauth.token({"grant_type": "authorization_code", "code": code})
    late = served.world(f"accounts/{account.id}/authorize").json()["code"]
    served.world("clock", advance=301)
    with pytest.raises(stripe.oauth_error.InvalidGrantError):
        oauth.token({"grant_type": "authorization_code", "code": late})
    with pytest.raises(stripe.oauth_error.UnsupportedGrantTypeError):
        oauth.token({"grant_type": "password"})
    assert oauth.deauthorize({"stripe_user_id": account.id}).stripe_user_id == account.id
    assert served.shop.types()[-1] == "account.application.deauthorized"
    with pytest.raises(stripe.PermissionError):
        served.v1.customers.retrieve(served.shop.customer.id, None, served.options)
    with pytest.raises(stripe.oauth_error.InvalidClientError):
        oauth.deauthorize({"stripe_user_id": account.id})


def test_who_may_not(served):
    customer = served.shop.customer.id
    for key in ("nonsense", "pk_test_1"):
        with pytest.raises(stripe.AuthenticationError):
            served.client(key).v1.customers.retrieve(customer, None, served.options)
    with pytest.raises(stripe.PermissionError):
        served.v1.customers.retrieve(customer, None, {"stripe_account": "acct_unknown"})
    other = served.shop.world.open_account()
    for options in ({"stripe_account": other.id}, {}):
        with pytest.raises(stripe.InvalidRequestError) as missing:
            served.v1.customers.retrieve(customer, None, options)
        assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")


def test_what_stripe_does_not_know(served):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        served.v1.customers.list({"nonsense": 1}, served.options)
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "nonsense")
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        served.v1.products.list(None, served.options)


def test_the_log_of_events(served):
    served.failed()
    (event,) = served.v1.events.list({"type": "invoice.payment_failed"}, served.options).data
    assert served.v1.events.retrieve(event.id, None, served.options).data.object["attempt_count"] == 1


def test_the_platform_sees_the_account(served):
    assert served.client().v1.accounts.retrieve(served.shop.account.id).country == "US"
