"""The stream of sign-ins and the mails read the golden events by the names of their fields."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from documents.samples.golden import golden_events, life
from identity.mail.mail import WRITTEN
from identity.mail.recipient import Account
from identity.sign_in.decider import SIGN_IN, EmailChange, SignIn
from troupe.security.credential import Credential
from troupe.store.aggregates import Stored, parse

GOLDEN = golden_events("identity")
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
WHO = Credential(
    kind="user", email="emily@bakery.example", status="active", roles=("consumer",), opened_at=NOON
)


def minutes(number):
    return NOON + timedelta(minutes=number)


def test_a_history_of_all_of_them_is_read():
    lived = life("identity", "sign_in")
    assert {each.type for each in lived} == set(SIGN_IN.events) - {"user.sign_in_personal_data_erased"}
    state = SIGN_IN.fold(parse(SIGN_IN.events[each.type], json.dumps(each.data)) for each in lived)
    assert state == SignIn(
        last_login_at=minutes(5),
        last_login_address="203.0.113.7",
        attempts=0,
        locked_until=None,
        password_changed_at=minutes(30),
        verification_requested_at=minutes(0),
        password_reset_requested_at=minutes(26),
        email_change=EmailChange(email="emily@bakery.example", at=minutes(6)),
    )


@pytest.mark.parametrize(
    "event", [pytest.param(each, id=each.type) for each in GOLDEN if each.type in WRITTEN]
)
def test_the_mails_read_what_they_are_written_from(event, monkeypatch, aws):
    monkeypatch.setattr("troupe.store.reads.one", lambda key: None)
    lived = SignIn(
        locked_until=minutes(35), email_change=EmailChange(email="emily@bakery.example", at=minutes(6))
    )
    pending = event.type in {"user.created", "user.verification_requested"}
    account = Account(
        tenant_id=event.tenant_id,
        who=Stored(
            id=event.aggregate_id, version=1, state=replace(WHO, status="pending" if pending else "active")
        ),
        sign_in=lived,
        name=", Emily",
        place="Acme",
        invited=False,
        zone="Europe/Berlin",
        happened_at=datetime.fromisoformat(event.occurred_at),
        now=minutes(40),
    )
    letter = WRITTEN[event.type](account, event)
    assert letter is not None
    former = event.type == "user.email_changed"
    assert letter.to == ("emily@example.com" if former else "emily@bakery.example")
    assert letter.values.keys() == letter.template.variables
