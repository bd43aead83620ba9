"""The text of an API key, and which secrets its item admits."""

from datetime import UTC, datetime, timedelta

import pytest

from support.spec import ANN, TENANT
from troupe.security import api_keys
from troupe.security.api_keys import SHOWN, fresh, prefix, read

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
LATER = int((NOW + timedelta(hours=1)).timestamp())


def test_the_text_says_which_key_of_which_tenant():
    key = fresh(TENANT, ANN)
    assert read(key.text()) == key
    assert key.text().startswith(prefix(ANN))
    assert len(prefix(ANN)) == SHOWN
    assert fresh(TENANT, ANN).secret != key.secret
    assert key.secret not in repr(key)


@pytest.mark.parametrize(
    "wrong", ["", "trp_", "trp_x", "eyJ.a.b", "trp_" + "0" * 107, "trp_" + "0" * 64 + "é" * 43]
)
def test_what_is_no_key(wrong):
    found = read(wrong)
    assert found is None or found.secret == "0" * 43


def test_a_secret_is_good_while_it_is_current_and_for_the_overlap():
    old, new, strange = (fresh(TENANT, ANN) for _ in range(3))
    item = {"digest": new.digest, "former": old.digest, "former_until": LATER}
    assert api_keys.admits(item, new, NOW)
    assert api_keys.admits(item, old, NOW)
    assert not api_keys.admits(item, old, NOW + timedelta(hours=1))
    assert not api_keys.admits(item, strange, NOW)
    assert not api_keys.admits({}, new, NOW)
    assert not api_keys.admits(None, new, NOW)


def test_it_expires_at_the_second():
    assert not api_keys.expired({}, NOW)
    assert not api_keys.expired({"ends_at": LATER}, NOW)
    assert api_keys.expired({"ends_at": LATER}, NOW + timedelta(hours=1))
