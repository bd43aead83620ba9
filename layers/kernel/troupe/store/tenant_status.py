"""What transactions check of a tenant: its status, and whether it takes strangers; in copies.

All commands of a tenant's people and flows check it. Queries read the standing as a whole.
"""

from collections.abc import Iterable

from troupe.domain.decider import Rejected
from troupe.store import copies, keys
from troupe.store.writes import Action


def published(tenant_id: str, status: str, *, open_sign_up: bool) -> tuple[Action, ...]:
    """The writes of the present standing, for the transaction that changes it."""
    values = {"status": status, "open_sign_up": open_sign_up}
    return copies.written(keys.standing(tenant_id), values)


def one_of(tenant_id: str, statuses: Iterable[str]) -> Action:
    """Hold a transaction to it that the tenant has one of these statuses."""
    values = {f"status{place}": name for place, name in enumerate(sorted(statuses))}
    among = ", ".join(f":{name}" for name in values)
    names = {"#status": "status"}
    return copies.check(keys.standing(tenant_id), f"#status IN ({among})", values, names=names)


def takes_strangers(tenant_id: str) -> Action:
    """Only a tenant that is in good standing and takes strangers gets them (`sign_up_closed`)."""
    return copies.check(
        keys.standing(tenant_id),
        "open_sign_up = :yes AND #status IN (:trial, :active)",
        {"yes": True, "trial": "trial", "active": "active"},
        names={"#status": "status"},
        refused=Rejected("sign_up_closed", "This tenant takes no registrations."),
    )
