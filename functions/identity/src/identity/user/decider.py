"""A user: a person of one tenant, from sign-up to deletion.

Sign-ins (sign_in.py) and follows (follow.py) are streams of their own, so that they never make an edit stale.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Literal, assert_never

from identity.user.commands import (
    AddToOrganization,
    AssignRole,
    ChangeEmail,
    Command,
    CreateUser,
    DeleteUser,
    EraseUser,
    ExpireUser,
    PromoteToLeader,
    ReactivateUser,
    RemoveFromOrganization,
    RestoreUser,
    RevokeRole,
    SuspendUser,
    UpdateEmailPreferences,
    UpdateProfile,
    VerifyUser,
)
from identity.user.events import (
    LEADER,
    EmailPreferences,
    Event,
    Kind,
    Later,
    Permissions,
    Profile,
    Status,
    UserCreated,
    UserDeleted,
    UserEmailChanged,
    UserEmailPreferencesUpdated,
    UserOrgJoined,
    UserOrgLeft,
    UserPersonalDataErased,
    UserProfileUpdated,
    UserPromoted,
    UserReactivated,
    UserRestored,
    UserRoleAssigned,
    UserRoleRevoked,
    UserSuspended,
    UserVerified,
    nameless,
)
from identity.user.profile_rules import check_birth_date, check_business
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.lifecycle import Lifecycle, Move
from troupe.domain.personal import Personal, blanked
from troupe.security.credential import PROVE_WITHIN
from troupe.security.roles import ASSIGNABLE, BUILT_IN


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    status: Status
    kind: Kind
    email: Annotated[str, Personal("user")]
    profile: Annotated[Profile, Personal("user", nameless)]
    roles: tuple[str, ...]
    created_at: datetime
    email_preferences: EmailPreferences = field(default_factory=EmailPreferences)
    permissions: Permissions = field(default_factory=Permissions)
    organizations: tuple[str, ...] = ()
    suspended_reason: Annotated[str | None, Personal("user", None)] = None
    status_before_deletion: Status | None = None
    deleted_at: datetime | None = None
    erased_at: datetime | None = None
    state: Literal["user"] = "user"


def begin(event: UserCreated) -> User:
    return User(
        status="pending",
        kind=event.kind,
        email=event.email,
        profile=event.profile,
        roles=event.roles,
        created_at=event.created_at,
    )


def evolve(state: User, event: Later) -> User:  # noqa: C901, PLR0911, PLR0912 -- one line for each event
    match event:
        case UserVerified() | UserReactivated():
            return replace(state, status="active", suspended_reason=None)
        case UserProfileUpdated():
            return replace(state, profile=event.profile)
        case UserEmailPreferencesUpdated():
            return replace(state, email_preferences=event.email_preferences)
        case UserEmailChanged():
            return replace(state, email=event.email)
        case UserPromoted():
            profile = replace(state.profile, business=event.business)
            return replace(
                state, kind="leader", profile=profile, permissions=event.permissions, roles=event.roles
            )
        case UserSuspended():
            return replace(state, status="suspended", suspended_reason=event.reason)
        case UserDeleted():
            return replace(
                state, status="deleted", deleted_at=event.deleted_at, status_before_deletion=state.status
            )
        case UserRestored():
            return replace(state, status=event.status, deleted_at=None, status_before_deletion=None)
        case UserRoleAssigned():
            return replace(state, roles=(*state.roles, event.role))
        case UserRoleRevoked():
            return replace(state, roles=tuple(role for role in state.roles if role != event.role))
        case UserOrgJoined():
            return replace(state, organizations=(*state.organizations, event.organization_id))
        case UserOrgLeft():
            left = tuple(each for each in state.organizations if each != event.organization_id)
            return replace(state, organizations=left)
        case UserPersonalDataErased():
            return blanked(replace(state, erased_at=event.erased_at))
        case _:
            assert_never(event)


MOVES = Lifecycle[User, Event](
    {
        VerifyUser: Move({"pending"}, "active", lambda _command, _user, _context: UserVerified()),
        SuspendUser: Move(
            {"active"}, "suspended", lambda command, _user, _context: UserSuspended(reason=command.reason)
        ),
        ReactivateUser: Move({"suspended"}, "active", lambda _command, _user, _context: UserReactivated()),
        DeleteUser: Move(
            {"pending", "active", "suspended"},
            "deleted",
            lambda _command, _user, context: UserDeleted(deleted_at=context.now),
        ),
    }
)


def create(command: CreateUser, context: Context) -> tuple[Event, ...]:
    check_birth_date(command.profile.birth_date, context)
    created = UserCreated(
        kind=command.kind,
        email=command.email,
        profile=command.profile,
        roles=command.roles,
        created_at=context.now,
        invited=command.invited,
    )
    return (created,)


def decide(command: Command, state: User, context: Context) -> tuple[Event, ...]:  # noqa: PLR0911 -- one line for each kind
    match command:
        case EraseUser():
            return _erase(state, context)
        case _ if state.erased_at and not isinstance(command, DeleteUser):
            raise Rejected("personal_data_erased", "The data of this person was erased, for good.")
        case RestoreUser():
            return _restore(command, state)
        case ExpireUser():
            return _expire(command, state, context)
        case _ if state.status == "deleted" and not isinstance(command, DeleteUser):
            raise Rejected("user_deleted", "A deleted user is restored before anything else.")
        case VerifyUser() | SuspendUser() | ReactivateUser() | DeleteUser():
            return MOVES.decide(command, state, context)
        case UpdateProfile() | UpdateEmailPreferences() | ChangeEmail():
            return _edit(command, state, context)
        case PromoteToLeader():
            return _promote(command, state)
        case AssignRole() | RevokeRole() | AddToOrganization() | RemoveFromOrganization():
            return _belong(command, state)
        case _:
            assert_never(command)


def _erase(state: User, context: Context) -> tuple[Event, ...]:
    """One who is still there is deleted first; erased twice is erased once."""
    if state.erased_at:
        return ()
    gone = () if state.deleted_at else (UserDeleted(deleted_at=context.now),)
    return (*gone, UserPersonalDataErased(erased_at=context.now))


def _edit(
    command: UpdateProfile | UpdateEmailPreferences | ChangeEmail, state: User, context: Context
) -> tuple[Event, ...]:
    match command:
        case UpdateProfile():
            return _update_profile(command, state, context)
        case UpdateEmailPreferences(email_preferences=preferences):
            changed = UserEmailPreferencesUpdated(email_preferences=preferences)
            return () if preferences == state.email_preferences else (changed,)
        case ChangeEmail(email=email):
            changed_to = UserEmailChanged(email=email, former_email=state.email)
            return () if email == state.email else (changed_to,)
        case _:
            assert_never(command)


def _belong(
    command: AssignRole | RevokeRole | AddToOrganization | RemoveFromOrganization, state: User
) -> tuple[Event, ...]:
    match command:
        case AssignRole():
            return _assign(command, state)
        case RevokeRole(role=role):
            _check_assignable(role)
            return (UserRoleRevoked(role=role),) if role in state.roles else ()
        case AddToOrganization(organization_id=organization_id):
            joined = UserOrgJoined(organization_id=organization_id)
            return () if organization_id in state.organizations else (joined,)
        case RemoveFromOrganization(organization_id=organization_id):
            left = UserOrgLeft(organization_id=organization_id)
            return (left,) if organization_id in state.organizations else ()
        case _:
            assert_never(command)


def _update_profile(command: UpdateProfile, state: User, context: Context) -> tuple[Event, ...]:
    profile = replace(state.profile, **command.changes)
    check_birth_date(profile.birth_date, context)
    check_business(profile, state.kind)
    return () if profile == state.profile else (UserProfileUpdated(profile=profile),)


def _promote(command: PromoteToLeader, state: User) -> tuple[Event, ...]:
    if state.kind == "leader":
        return ()
    if state.kind == "staff" or state.status != "active":
        raise Rejected("not_an_active_consumer", "An active consumer can become a leader.")
    roles = ("leader", *(role for role in state.roles if role != "consumer"))
    return (UserPromoted(business=command.business, permissions=LEADER, roles=roles),)


def _expire(command: ExpireUser, state: User, context: Context) -> tuple[Event, ...]:
    if state.status != "pending":
        return ()
    if not command.overtaken and context.now < state.created_at + PROVE_WITHIN:
        raise Rejected("not_expired", "The address can still be proved.")
    return (UserDeleted(deleted_at=context.now),)


def _restore(command: RestoreUser, state: User) -> tuple[Event, ...]:
    former = state.status_before_deletion
    if former is None:
        return ()
    if former == "pending":
        raise Rejected("never_verified", "The address was never confirmed: invite or register it again.")
    gone = [role for role in state.roles if role not in BUILT_IN and role not in command.own_roles]
    return (UserRestored(status=former), *(UserRoleRevoked(role=role) for role in gone))


def _assign(command: AssignRole, state: User) -> tuple[Event, ...]:
    _check_assignable(command.role)
    if command.role in state.roles:
        return ()
    if state.status != "active":
        raise Rejected("user_not_active", "Roles are given to people who are active.")
    return (UserRoleAssigned(role=command.role),)


def _check_assignable(role: str) -> None:
    if role in BUILT_IN and role not in ASSIGNABLE:
        raise Rejected("role_not_assignable", f"The role {role} follows from what kind of principal one is.")


def _listed(state: User, user_id: str) -> Listing:
    if state.deleted_at:
        return Listing()
    return Listing(
        collection=(f"USERS#{state.status}", user_id),
        queue=(f"KIND#{state.kind}", user_id),
        summary={
            "display_name": state.profile.display_name,
            "avatar_url": state.profile.avatar_url,
            "kind": state.kind,
            "status": state.status,
            "email": state.email,
        },
    )


USER = Decider[User, CreateUser | Command, Event](
    name="user",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("user", Event),
    state=User,
    listed=_listed,
    deleted_at=lambda state: state.deleted_at,
)
