"""An account: the items that are read when a principal of any kind signs in, and the answer about it."""

from collections.abc import Sequence
from typing import Any

from identity.sign_in import attempts, source_addresses
from identity.sign_in.decider import SIGN_IN, Command, SignIn
from identity.sign_in.events import Event
from troupe.edge.request import Request
from troupe.quota.source_limits import digest
from troupe.security import credential as credentials
from troupe.security.credential import CREDENTIAL, PASSWORD, Credential
from troupe.store import aggregates, keys, writes
from troupe.store.aggregates import Change, Ref, Stored
from troupe.store.keys import Key
from troupe.store.scope import Scope
from troupe.store.transact import Contended, Decide, Decision, ReadTarget, Snapshot, transact
from troupe.store.writes import Action

PROFILE = "PROFILE"  # the part of an operator's credential that has the name
MOST_TRANSACTIONS = 5  # transactions, each with the store's own attempts


def sign_in_of(principal_id: str) -> Ref[SignIn, Command, Event]:
    return Ref(decider=SIGN_IN, id=principal_id)


def credential_ref(
    principal_id: str, *, creates: bool = False
) -> Ref[Credential, credentials.OpenCredential | credentials.Command, credentials.Event]:
    return Ref(decider=CREDENTIAL, id=principal_id, creates=creates)


def hash_of(tenant_id: str, principal_id: str) -> Key:
    """Where the password's hash is: beside the credential, in no event."""
    return keys.part(tenant_id, CREDENTIAL.name, principal_id, PASSWORD)


def hashed(tenant_id: str, principal_id: str, text: str) -> Action:
    return writes.put(hash_of(tenant_id, principal_id), {"hash": text})


def profile_of(tenant_id: str, principal_id: str) -> Key:
    """The key of the name of a principal who has a credential alone."""
    return keys.part(tenant_id, CREDENTIAL.name, principal_id, PROFILE)


def attempts_of(request: Request[Any], principal_id: str) -> Key:
    """The tally of the attempts that come from where the request does."""
    source = digest(request.source_address, request.now)
    return attempts.from_source(request.tenant_id, principal_id, source)


def account_keys(request: Request[Any], principal_id: str) -> tuple[ReadTarget, ...]:
    """All that a sign-in reads, in one batch."""
    tenant_id = request.tenant_id
    return (
        sign_in_of(principal_id),
        credential_ref(principal_id),
        hash_of(tenant_id, principal_id),
        attempts.account(tenant_id, principal_id),
        attempts_of(request, principal_id),
        keys.standing(tenant_id),
        source_addresses.key(tenant_id, request.now),
    )


def credential_of(at: Snapshot, principal_id: str) -> Stored[Credential] | None:
    """The credential; None if there is none or it is closed, as a deleted person's is."""
    found = at.find(credential_ref(principal_id))
    if found.state is None or found.state.status == "closed":
        return None
    return Stored(id=found.id, version=found.version, state=found.state, kept=found.kept)


def unchanged_credential(at: Snapshot, seen: Snapshot, principal_id: str) -> Stored[Credential]:
    """The credential, if the password is still the one that was compared; raises `Contended`."""
    who, password = credential_of(at, principal_id), hash_of(at.scope.tenant_id, principal_id)
    if who is None or at.item(password) != seen.item(password):
        raise Contended
    return who


def transact_persistently(
    scope: Scope, wanted: Sequence[ReadTarget], decide: Decide, seen: Snapshot | None = None
) -> Decision:
    """Transact, on what was read if it was, again and again: all who sign in or refresh at once succeed."""
    first = seen
    for _ in range(MOST_TRANSACTIONS):
        try:
            return transact(scope, wanted, decide, first)
        except Contended:
            first = None
    raise Contended


def decide_sign_in(at: Snapshot, principal_id: str, command: Command) -> Change[SignIn, Command, Event]:
    """What a command means to the stream of sign-ins, which begins with the first of them."""
    ref = sign_in_of(principal_id)
    before = at.find(ref)
    return aggregates.change(ref, before, SIGN_IN.answer(command, before.state, at.scope.context))


def decide_each[S, C, E](at: Snapshot, ref: Ref[S, C, E], *commands: Any) -> Change[S, C, E]:
    """Several commands to one aggregate, each decided on what the one before it made."""
    before = at.of(ref)
    state: S | None = before.state
    events: list[E] = []
    for command in commands:
        happened = ref.decider.answer(command, state, at.scope.context)
        state, events = ref.decider.fold(happened, state), [*events, *happened]
    return aggregates.change(ref, before, tuple(events))
