"""A tenant from its trial on: every move between its statuses, what a trial becomes, and what limits it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from identity.plans import PLANS, Overrides, allowed
from identity.tenant.commands import (
    CancelTenant,
    EndTrial,
    ProvisionTenant,
    ReactivateTenant,
    SuspendTenant,
    UpdatePlan,
    UpdateQuotas,
    UpdateSettings,
)
from identity.tenant.decider import MOVES, TENANT, TRIAL, Tenant
from identity.tenant.events import (
    TRIAL_ENDED,
    Settings,
    TenantCancelled,
    TenantPlanChanged,
    TenantProvisioned,
    TenantQuotasUpdated,
    TenantReactivated,
    TenantSettingsUpdated,
    TenantSuspended,
)
from support.spec import NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected
from troupe.store.aggregates import dump, parse

AT = NOON.now
PROVISION = ProvisionTenant(name="Acme", slug="acme", plan="pro", zone="Europe/Berlin", domain="acme.example")
PROVISIONED = TenantProvisioned(
    name="Acme",
    slug="acme",
    plan="pro",
    limits=PLANS["pro"],
    zone="Europe/Berlin",
    settings=Settings(),
    at=AT,
    trial_ends_at=AT + TRIAL,
    domain="acme.example",
)
ON_TRIAL = replace(PROVISIONED, plan="trial", limits=PLANS["trial"])
FREE = replace(PROVISIONED, plan="free", limits=PLANS["free"])
CONFIRMED = TenantPlanChanged(was="pro", plan="pro", limits=PLANS["pro"], activated=True, at=AT)
SUSPENDED = TenantSuspended(was="active", reason="unpaid", at=AT)
HISTORIES = {
    "trial": (PROVISIONED,),
    "active": (PROVISIONED, CONFIRMED),
    "suspended": (PROVISIONED, CONFIRMED, SUSPENDED),
    "cancelled": (PROVISIONED, TenantCancelled(was="trial", reason="no use", at=AT)),
}
COMMANDS_THAT_MOVE = {
    "active": ReactivateTenant(),
    "suspended": SuspendTenant(reason="unpaid"),
    "cancelled": CancelTenant(reason="no use"),
}

tenant = Given(TENANT)


def state(*history) -> Tenant:
    return tenant(*history).state


class TestProvisioning:
    def test_begins_with_a_trial_of_the_plan(self):
        tenant().when(PROVISION).then(PROVISIONED)
        assert state(PROVISIONED).status == "trial"
        assert TENANT.listed(state(PROVISIONED), "t").due == ("trial", AT + TRIAL)


class TestLifecycle:
    @pytest.mark.parametrize("command", COMMANDS_THAT_MOVE.values())
    @pytest.mark.parametrize("was", HISTORIES)
    def test_an_event_says_what_it_was(self, was, command):
        given = tenant(*HISTORIES[was])
        if was in MOVES.moves[type(command)].source:
            (event,) = given.when(command).act()
            assert event.was == was

    def test_a_suspension_has_a_reason_until_it_is_lifted(self):
        suspended = state(*HISTORIES["suspended"])
        assert suspended.reason == "unpaid"
        assert state(*HISTORIES["suspended"], TenantReactivated(was="suspended", at=AT)).reason is None

    def test_a_cancelled_tenant_gives_its_domain_up_and_keeps_its_slug(self):
        cancelled = state(*HISTORIES["cancelled"])
        assert (cancelled.domain, cancelled.slug, cancelled.reason) == (None, "acme", "no use")

    @pytest.mark.parametrize(
        "command",
        [
            UpdatePlan(plan="free"),
            UpdateSettings(changes={"name": "x"}),
            UpdateQuotas(overrides=Overrides(max_users=1)),
        ],
    )
    def test_a_cancelled_tenant_stays_as_it_is(self, command):
        tenant(*HISTORIES["cancelled"]).when(command).then_rejected("tenant_cancelled")

    @pytest.mark.parametrize("status", ["active", "suspended", "cancelled"])
    def test_only_a_trial_falls_due(self, status):
        assert TENANT.listed(state(*HISTORIES[status]), "t").due is None


class TestEndOfTrial:
    over = AT + TRIAL

    def test_a_trial_goes_on_with_what_is_free(self):
        free = TenantPlanChanged(was="trial", plan="free", limits=PLANS["free"], activated=True, at=self.over)
        tenant(ON_TRIAL).at(self.over).when(EndTrial()).then(free)
        assert state(ON_TRIAL, free).status == "active"

    def test_what_costs_nothing_goes_on(self):
        tenant(FREE).at(self.over).when(EndTrial()).then(TenantReactivated(was="trial", at=self.over))

    def test_an_unconfirmed_tenant_is_cancelled(self):
        stopped = TenantSuspended(was="trial", reason=TRIAL_ENDED, at=self.over)
        tenant(PROVISIONED).at(self.over).when(EndTrial()).then(stopped)

    def test_not_before_its_time(self):
        early = self.over - timedelta(microseconds=1)
        tenant(PROVISIONED).at(early).when(EndTrial()).then_rejected("trial_not_over")

    @pytest.mark.parametrize("status", ["active", "suspended", "cancelled"])
    def test_is_nothing_to_who_is_past_it(self, status):
        tenant(*HISTORIES[status]).at(self.over).when(EndTrial()).then_nothing()


@pytest.mark.parametrize("slug", ["admin", "www", "api", "login", "xn--caf-dma"])
def test_a_slug_that_passes_for_the_platform_is_reserved(slug):
    tenant().when(replace(PROVISION, slug=slug)).then_rejected("slug_reserved")


class TestPlan:
    def test_confirms_a_trial_even_with_the_same_plan(self):
        tenant(PROVISIONED).when(UpdatePlan(plan="pro")).then(CONFIRMED)
        assert state(PROVISIONED, CONFIRMED).status == "active"

    def test_lifts_the_suspension_that_followed_a_trial(self):
        ended = TenantSuspended(was="trial", reason=TRIAL_ENDED, at=AT)
        tenant(PROVISIONED, ended).when(UpdatePlan(plan="pro")).then(CONFIRMED)

    def test_lifts_no_other_suspension(self):
        changed = TenantPlanChanged(was="pro", plan="growth", limits=PLANS["growth"], activated=False, at=AT)
        raised = UpdatePlan(plan="growth", may_raise=True)
        tenant(*HISTORIES["suspended"]).when(raised).then(changed)
        assert state(*HISTORIES["suspended"], changed).status == "suspended"

    def test_the_same_again_changes_nothing(self):
        tenant(*HISTORIES["active"]).when(UpdatePlan(plan="pro")).then_nothing()

    @pytest.mark.parametrize("plan", ["growth", "enterprise"])
    def test_a_tenant_alone_does_not_go_up(self, plan):
        tenant(*HISTORIES["active"]).when(UpdatePlan(plan=plan)).then_rejected("plan_not_confirmed")

    def test_a_tenant_on_trial_chooses_what_is_free(self):
        changed = TenantPlanChanged(was="trial", plan="free", limits=PLANS["free"], activated=True, at=AT)
        tenant(ON_TRIAL).when(UpdatePlan(plan="free")).then(changed)

    def test_the_same_plan_with_what_it_allows_today(self):
        then = replace(PROVISIONED, limits=PLANS["starter"])
        confirmed = replace(CONFIRMED, limits=PLANS["starter"])
        renewed = replace(CONFIRMED, activated=False)
        tenant(then, confirmed).when(UpdatePlan(plan="pro")).then(renewed)

    def test_what_is_set_apart_stays_apart(self):
        apart = Overrides(max_users=7)
        updated = TenantQuotasUpdated(overrides=apart, limits=allowed("pro", apart), at=AT)
        (changed,) = tenant(*HISTORIES["active"], updated).when(UpdatePlan(plan="free")).act()
        assert (changed.limits.max_users, changed.limits.max_talents) == (7, PLANS["free"].max_talents)


class TestQuotas:
    def test_are_set_apart_from_the_plan_all_at_once(self):
        first, second = Overrides(max_users=7), Overrides(max_talents=0)
        updated = TenantQuotasUpdated(overrides=first, limits=replace(PLANS["pro"], max_users=7), at=AT)
        tenant(*HISTORIES["active"]).when(UpdateQuotas(overrides=first)).then(updated)
        replaced = TenantQuotasUpdated(overrides=second, limits=replace(PLANS["pro"], max_talents=0), at=AT)
        tenant(*HISTORIES["active"], updated).when(UpdateQuotas(overrides=second)).then(replaced)

    def test_the_same_again_changes_nothing(self):
        tenant(*HISTORIES["active"]).when(UpdateQuotas(overrides=Overrides())).then_nothing()


class TestSettings:
    def test_what_is_not_named_stays(self):
        later = AT + timedelta(hours=1)
        changes = UpdateSettings(changes={"domain": None, "open_sign_up": True, "zone": "Asia/Tokyo"})
        updated = TenantSettingsUpdated(
            name="Acme",
            domain=None,
            billing_email=None,
            metadata={},
            zone="Asia/Tokyo",
            settings=Settings(open_sign_up=True),
            at=later,
        )
        tenant(PROVISIONED).at(later).when(changes).then(updated)
        after = state(PROVISIONED, updated)
        assert (after.zone, after.domain, after.slug, after.updated_at) == ("Asia/Tokyo", None, "acme", later)

    def test_a_map_is_replaced_whole(self):
        changes = UpdateSettings(changes={"metadata": {"a": 1}, "custom": {"b": [2]}})
        (updated,) = tenant(PROVISIONED).when(changes).act()
        assert (updated.metadata, updated.settings.custom) == ({"a": 1}, {"b": [2]})

    def test_what_the_shop_goes_by_is_set_one_by_one(self):
        rates = {"DE": 1900}
        (first,) = tenant(PROVISIONED).when(UpdateSettings(changes={"tax_rates": rates})).act()
        assert first.settings == Settings(tax_rates=rates)
        (second,) = (
            tenant(PROVISIONED, first).when(UpdateSettings(changes={"commission_basis_points": 0})).act()
        )
        assert second.settings == Settings(tax_rates=rates, commission_basis_points=0)

    def test_settings_of_before_there_was_a_shop_are_read(self):
        stored = json.loads(dump(TENANT.state, state(PROVISIONED)))
        stored["settings"] = {"open_sign_up": True, "default_currency": "EUR", "custom": {}}
        read = parse(TENANT.state, json.dumps(stored)).settings
        assert read == Settings(open_sign_up=True, default_currency="EUR")

    def test_the_same_again_changes_nothing(self):
        same = UpdateSettings(changes={"name": "Acme", "open_sign_up": False})
        tenant(PROVISIONED).when(same).then_nothing()


COMMANDS = st.one_of(
    st.sampled_from([EndTrial(), *COMMANDS_THAT_MOVE.values()]),
    st.builds(UpdatePlan, plan=st.sampled_from(sorted(PLANS)), may_raise=st.booleans()),
    st.builds(
        UpdateQuotas,
        overrides=st.builds(Overrides, max_users=st.one_of(st.none(), st.integers(0, 10**6))),
    ),
    st.builds(
        UpdateSettings,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "name": st.text(min_size=1),
                "domain": st.one_of(st.none(), st.just("acme.example")),
                "open_sign_up": st.booleans(),
                "metadata": st.dictionaries(st.text(), st.integers()),
            },
        ),
    ),
)


@examples(st.lists(st.tuples(COMMANDS, st.integers(0, 20)), max_size=15))
def test_statuses_and_limits_hold_after_any_commands(asked):
    """Statuses move along the table, limits are the plan's with what is set apart, and the fold is the state."""
    history, now = [PROVISIONED], AT
    for command, days in asked:
        now += timedelta(days=days)
        before = TENANT.fold(history)
        try:
            events = TENANT.answer(command, before, replace(NOON, now=now))
        except Rejected:
            continue
        history += events
        after = TENANT.fold(history)
        assert after.status == before.status or before.status != "cancelled"
        assert after.status != "trial" or before.status == "trial"
        assert after.limits == allowed(after.plan, after.overrides)
        assert after.updated_at == (now if events else before.updated_at)
        assert bool(after.reason) == (after.status in {"suspended", "cancelled"})
        again = TENANT.answer(command, after, replace(NOON, now=now))
        assert again == ()
    assert_folds_as_stored(TENANT, tuple(history))


def test_only_a_trial_falls_due():
    due = {status: TENANT.listed(tenant(*HISTORIES[status]).state, "t").due for status in HISTORIES}
    assert due == {**dict.fromkeys(HISTORIES), "trial": ("trial", AT + TRIAL)}
