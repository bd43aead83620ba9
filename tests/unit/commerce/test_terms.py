"""The terms of a shop are what the tenant publishes, and the defaults where it publishes nothing."""

from dataclasses import asdict
from datetime import timedelta

from commerce import settings as commerce_settings
from commerce.values import ShopSettings
from identity.tenant.events import Settings


def test_a_tenant_that_has_settled_nothing_has_the_defaults_that_identity_publishes():
    settings = asdict(Settings())
    assert commerce_settings.of({"zone": "UTC", "settings": settings}) == ShopSettings()
    assert commerce_settings.of({"status": "active"}) == commerce_settings.of(None) == ShopSettings()


def test_what_was_settled_before_there_was_a_shop_keeps_its_currency():
    old = {"zone": "Asia/Tokyo", "settings": {"open_sign_up": True, "default_currency": "JPY"}}
    assert commerce_settings.of(old) == ShopSettings(zone="Asia/Tokyo", default_currency="JPY")


def test_what_is_settled_holds():
    settled = asdict(Settings(tax_rates={"DE": 1900}, return_window_days=30, payout_hold_days=0))
    found = commerce_settings.of({"zone": "Europe/Berlin", "settings": settled})
    assert (found.tax_rate("DE"), found.tax_rate("US")) == (1900, 0)
    assert found.return_window == timedelta(days=30)
    assert found.payout_hold == timedelta(0)


def test_waits_are_days_and_hours():
    plain = ShopSettings()
    assert (plain.promotion_decision, plain.order_acceptance) == (timedelta(days=7), timedelta(hours=48))
