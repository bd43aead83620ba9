import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.security.secrets import SigningKeys
from troupe.security.signing import sign
from troupe.security.tokens import (
    Access,
    InvalidToken,
    Link,
    issue_access,
    issue_link_token,
    read_access,
    read_link_token,
)

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
OLD, NEW = "o" * 32, "n" * 32
KEYS = SigningKeys(current="new", keys={"old": OLD, "new": NEW})
BEFORE = SigningKeys(current="old", keys={"old": OLD})
ACCESS = Access(
    principal_id="0197a1b2-0000-7000-8000-000000000001",
    tenant_id="0197a1b2-0000-7000-8000-000000000002",
    kind="user",
    epoch=3,
)
LINK = Link(
    purpose="reset",
    tenant_id="0197a1b2-0000-7000-8000-000000000002",
    principal_id="0197a1b2-0000-7000-8000-000000000001",
    binding="4",
    expires_at=NOON + timedelta(hours=1),
)
CLAIMS = {
    "iss": "troupe",
    "aud": "troupe-api",
    "exp": int(NOON.timestamp()) + 900,
    "sub": "s",
    "tid": "t",
    "kind": "user",
    "epoch": 1,
}


def refusal(read, *given):
    with pytest.raises(InvalidToken) as refused:
        read(*given)
    return refused.value.reason


def forge(claims=CLAIMS, key=NEW, algorithm="HS256", headers=None):
    return jwt.encode(
        claims, key, algorithm=algorithm, headers={"kid": "new"} if headers is None else headers
    )


class TestAccess:
    def test_what_is_issued_reads_back(self):
        assert read_access(issue_access(ACCESS, KEYS, NOON), KEYS, NOON) == ACCESS

    def test_what_it_says(self):
        token = issue_access(ACCESS, KEYS, NOON)
        assert jwt.get_unverified_header(token) == {"alg": "HS256", "kid": "new", "typ": "JWT"}
        assert jwt.decode(token, options={"verify_signature": False}) == {
            "iss": "troupe",
            "aud": "troupe-api",
            "iat": NOON.timestamp(),
            "exp": NOON.timestamp() + 900,
            "sub": ACCESS.principal_id,
            "tid": ACCESS.tenant_id,
            "kind": "user",
            "epoch": 3,
        }

    def test_it_is_good_for_fifteen_minutes(self):
        token = issue_access(ACCESS, KEYS, NOON)
        last = NOON + timedelta(minutes=15) - timedelta(microseconds=1)
        assert read_access(token, KEYS, last) == ACCESS
        assert refusal(read_access, token, KEYS, NOON + timedelta(minutes=15)) == "expired"

    def test_only_the_callers_clock_counts(self):
        future = datetime(2126, 1, 1, tzinfo=UTC)
        assert read_access(issue_access(ACCESS, KEYS, future), KEYS, future) == ACCESS

    def test_one_of_the_previous_key_is_accepted(self):
        assert read_access(issue_access(ACCESS, BEFORE, NOON), KEYS, NOON) == ACCESS

    def test_one_of_an_unknown_key_is_not(self):
        assert refusal(read_access, issue_access(ACCESS, KEYS, NOON), BEFORE, NOON) == "forged"

    def test_the_forgery_itself_is_well_formed(self):
        assert read_access(forge(), KEYS, NOON).epoch == 1

    @pytest.mark.parametrize("left_out", ["iss", "aud", "exp", "sub", "tid", "kind", "epoch"])
    def test_no_claim_can_be_missing(self, left_out):
        claims = {name: value for name, value in CLAIMS.items() if name != left_out}
        assert refusal(read_access, forge(claims), KEYS, NOON) == "forged"

    @pytest.mark.parametrize(
        "token",
        [
            "",
            "a.b.c",
            "\ud800",
            forge(key="x" * 32),
            forge(key=OLD),
            forge({**CLAIMS, "iss": "other"}),
            forge({**CLAIMS, "aud": "other"}),
            forge({**CLAIMS, "epoch": None}),
            forge({**CLAIMS, "exp": "soon"}),
            forge(algorithm="HS512", key=NEW * 2),
            forge(headers={}),
            forge(headers={"kid": "unknown"}),
            jwt.encode(CLAIMS, None, algorithm="none", headers={"kid": "new"}),
            sign(CLAIMS, purpose="link", keys=KEYS),
        ],
    )
    def test_what_we_did_not_issue(self, token):
        assert refusal(read_access, token, KEYS, NOON) == "forged"

    def test_a_key_id_that_is_no_text(self):
        header = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": ["new"]}).encode()).decode()
        _, body, mac = forge().split(".")
        assert refusal(read_access, f"{header.rstrip('=')}.{body}.{mac}", KEYS, NOON) == "forged"

    @given(st.data())
    def test_no_character_of_what_is_signed_can_be_changed(self, data):
        token = issue_access(ACCESS, KEYS, NOON)
        at = data.draw(st.integers(0, token.rindex(".")))
        other = data.draw(st.sampled_from("ABCxyz019-_.").filter(lambda character: character != token[at]))
        assert refusal(read_access, token[:at] + other + token[at + 1 :], KEYS, NOON) == "forged"


class TestLink:
    def read(self, token, purpose="reset", keys=KEYS, now=NOON):
        return read_link_token(token, purpose, keys, now)

    @pytest.mark.parametrize("purpose", ["verify", "reset", "change_email", "invite"])
    def test_what_is_issued_reads_back(self, purpose):
        link = replace(LINK, purpose=purpose)
        assert self.read(issue_link_token(link, KEYS), purpose) == link

    def test_it_stands_in_a_url_as_it_is(self):
        token = issue_link_token(LINK, KEYS)
        assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
        assert len(token) < 260

    def test_it_expires(self):
        token = issue_link_token(LINK, KEYS)
        assert self.read(token, now=LINK.expires_at - timedelta(microseconds=1)) == LINK
        assert refusal(read_link_token, token, "reset", KEYS, LINK.expires_at) == "expired"

    def test_for_one_purpose(self):
        assert refusal(read_link_token, issue_link_token(LINK, KEYS), "verify", KEYS, NOON) == "wrong_purpose"

    def test_one_of_the_previous_key_is_accepted(self):
        assert self.read(issue_link_token(LINK, BEFORE)) == LINK

    @pytest.mark.parametrize(
        "token",
        ["", "x", issue_access(ACCESS, KEYS, NOON), sign({"p": "reset"}, purpose="cursor", keys=KEYS)],
    )
    def test_what_we_did_not_issue(self, token):
        assert refusal(read_link_token, token, "reset", KEYS, NOON) == "forged"
