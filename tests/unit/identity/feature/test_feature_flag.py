"""Feature flags: what decides over what, and a rollout that is always the same and only grows."""

from dataclasses import replace

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from identity.feature.catalogue import evaluated
from identity.feature.flag_decider import (
    FEATURE_FLAG,
    DefineFeatureFlag,
    Definition,
    FeatureFlagDefined,
    evaluate,
    share,
)
from identity.feature.override_decider import (
    FEATURE_OVERRIDE,
    ClearFeatureOverride,
    SetFeatureOverride,
    TenantFeatureOverrideCleared,
    TenantFeatureOverrideSet,
)
from support.spec import TENANT, Given, assert_folds_as_stored
from troupe.ids import new_id

OFF = Definition(description="The new feed", enabled=False)
flag, override = Given(FEATURE_FLAG), Given(FEATURE_OVERRIDE)
definitions = st.builds(
    Definition,
    description=st.text(),
    enabled=st.booleans(),
    killed=st.booleans(),
    rollout_percentage=st.none() | st.integers(0, 100),
    value=st.none() | st.booleans(),
)
tenants = st.uuids().map(str)


@pytest.mark.parametrize(
    "more, chosen, enabled, reason",
    [
        ({}, None, False, "default"),
        ({"enabled": True}, None, True, "default"),
        ({"value": True}, None, True, "global"),
        ({"enabled": True, "value": False}, None, False, "global"),
        ({"value": False, "rollout_percentage": 100}, None, True, "rollout"),
        ({"value": True, "rollout_percentage": 0}, None, True, "global"),
        ({"rollout_percentage": 0}, None, False, "default"),
        ({"rollout_percentage": 100}, False, False, "tenant"),
        ({}, True, True, "tenant"),
        ({"enabled": True, "value": True, "rollout_percentage": 100, "killed": True}, True, False, "kill"),
    ],
)
def test_what_decides(more, chosen, enabled, reason):
    assert evaluate("feed", replace(OFF, **more), chosen, TENANT) == (enabled, reason)


@examples(definitions, st.none() | st.booleans(), tenants)
def test_kill_over_tenant_over_rollout_over_global_over_default(definition, chosen, tenant_id):
    rolled_out = (
        definition.rollout_percentage is not None and share("feed", tenant_id) < definition.rollout_percentage
    )
    said = (
        ("kill", False if definition.killed else None),
        ("tenant", chosen),
        ("rollout", True if rolled_out else None),
        ("global", definition.value),
        ("default", definition.enabled),
    )
    reason, enabled = next((reason, value) for reason, value in said if value is not None)
    assert evaluate("feed", definition, chosen, tenant_id) == (enabled, reason)


@examples(tenants, st.integers(0, 100), st.integers(0, 100))
def test_a_growing_rollout_keeps_its_users(tenant_id, one, other):
    less, more = sorted((one, other))
    before = evaluate("feed", replace(OFF, rollout_percentage=less), None, tenant_id)
    after = evaluate("feed", replace(OFF, rollout_percentage=more), None, tenant_id)
    assert after.enabled or not before.enabled


def test_a_rollout_reaches_about_its_share_and_for_each_flag_other_tenants():
    some = [new_id() for _ in range(2000)]
    feed = {tenant_id for tenant_id in some if share("feed", tenant_id) < 25}
    shop = {tenant_id for tenant_id in some if share("shop", tenant_id) < 25}
    assert 400 < len(feed) < 600
    assert 60 < len(feed & shop) < 190


def test_a_definition_is_replaced_whole():
    defined = FeatureFlagDefined(definition=OFF)
    flag().when(DefineFeatureFlag(definition=OFF)).then(defined)
    flag(defined).when(DefineFeatureFlag(definition=OFF)).then_nothing()
    killed = replace(OFF, killed=True)
    flag(defined).when(DefineFeatureFlag(definition=killed)).then(FeatureFlagDefined(definition=killed))


@examples(st.lists(definitions))
def test_the_fold_is_the_stored_state(defined):
    assert_folds_as_stored(FEATURE_FLAG, tuple(FeatureFlagDefined(definition=each) for each in defined))


class TestOverride:
    chosen = TenantFeatureOverrideSet(flag="feed", enabled=False, reason="slow")
    cleared = TenantFeatureOverrideCleared(flag="feed")

    def test_is_set_and_cleared(self):
        set_off = SetFeatureOverride(flag="feed", enabled=False, reason="slow")
        override().when(set_off).then(self.chosen)
        override(self.chosen).when(set_off).then_nothing()
        override(self.chosen).when(ClearFeatureOverride(flag="feed")).then(self.cleared)
        override(self.chosen, self.cleared).when(ClearFeatureOverride(flag="feed")).then_nothing()
        override().when(ClearFeatureOverride(flag="feed")).then_nothing()

    def test_can_be_set_to_the_contrary(self):
        on = SetFeatureOverride(flag="feed", enabled=True)
        override(self.chosen).when(on).then(TenantFeatureOverrideSet(flag="feed", enabled=True, reason=""))

    def test_the_fold_is_the_stored_state(self):
        assert_folds_as_stored(FEATURE_OVERRIDE, (self.chosen, self.cleared, self.chosen))


def test_all_flags_are_evaluated_by_name():
    flags = {
        "shop": {"description": "Shop", "enabled": True},
        "feed": {"description": "Feed", "enabled": False},
    }
    found = list(evaluated({"flags": flags}, {"flags": {"feed": True}}, TENANT))
    assert [(each.name, *each.evaluation) for each in found] == [
        ("feed", True, "tenant"),
        ("shop", True, "default"),
    ]
    assert list(evaluated(None, None, TENANT)) == []
