"""The authorizer: who asks and what they may do, or why not."""

from datetime import timedelta

import pytest

from support.faulty_client import throttle
from support.identity.sign_in import failing
from support.spec import ANN, LAMBDA, TENANT
from troupe.clock import now
from troupe.domain.time_zones import month_of
from troupe.edge import principal
from troupe.edge.principal import Exhausted, Unauthenticated, principal_of
from troupe.edge.request import scope_of
from troupe.quota import api_calls, rates
from troupe.quota.too_many_requests import TooManyRequests
from troupe.security import secrets
from troupe.security.credential import CREDENTIAL, MoveCredential, OpenCredential, SetPassword
from troupe.security.roles import BUILT_IN
from troupe.security.tokens import ACCESS_LASTS, Access, issue_access
from troupe.store import keys, transact, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.keys import SYSTEM
from troupe.store.table import Unavailable

ROLE = "0192f0c1-0000-7000-8000-00000000000e"
STANDING = {"status": "active", "zone": "Europe/Berlin", "roles": {ROLE: ["audit:read"]}, "limits": {}}
MONTH = month_of(now(), STANDING["zone"])


def token(at=None, **more):
    access = Access(**{"principal_id": ANN, "tenant_id": TENANT, "kind": "user", "epoch": 0} | more)
    return issue_access(access, secrets.signing_keys(), at or now())


def authorize(header):
    from root.authorizer import handler

    answer = handler({"headers": {"authorization": header}}, LAMBDA)
    assert answer["isAuthorized"] is True
    return answer["context"]


def ask(**more):
    return authorize(f"Bearer {token(**more)}")


def act(command, tenant_id=TENANT):
    scope = scope_of(now=now(), tenant_id=tenant_id, actor="test", correlation_id="c")
    creates = isinstance(command, OpenCredential)
    transact.execute(scope, Ref(decider=CREDENTIAL, id=ANN, creates=creates), command)


def opened(status="active", roles=("consumer",), kind="user"):
    return OpenCredential(kind=kind, email="ann@example.com", status=status, roles=roles)


def stand(**more):
    commit([writes.put(keys.standing(TENANT), STANDING | more)])


@pytest.fixture
def ann(table):
    stand()
    act(opened())


class TestPrincipal:
    def test_what_the_edge_reads_is_what_the_authorizer_says(self, ann):
        event = {"requestContext": {"authorizer": {"lambda": ask()}}}
        found = principal_of(event)
        assert found == principal.Principal(
            id=ANN,
            kind="user",
            tenant_id=TENANT,
            permissions=BUILT_IN["consumer"],
            standing="active",
            zone="Europe/Berlin",
        )

    def test_the_scheme_in_any_case(self, ann):
        assert authorize(f"bearer  {token()}")["principal_id"] == ANN

    def test_roles_of_the_tenant_s_own_add_to_the_built_in_ones(self, table):
        stand()
        act(opened(roles=("staff", ROLE, "gone")))
        assert set(ask()["permissions"]) == BUILT_IN["staff"] | {"audit:read"}

    @pytest.mark.parametrize("status", ["trial", "active", "suspended"])
    def test_a_tenant_that_may_read(self, ann, status):
        stand(status=status)
        assert ask()["standing"] == status

    def test_an_operator_belongs_to_no_tenant(self, table):
        act(opened(kind="operator", roles=("operator",)), SYSTEM)
        found = ask(tenant_id=SYSTEM, kind="operator")
        assert (found["tenant_id"], found["standing"], found["zone"]) == (SYSTEM, "active", "UTC")
        assert set(found["permissions"]) == BUILT_IN["operator"]

    def test_a_token_of_a_later_epoch_is_as_good(self, ann):
        assert ask(epoch=1)["principal_id"] == ANN


class TestRefused:
    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer a.b.c"])
    def test_no_token(self, ann, header):
        assert authorize(header) == {"refused": "token_invalid"}

    def test_no_header(self, ann):
        from root.authorizer import handler

        assert handler({}, LAMBDA)["context"] == {"refused": "token_invalid"}

    def test_forged(self, ann):
        header, _, signature = token().split(".")
        other = token(principal_id=TENANT).split(".")[1]
        assert authorize(f"Bearer {header}.{other}.{signature}") == {"refused": "token_invalid"}

    def test_expired(self, ann):
        assert ask(at=now() - ACCESS_LASTS - timedelta(seconds=1)) == {"refused": "token_expired"}

    def test_an_unknown_principal_is_refused(self, table):
        stand()
        assert ask() == {"refused": "principal_unknown"}

    def test_of_another_kind(self, ann):
        assert ask(kind="supplier") == {"refused": "principal_unknown"}

    @pytest.mark.parametrize(
        ("status", "code"),
        [("suspended", "principal_suspended"), ("closed", "principal_unknown")],
    )
    def test_of_one_who_was(self, ann, status, code):
        act(MoveCredential(status=status))
        assert ask() == {"refused": code}

    def test_of_one_who_is_not_yet(self, table):
        stand()
        act(opened(status="pending"))
        assert ask() == {"refused": "principal_unknown"}

    def test_of_a_session_that_ended(self, ann):
        act(SetPassword())
        assert ask() == {"refused": "session_ended"}
        assert ask(epoch=1)["principal_id"] == ANN

    def test_of_a_tenant_that_is_cancelled(self, ann):
        stand(status="cancelled")
        assert ask() == {"refused": "tenant_cancelled"}

    def test_of_a_tenant_that_is_not_there(self, table):
        act(opened())
        assert ask() == {"refused": "principal_unknown"}

    def test_the_edge_answers_a_refusal(self, ann):
        passed = authorize("Bearer x")
        with pytest.raises(Unauthenticated) as refused:
            principal_of({"requestContext": {"authorizer": {"lambda": passed}}})
        assert refused.value.reason == "token_invalid"


class TestUsedUp:
    def test_calls_of_the_month(self, ann):
        stand(limits={api_calls.LIMIT: 10})
        commit([api_calls.refused(TENANT, MONTH, 10)])
        assert ask() == {"refused": "api_calls_used_up"}
        with pytest.raises(Exhausted):
            principal_of({"requestContext": {"authorizer": {"lambda": ask()}}})

    def test_more_than_the_plan_s_rate(self, ann):
        stand()
        commit([rates.throttle(TENANT, now())])
        passed = ask()
        assert passed["refused"] == "throttled"
        with pytest.raises(TooManyRequests) as refused:
            principal_of({"requestContext": {"authorizer": {"lambda": passed}}})
        assert 0 < refused.value.retry_after <= 60

    def test_a_rate_that_was_passed_before(self, ann):
        stand()
        commit([rates.throttle(TENANT, now() - timedelta(minutes=1))])
        assert ask()["principal_id"] == ANN

    def test_of_the_month_before(self, ann):
        stand(limits={api_calls.LIMIT: 10})
        commit([api_calls.refused(TENANT, "2026-01", 10)])
        assert ask()["principal_id"] == ANN

    def test_a_limit_that_was_raised_since(self, ann):
        stand(limits={api_calls.LIMIT: 11})
        commit([api_calls.refused(TENANT, MONTH, 10)])
        assert ask()["principal_id"] == ANN


def test_one_round_trip(ann, monkeypatch):
    from root import authorizer

    seen = []
    real = authorizer.reads.batch
    monkeypatch.setattr(authorizer.reads, "batch", lambda wanted: seen.append(len(wanted)) or real(wanted))
    ask()
    assert seen == [2]


class TestOutages:
    """The gateway would make a bare 500 of an authorizer that fails."""

    def test_what_cannot_be_read_now_is_answered_by_the_function_with_503(self, ann):
        with failing(*[throttle] * 10, operation="batch_get_item"):
            passed = ask()
        assert passed == {"refused": principal.OUT_OF_REACH}
        with pytest.raises(Unavailable):
            principal_of({"requestContext": {"authorizer": {"lambda": passed}}})

    def test_a_fault_of_ours_stays_one(self, ann, monkeypatch):
        monkeypatch.setattr(secrets, "_read", lambda arn: {})
        secrets.forget()
        with pytest.raises(KeyError):
            authorize("Bearer x.y.z")
