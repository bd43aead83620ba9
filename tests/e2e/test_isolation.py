"""Row-level security with IAM enforced: what code that asks for another tenant's data gets, even where it is wrong."""

import io
import json
import platform
import zipfile
from pathlib import Path

import pytest

from local.stack.deployment import ARCHITECTURES

DENIED = "AccessDeniedException"
READS = {"get", "query", "query_index", "query_queue", "batch_get", "transact_get"}
NEVER = {"scan", "scan_index", "partiql"}


@pytest.fixture(scope="module")
def roles(stack):
    """The roles of the stack by their name without the stack's own: RequestRole, EntryRole, CommandRole..."""
    pages = stack.client("iam").get_paginator("list_roles").paginate()
    return {role["RoleName"]: role for page in pages for role in page["Roles"]}


def _one(roles, part):
    found = [role["Arn"] for name, role in roles.items() if part in name]
    assert found, f"no {part} among {sorted(roles)}"
    return found[0]


@pytest.fixture(scope="module")
def probe(stack, roles):
    """Runs the probe as a command's function, with the role that commands have."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as artefact:
        artefact.write(Path(__file__).with_name("probe.py"), "probe.py")
    functions = stack.client("lambda")
    functions.create_function(
        FunctionName="isolation-probe",
        Runtime="python3.13",
        Handler="probe.handler",
        Role=_one(roles, "CommandRole"),
        Code={"ZipFile": code.getvalue()},
        Timeout=60,
        Architectures=[ARCHITECTURES[platform.machine().lower()]],
        Environment={"Variables": {"TABLE_NAME": stack.table_name}},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName="isolation-probe")

    def run(**event):
        answer = functions.invoke(FunctionName="isolation-probe", Payload=json.dumps(event))
        payload = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, payload
        return payload

    yield run
    functions.delete_function(FunctionName="isolation-probe")


def standing(tenant_id):
    return {"pk": f"{tenant_id}#STANDING", "sk": "STANDING", "own": f"{tenant_id}#STANDING"}


def test_its_own_tenants_keys_are_allowed(probe, roles, played):
    seen = probe(role=_one(roles, "RequestRole"), tenant=played.tenant_id, **standing(played.tenant_id))
    assert {name for name, code in seen.items() if code != "allowed"} >= NEVER
    assert {name for name in READS if seen[name] != "allowed"} == set()
    assert seen["transact_write"] == seen["put"] == seen["update"] == "allowed"


def test_another_tenants_keys_are_denied_in_every_call(probe, roles, played, others):
    """S-52 of commerce: scans, too."""
    wrong = standing(others.tenant_id) | {"own": f"{played.tenant_id}#STANDING"}
    seen = probe(role=_one(roles, "RequestRole"), tenant=played.tenant_id, **wrong)
    assert set(seen.values()) == {DENIED}, seen


def test_a_tenants_name_is_no_prefix_of_anothers(probe, roles, played, others):
    """S-52 of commerce."""
    longer = {"pk": f"{played.tenant_id}0#STANDING", "sk": "STANDING", "own": f"{played.tenant_id}#STANDING"}
    seen = probe(role=_one(roles, "RequestRole"), tenant=played.tenant_id, **longer)
    assert set(seen.values()) == {DENIED}, seen


def test_what_belongs_to_no_tenant_is_denied_but_guards(probe, roles, played):
    own = f"{played.tenant_id}#STANDING"
    for pk in ("@#INBOX#stripe#evt_1", "@#CREDENTIAL#x", "@#DUE#TRIAL#0#0"):
        seen = probe(role=_one(roles, "RequestRole"), tenant=played.tenant_id, pk=pk, sk="INBOX", own=own)
        assert set(seen.values()) == {DENIED}, (pk, seen)
    guard = {"pk": "@#UNIQUE#SLUG#probe-of-nothing", "sk": "UNIQUE", "own": own}
    seen = probe(role=_one(roles, "RequestRole"), tenant=played.tenant_id, **guard)
    assert seen["transact_write_mixed"] == "allowed"


def test_a_functions_own_role_reaches_nothing(probe, played):
    seen = probe(tenant=played.tenant_id, **standing(played.tenant_id))
    assert set(seen.values()) == {DENIED}, seen


def test_without_the_tag_there_is_nothing(probe, roles, played):
    seen = probe(
        role=_one(roles, "RequestRole"), tenant=played.tenant_id, tags=[], **standing(played.tenant_id)
    )
    assert set(seen.values()) <= {DENIED, "AccessDenied"}, seen


def test_the_entry_role_reads_the_guards_by_which_a_tenant_is_found_and_no_more(stack, played):
    """As the functions of sign-in see it: through HTTP, where a stranger finds a tenant by slug and by address."""
    from demo.api import Api

    with Api(stack.api_url) as stranger:
        assert stranger.post("/sessions", {"email": "unknown@example.com", "password": "any password"}, 401)
        gone = {"email": "n@example.com", "display_name": "N"}
        assert stranger.post("/tenants/no-such-tenant/users", gone, 404)["code"] == "not_found"
