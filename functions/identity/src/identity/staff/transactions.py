"""Staff come and go: a person with a credential, organizations to work for, and the stream that tells."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from identity.sign_up.sign_up import Registration
from identity.staff.decider import STAFF, AddStaff, Command, Deactivate, Event, Staff
from identity.user.commands import AddToOrganization
from troupe.store import aggregates
from troupe.store.aggregates import Change, Ref
from troupe.store.transact import Decision, Snapshot


def staff(user_id: str, *, creates: bool = False) -> Ref[Staff, Command, Event]:
    return Ref(decider=STAFF, id=user_id, creates=creates)


def added(
    at: Snapshot, person: Decision, registration: Registration, organizations: Sequence[str]
) -> Decision:
    """What was decided of a new person, who works for these organizations."""
    user, *others = person.changes
    for organization_id in organizations:
        user = _then(at, user, AddToOrganization(organization_id=organization_id))
    told = AddStaff(
        email=registration.email,
        name=registration.profile.display_name,
        roles=registration.roles,
        organizations=tuple(organizations),
    )
    joining = at.decide(staff(user.ref.id, creates=True), told)
    return replace(person, changes=(user, *others, joining))


def deactivated(at: Snapshot, user_id: str, command: Deactivate) -> Change[Staff, Command, Event]:
    """The events of a staff member who leaves; a user who is not staff is refused."""
    return at.decide(staff(user_id, creates=True), command)


def _then[S, C, E](at: Snapshot, change: Change[S, C, E], command: C) -> Change[S, C, E]:
    """The change with what a further command makes of it."""
    events: tuple[Any, ...] = change.ref.decider.answer(command, change.after.state, at.scope.context)
    return aggregates.change(change.ref, change.before, (*change.events, *events))
