"""The golden events of tenants: whole histories that the aggregates read, and the reaction that reads them."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from documents.samples.golden import golden_events, life
from identity.feature.flag_decider import FEATURE_FLAG, Definition, FeatureFlag
from identity.feature.override_decider import FEATURE_OVERRIDE, FeatureOverride
from identity.organization.decider import ORGANIZATION, Organization
from identity.plans import PLANS
from identity.staff.decider import STAFF, Staff
from identity.tenant.decider import TENANT
from identity.usage.decider import USAGE, Usage
from identity.usage.period_decider import USAGE_PERIOD, ClosedPeriod
from identity.usage.quota_warnings import USES
from troupe.store.aggregates import parse

GOLDEN = golden_events("identity")
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def told(decider):
    """The state after the golden events of a stream, all of the types that it knows."""
    lived = life("identity", decider.name)
    assert {event.type for event in lived} == set(decider.events)
    return decider.fold(parse(decider.events[each.type], json.dumps(each.data)) for each in lived)


def test_a_tenant_from_its_trial_to_its_end():
    tenant = told(TENANT)
    assert (tenant.status, tenant.reason) == ("cancelled", "We merge into another agency.")
    assert (tenant.name, tenant.slug, tenant.domain) == ("Acme Creators GmbH", "acme", None)
    assert tenant.limits == replace(PLANS["growth"], max_users=80_000, max_api_calls_per_month=25_000_000)
    assert tenant.settings.custom == {"theme": {"dark": True}}


@pytest.mark.parametrize(
    "decider, state",
    [
        (
            ORGANIZATION,
            Organization(name="Acme Berlin", settings={"color": "#0a7", "locale": "de-DE"}, created_at=NOON),
        ),
        (STAFF, Staff(status="deactivated", by="0192f0c1-7a00-7000-8000-0000000000a0")),
        (
            USAGE,
            Usage(
                metric="minutes_transcribed",
                amount=38,
                period="2026-01",
                occurred_at=NOON.replace(minute=44),
            ),
        ),
        (
            USAGE_PERIOD,
            ClosedPeriod(
                totals={"api_calls": 41_250, "minutes_transcribed": 38},
                closed_at=datetime(2026, 2, 1, 0, 1, tzinfo=UTC),
            ),
        ),
        (
            FEATURE_FLAG,
            FeatureFlag(
                definition=Definition(
                    description="The feed that is ranked.", enabled=False, rollout_percentage=25
                )
            ),
        ),
        (FEATURE_OVERRIDE, FeatureOverride()),
    ],
)
def test_every_other_history(decider, state):
    assert told(decider) == state


def test_the_watch_reads_which_quota_an_event_uses():
    read = {event.type: USES[event.type](event) for event in GOLDEN if event.type in USES}
    assert read == {
        "user.verified": "users",
        "user.restored": "users",
        "tenant.org_created": "organizations",
        "tenant.usage_recorded": "minutes_transcribed",
    }
    (used,) = (event for event in GOLDEN if event.type == "tenant.usage_recorded")
    assert used.data["period"] == "2026-01"
