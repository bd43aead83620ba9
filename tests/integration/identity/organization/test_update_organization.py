"""An organization is renamed, or set up otherwise."""

from identity.organization.decider import ORGANIZATION
from support.command_contract import CommandContract
from support.dynamodb import stored_events
from support.identity.provisioned_tenant import ORGANIZATION_ID
from support.identity.tenant import Call
from support.spec import TENANT
from troupe.store.transact import load

PATH = {"organization_id": ORGANIZATION_ID}
update = Call("update_organization", "PATCH /organizations/{organization_id}", {"name": "Acme Radio"})


def test_what_is_not_sent_stays(acme):
    update(PATH, body={"settings": {"color": "red"}})
    assert update(PATH).status == 200
    organization = load(TENANT, ORGANIZATION, ORGANIZATION_ID).state
    assert (organization.name, organization.settings) == ("Acme Radio", {"color": "red"})
    assert stored_events("tenant.org_updated")[-1].data == {
        "name": "Acme Radio",
        "settings": {"color": "red"},
    }


def test_null_is_no_name(acme):
    assert update(PATH, body={"name": None}).status == 422


def test_what_names_nothing(acme):
    assert update({"organization_id": "acme"}).status == 404


def test_manners(acme):
    CommandContract(update, path=PATH, permission="organization:update").check()
