"""Every command once, in an order in which each finds what it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.scenario import BETTER, PASSWORD, Event, World, direct, http

LATER = timedelta(days=62)  # past the end of every trial and of the running month


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call. `keep` names the ids to be kept of the answer: name -> field. `later` moves the clock."""

    command: str
    event: Callable[[World], Event]
    keep: tuple[tuple[str, str], ...] = ()
    later: timedelta = timedelta()


def step(command: str, event: Callable[[World], Event], later: timedelta = timedelta(), **keep: str) -> Step:
    return Step(command=command, event=event, later=later, keep=tuple(keep.items()))


def owned(body: Any = None, **path: str) -> Callable[[World], Event]:
    """A request of the owner's; a path names what earlier steps kept."""
    return lambda world: http(
        body, {name: _named(world, kept) for name, kept in path.items()}, world.caller()
    )


def operated(body: Any = None, **path: str) -> Callable[[World], Event]:
    return lambda world: http(
        body, {name: _named(world, kept) for name, kept in path.items()}, world.operator()
    )


def stranger(make: Callable[[World], Any], **path: str) -> Callable[[World], Event]:
    return lambda world: http(make(world), {name: _named(world, kept) for name, kept in path.items()})


def himself(person: str, body: Any) -> Callable[[World], Event]:
    return lambda world: http(body, {}, world.caller(person))


def _named(world: World, kept: str) -> str:
    named = {"slug": world.slug, "tenant": world.tenant_id, "flag": world.slug.replace("-", "_")}
    return named.get(kept) or world.known.get(kept, kept)


def _address(world: World, name: str) -> str:
    return f"{name}@{world.slug}.example.com"


def _person(name: str) -> Callable[[World], Any]:
    return lambda world: {"email": _address(world, name), "display_name": name}


def _sign_in(name: str, password: str = PASSWORD) -> Callable[[World], Any]:
    return lambda world: {"email": _address(world, name), "password": password}


def _invited(world: World) -> Event:
    return http({"email": _address(world, "staff"), "display_name": "Staff"}, {}, world.caller())


def _founded(world: World) -> Any:
    return {"name": "Bench", "slug": world.slug, "owner": _person("owner")(world)}


def _confirmed(purpose: str, person: str) -> Callable[[World], Event]:
    chosen = {} if purpose == "change_email" else {"password": PASSWORD}
    return stranger(lambda world: {"token": world.link(purpose, person), **chosen})


STEPS = (
    step("create_operator", lambda world: direct("@", _person("operator")(world) | {"password": PASSWORD})),
    step(
        "provision_tenant", stranger(_founded), tenant="id", owner="owner_id", organization="organization_id"
    ),
    step("verify_user", _confirmed("verify", "owner")),
    step("end_trial", lambda world: direct(world.tenant_id), later=LATER),
    step("update_plan", operated({"plan": "growth"}, tenant_id="tenant")),
    step("update_settings", owned({"open_sign_up": True}, tenant_id="tenant")),
    step("register_user", stranger(_person("ann"), slug="slug"), ann="id"),
    step("resend_verification", stranger(lambda world: {"email": _address(world, "ann")})),
    step("verify_user", _confirmed("verify", "ann")),
    step("register_user", stranger(_person("ben"), slug="slug"), ben="id"),
    step("verify_user", _confirmed("verify", "ben")),
    step("log_in", stranger(_sign_in("ann")), refresh="refresh_token"),
    step(
        "refresh_token",
        stranger(lambda world: {"refresh_token": world.id("refresh")}),
        refresh="refresh_token",
    ),
    step("log_out", stranger(lambda world: {"refresh_token": world.id("refresh")})),
    step("update_profile", himself("ann", {"display_name": "Ann", "bio": "Here."})),
    step(
        "update_email_preferences",
        himself(
            "ann",
            {"product_news": True, "promotions": True, "community_digest": False, "new_followers": False},
        ),
    ),
    step("change_password", himself("ann", {"current_password": PASSWORD, "new_password": BETTER})),
    step("request_password_reset", stranger(lambda world: {"email": _address(world, "ann")})),
    step(
        "reset_password", stranger(lambda world: {"token": world.link("reset", "ann"), "password": PASSWORD})
    ),
    step(
        "change_email",
        lambda world: http({"email": _address(world, "anna"), "password": PASSWORD}, {}, world.caller("ann")),
    ),
    step("verify_user", _confirmed("change_email", "ann")),
    step("follow_user", lambda world: http({}, {"user_id": world.id("ben")}, world.caller("ann"))),
    step("unfollow_user", lambda world: http({}, {"user_id": world.id("ben")}, world.caller("ann"))),
    step("promote_to_leader", owned({"business": {"name": "Ann & Co"}}, user_id="ann")),
    step("suspend_user", owned({"reason": "To be measured."}, user_id="ben")),
    step("reactivate_user", owned(user_id="ben")),
    step("unlock_user", owned(user_id="ben")),
    step("create_role", owned({"name": "auditor", "permissions": ["audit:read"]}), role="id"),
    step("update_role", owned({"permissions": ["audit:read", "analytics:read"]}, role_id="role")),
    step("assign_role", owned(user_id="ann", role_id="role")),
    step("revoke_role", owned(user_id="ann", role_id="role")),
    step("delete_role", owned(role_id="role")),
    step("create_organization", owned({"name": "Second studio"}), studio="id"),
    step("update_organization", owned({"name": "First studio"}, organization_id="studio")),
    step("add_to_organization", owned(user_id="ann", organization_id="studio")),
    step("remove_from_organization", owned(user_id="ann", organization_id="studio")),
    step("create_user", _invited, staff="id"),
    step(
        "verify_user", stranger(lambda world: {"token": world.link("invite", "staff"), "password": PASSWORD})
    ),
    step("deactivate_user", owned({"reason": "Left."}, user_id="staff")),
    step("delete_user", owned(user_id="ben")),
    step("restore_user", owned(user_id="ben")),
    step("update_settings", owned({"open_sign_up": False}, tenant_id="tenant")),
    step(
        "record_usage", owned({"metric": "storage_bytes", "amount": 10, "usage_id": "u1"}, tenant_id="tenant")
    ),
    step("define_feature_flag", operated({"description": "Measured.", "enabled": True}, flag="flag")),
    step("set_feature_override", owned({"enabled": True}, tenant_id="tenant", flag="flag")),
    step("clear_feature_override", owned(tenant_id="tenant", flag="flag")),
    step("update_quotas", operated({"max_users": 99}, tenant_id="tenant")),
    step("suspend_tenant", operated({"reason": "To be measured."}, tenant_id="tenant")),
    step("reactivate_tenant", operated(tenant_id="tenant")),
    step(
        "close_usage_period",
        lambda world: direct(world.tenant_id, {}, {"period": f"{datetime.now(UTC):%Y-%m}"}),
        later=LATER,
    ),
    step("cancel_tenant", owned({"reason": "Measured."}, tenant_id="tenant")),
)
