"""Links of a mail, as their readers follow them: the picture, the way to pay, and no more mails."""

import base64
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from documents.commands import entry_point
from recovery.contact.decider import CONTACT, id_of
from recovery.mail import links
from recovery.mail.links import Link
from support.dynamodb import stored_items
from support.recovery.dunning_flow import dunning, failed, mails
from support.spec import LAMBDA, OTHER, request
from troupe.clock import now
from troupe.store.transact import load

FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
URL = re.compile(r"https://troupe\.example/v1/recovery/(opens|clicks|opt-outs)/([\w.-]+)")


@pytest.fixture
def place(tenant, tmp_path):
    with dunning(tenant, tmp_path) as opened:
        yield opened


@pytest.fixture
def case(place):
    """A mail was sent, a while ago."""
    case = failed(place)
    case.walk().run()
    place.forward(minutes=10)
    return case


def tokens():
    return dict(URL.findall(mails()[-1].body))


def get(command, token, headers=FIREFOX, method="GET", **more):
    event = request(path={"token": token}, principal=None, headers=headers, route=f"{method} /x", **more)
    answer = entry_point("recovery", command)(event, LAMBDA)
    body = answer["body"].replace(answer["headers"]["x-request-id"], "")
    return answer["statusCode"], answer["headers"], body


def test_the_picture_is_noted_once(case):
    status, headers, body = get("record_step_opened", tokens()["opens"])
    assert (status, headers["content-type"]) == (200, "image/gif")
    assert base64.b64decode(body).startswith(b"GIF89a")
    first = case.step(1)
    assert (first.status, first.opened_at is None) == ("opened", False)
    get("record_step_opened", tokens()["opens"])
    assert case.step(1) == first


def test_a_click_leads_to_the_page_where_the_invoice_is_paid(case):
    status, headers, _ = get("record_step_clicked", tokens()["clicks"])
    assert status == 302
    assert (
        headers["location"]
        == f"https://invoice.stripe.com/i/{case.place.stripe.account.id}/{case.invoice.id}"
    )
    assert headers["cache-control"] == "no-store"
    assert case.step(1).status == "clicked"


@pytest.mark.parametrize(
    ("headers", "method"),
    [
        (FIREFOX, "HEAD"),
        ({"user-agent": "Barracuda Sentinel"}, "GET"),
        (FIREFOX | {"sec-purpose": "prefetch"}, "GET"),
        ({}, "GET"),
    ],
)
def test_a_machine_gets_there_too_and_is_not_noted(case, headers, method):
    before = stored_items()
    assert get("record_step_clicked", tokens()["clicks"], headers, method)[0] == 302
    assert stored_items() == before


def test_a_click_seconds_after_the_mail_left_is_a_machine_s(place):
    case = failed(place)
    case.walk().run()
    assert get("record_step_clicked", tokens()["clicks"])[0] == 302
    assert case.step(1).status == "sent"


ADDED = {"utm_source": "mail", "utm_medium": "email", "fbclid": "IwAR0x", "mc_eid": "1", "limit": "many"}


def test_what_mail_programs_add_to_a_link_is_not_looked_at(case):
    """Scanners and clients rewrite links, and leave marks of their own on them."""
    from recovery.queries import handler

    assert get("record_step_opened", tokens()["opens"], query=ADDED)[0] == 200
    assert case.step(1).status == "opened"
    case.place.forward(minutes=1)
    assert get("record_step_clicked", tokens()["clicks"], query=ADDED)[0] == 302
    assert case.step(1).status == "clicked"
    path = {"token": tokens()["opt-outs"]}
    page = request(path=path, principal=None, route="GET /opt-outs/{token}", query=ADDED)
    assert handler(page, LAMBDA)["statusCode"] == 200
    assert get("opt_out", path["token"], method="POST", query=ADDED)[0] == 200
    assert opted_out(case) is not None


def test_of_an_old_mail_the_page_is_asked_for_again(case):
    case.place.forward(days=8)
    asked = len(case.place.calls())
    assert get("record_step_clicked", tokens()["clicks"])[0] == 302
    assert case.place.calls()[asked:] == [f"/v1/invoices/{case.invoice.id}"]


def test_where_stripe_is_down_it_is_the_old_page(case):
    case.place.forward(days=8)
    case.place.fails("down")
    status, headers, _ = get("record_step_clicked", tokens()["clicks"])
    assert (status, case.invoice.id in headers["location"]) == (302, True)


@pytest.mark.parametrize("command", ["record_step_opened", "record_step_clicked", "opt_out"])
def test_no_token_tells_anything_or_writes(case, command):
    """Forged, ended, of another purpose, of nothing that there is: alike."""
    before, own = (
        stored_items(),
        {"record_step_opened": "open", "record_step_clicked": "click"}.get(command, "opt_out"),
    )
    kinds = {"open": "opens", "click": "clicks", "opt_out": "opt-outs"}
    good = tokens()[kinds[own]]
    others = [token for kind, token in tokens().items() if kind != kinds[own]]
    body = {get(command, token)[2] for token in ("x", good[:-1], f"{good[:-2]}AA", "a" * 5000, *others)}
    assert len(body) == 1
    assert {get(command, token)[0] for token in ("x", good[:-1], *others)} == {404}
    case.place.forward(days=401)
    assert get(command, good)[0] == 404
    assert stored_items() == before


@pytest.mark.parametrize("command", ["record_step_opened", "record_step_clicked"])
def test_a_link_of_an_attempt_that_is_not_there(case, command):
    purpose = "open" if command == "record_step_opened" else "click"
    link = Link(
        purpose=purpose,
        tenant_id=OTHER,
        about_id=case.id,
        step_id=case.step(1).id,
        workspace_id=case.attempt.workspace_id,
        customer_id=case.attempt.stripe_customer_id,
        at=now(),
        url="https://invoice.stripe.com/i/x",
    )
    assert get(command, links.address(link).rpartition("/")[2])[0] == 404
    evil = replace(link, tenant_id=case.place.tenant.tenant_id, url="https://evil.example/")
    if purpose == "click":
        assert get(command, links.address(evil).rpartition("/")[2])[0] == 404


def opted_out(case):
    contact_id = id_of(case.attempt.workspace_id, case.attempt.stripe_customer_id)
    return load(case.place.tenant.tenant_id, CONTACT, contact_id).state.opted_out_at


def test_the_page_asks_first_and_changes_nothing(case):
    from recovery.queries import handler

    before = stored_items()
    event = request(path={"token": tokens()["opt-outs"]}, principal=None, route="GET /opt-outs/{token}")
    answer = handler(event, LAMBDA)
    page = base64.b64decode(answer["body"]).decode()
    assert (answer["statusCode"], '<form method="post">' in page) == (200, True)
    assert answer["headers"]["content-type"].startswith("text/html")
    assert "form-action 'self'" in answer["headers"]["content-security-policy"]
    assert stored_items() == before
    wrong = request(path={"token": "x"}, principal=None, route="GET /opt-outs/{token}")
    assert handler(wrong, LAMBDA)["statusCode"] == 404


def test_one_click_and_there_are_no_more_mails(case):
    """The rest of the steps is skipped, and the retries go on."""
    event = request(
        "List-Unsubscribe=One-Click",
        path={"token": tokens()["opt-outs"]},
        principal=None,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    from recovery.mail.handlers.opt_out import handler

    assert handler(event, LAMBDA)["statusCode"] == 200
    first = opted_out(case)
    assert first is not None
    assert handler(event, LAMBDA)["statusCode"] == 200
    assert opted_out(case) == first
    case.until(case.step(2).due_at + timedelta(minutes=1))
    walk = case.run()
    assert ("send_step", "skipped", "opted_out") in walk.outcomes
    assert len(mails()) == 1
    assert case.attempt.retry is not None
