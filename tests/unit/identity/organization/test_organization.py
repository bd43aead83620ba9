"""An organization: created once, updated in parts."""

from hypothesis import given as examples
from hypothesis import strategies as st

from identity.organization.decider import (
    ORGANIZATION,
    CreateOrganization,
    TenantOrgCreated,
    TenantOrgUpdated,
    UpdateOrganization,
)
from support.spec import NOON, Given, assert_folds_as_stored

CREATED = TenantOrgCreated(name="Acme", settings={"color": "red"}, created_at=NOON.now)
organization = Given(ORGANIZATION)


def test_is_created():
    create = CreateOrganization(name="Acme", settings={"color": "red"})
    organization().when(create).then(CREATED)


def test_what_is_not_named_stays():
    renamed = TenantOrgUpdated(name="Acme Two", settings={"color": "red"})
    organization(CREATED).when(UpdateOrganization(name="Acme Two")).then(renamed)
    emptied = TenantOrgUpdated(name="Acme", settings={})
    organization(CREATED).when(UpdateOrganization(settings={})).then(emptied)


def test_the_same_again_changes_nothing():
    organization(CREATED).when(UpdateOrganization(name="Acme", settings={"color": "red"})).then_nothing()
    organization(CREATED).when(UpdateOrganization()).then_nothing()


def test_is_listed_by_name_once_it_is_there():
    listing = ORGANIZATION.listed(organization(CREATED).state, "o1")
    assert (listing.collection, listing.summary) == (("ORGANIZATIONS", "o1"), {"name": "Acme"})


JSON = st.dictionaries(st.text(), st.one_of(st.none(), st.booleans(), st.integers(), st.text()))


@examples(st.lists(st.builds(UpdateOrganization, name=st.none() | st.text(), settings=st.none() | JSON)))
def test_the_fold_is_the_stored_state(updates):
    history = [CREATED]
    for update in updates:
        history += ORGANIZATION.answer(update, ORGANIZATION.fold(history), NOON)
    assert_folds_as_stored(ORGANIZATION, tuple(history))
