"""Links in dunning mails: what is good is read back, and everything else is nothing, alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.mail import links
from recovery.mail.links import HOSTS, LASTS, Link, address, payable, read
from support.spec import OTHER, TENANT
from troupe.security import signing
from troupe.security.secrets import SigningKeys
from troupe.security.signing import sign
from troupe.store.transact import Unknown

KEYS = SigningKeys(current="k1", keys={"k1": "0123456789abcdef0123456789abcdef"})
SENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ATTEMPT = "0192f0c1-0000-7000-8000-00000000a001"
LINK = Link(
    purpose="click",
    tenant_id=TENANT,
    about_id=ATTEMPT,
    step_id="s1",
    workspace_id="0192f0c1-0000-7000-8000-00000000e001",
    customer_id="cus_1",
    at=SENT,
    url="https://invoice.stripe.com/i/acct_1/live_x?s=ap",
    account_id="acct_1",
    invoice_id="in_1",
)
PURPOSES = ("open", "click", "opt_out")


@pytest.fixture(autouse=True)
def signed(monkeypatch):
    monkeypatch.setattr(signing, "signing_keys", lambda: KEYS)
    monkeypatch.setenv("PUBLIC_URL", "https://troupe.example/")
    monkeypatch.delenv("STRIPE_URL", raising=False)


def token(link=LINK):
    return address(link).rpartition("/")[2]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_is_signed_reads_back(purpose):
    link = replace(LINK, purpose=purpose)
    assert read(token(link), purpose, SENT) == link


def test_where_it_leads():
    assert address(replace(LINK, purpose="opt_out")).startswith(
        "https://troupe.example/v1/recovery/opt-outs/"
    )
    assert len(address(LINK)) < 1_000


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("other", PURPOSES)
def test_a_link_is_good_for_its_purpose_alone(purpose, other):
    if other == purpose:
        return
    with pytest.raises(Unknown):
        read(token(replace(LINK, purpose=purpose)), other, SENT)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_it_ends(purpose):
    text = token(replace(LINK, purpose=purpose))
    assert read(text, purpose, SENT + LASTS[purpose] - timedelta(seconds=1))
    with pytest.raises(Unknown):
        read(text, purpose, SENT + LASTS[purpose])


@given(st.text(max_size=300))
def test_no_text_is_a_link(text):
    with pytest.raises(Unknown):
        read(text, "click", SENT)


@given(st.integers(min_value=0), st.characters(codec="ascii"))
def test_nor_is_a_link_with_a_letter_changed(place, letter):
    text = token()
    place %= len(text)
    changed = text[:place] + letter + text[place + 1 :]
    if changed != text:
        with pytest.raises(Unknown):
            read(changed, "click", SENT)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {
            "t": "acme",
            "a": "x",
            "s": None,
            "w": "w",
            "c": "c",
            "i": 0,
            "e": 9e12,
            "u": None,
            "m": None,
            "n": None,
        },
        {"t": OTHER, "e": 9e12},
    ],
)
def test_what_was_signed_by_us_for_something_else(payload):
    with pytest.raises(Unknown):
        read(sign(payload, purpose="recovery.click"), "click", SENT)


def test_a_cursor_is_no_link():
    with pytest.raises(Unknown):
        read(sign({"t": TENANT}, purpose="cursor"), "click", SENT)


@pytest.mark.parametrize("host", sorted(HOSTS))
def test_pages_of_stripe(host):
    assert payable(f"https://{host}/i/acct_1/x?s=ap") == f"https://{host}/i/acct_1/x?s=ap"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "http://invoice.stripe.com/i/x",
        "https://invoice.stripe.com.evil.example/i/x",
        "https://evil.example/?https://invoice.stripe.com/",
        "https://invoice.stripe.com@evil.example/",
        "https://eve@invoice.stripe.com/",
        "https://invoice.stripe.com:8443/",
        "https://evil.example\\@invoice.stripe.com/",
        "//invoice.stripe.com/i/x",
        "javascript:alert(1)//invoice.stripe.com",
        "https://invoice.stripe.com/\r\nset-cookie: a=b",
        "https://invoice.stripe.com/ x",
        "https://invoice.stripe.com/ü",
    ],
)
def test_nothing_else_is_led_to(url):
    assert payable(url) is None


def test_a_simulator_s_pages_are_its_own(monkeypatch):
    monkeypatch.setenv("STRIPE_URL", "http://127.0.0.1:8421")
    assert payable("http://127.0.0.1:8421/pay/in_1") == "http://127.0.0.1:8421/pay/in_1"
    assert payable("http://127.0.0.1:8422/pay/in_1") is None
    assert links.payable("https://127.0.0.1:8421/pay/in_1") is None
