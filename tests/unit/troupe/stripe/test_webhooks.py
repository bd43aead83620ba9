from datetime import UTC, datetime, timedelta

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from troupe.stripe.signatures import ForgedSignature, MalformedSignature, StaleSignature, verify

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
OLD, NEW = "whsec_old", "whsec_new"
BODY = b'{"id": "evt_1"}'


def header(body=BODY, secret=NEW, at=NOON):
    """As Stripe's own library signs."""
    return stripe.WebhookSignature.generate_signature_header(body.decode(), secret, int(at.timestamp()))


def signature(**given):
    return header(**given).partition(",")[2]


T = f"t={int(NOON.timestamp())}"


@given(
    st.text(st.characters(codec="utf-8")).map(str.encode),
    st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip),
)
def test_what_stripe_signs_is_genuine(body, secret):
    assert verify(body, header(body, secret), [secret], NOON) == NOON


@pytest.mark.parametrize("secrets", [[OLD, NEW], [NEW, OLD]])
@pytest.mark.parametrize("signed_with", [OLD, NEW])
def test_either_secret_will_do_while_they_are_rotated(secrets, signed_with):
    assert verify(BODY, header(secret=signed_with), secrets, NOON) == NOON


def test_any_of_several_signatures_will_do():
    several = f"{T},{signature(secret='other')},v0=abc,{signature(secret=OLD)},{signature()}"
    assert verify(BODY, several, [NEW], NOON) == NOON


def test_spaces_after_commas_are_nothing():
    assert verify(BODY, header().replace(",", ", "), [NEW], NOON) == NOON


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_within_five_minutes(seconds):
    assert verify(BODY, header(), [NEW], NOON + timedelta(seconds=seconds)) == NOON


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_beyond_five_minutes(seconds):
    with pytest.raises(StaleSignature):
        verify(BODY, header(), [NEW], NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("body", "given"),
    [
        (BODY + b" ", header()),
        (b"", header()),
        (BODY, header(secret=OLD)),
        (BODY, f"t={int(NOON.timestamp()) + 1},{signature()}"),  # the time is signed too
        (BODY, header().replace("v1=", "v0=") + ",v1="),
        (BODY, f"{T},v1={signature().removeprefix('v1=').upper()}"),
        (b"\xff\xfe", header()),
    ],
)
def test_forged(body, given):
    with pytest.raises(ForgedSignature):
        verify(body, given, [NEW], NOON)


def test_a_forged_one_is_not_called_stale():
    with pytest.raises(ForgedSignature):
        verify(BODY, header(secret=OLD), [NEW], NOON + timedelta(days=1))


@pytest.mark.parametrize(
    "given",
    [
        "",
        "t",
        T,
        signature(),
        header().replace("v1=", "v0="),
        f"{T},{header()}",
        f"t=,{signature()}",
        f"t=-1,{signature()}",
        f"t=1.5,{signature()}",
        f"t=10000000000,{signature()}",
        f"t=١٢,{signature()}",
        f"{header()},v1=ü",
        f"{header()}{',v1=0' * 1000}",
    ],
)
def test_malformed(given):
    with pytest.raises(MalformedSignature):
        verify(BODY, given, [NEW], NOON)


@given(st.text() | st.text("tv10=,abc "))
def test_no_other_text_is_a_signature(text):
    with pytest.raises((MalformedSignature, ForgedSignature)):
        verify(BODY, text, [NEW], NOON)


@pytest.mark.parametrize("secrets", [[], [""], [" "], [NEW, ""]])
def test_a_blank_secret_is_refused_and_verifies_nothing(secrets):
    with pytest.raises(ValueError, match="blank"):
        verify(BODY, header(secret=""), secrets, NOON)
