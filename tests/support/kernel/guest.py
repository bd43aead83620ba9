"""A small aggregate about a person for the kernel's tests: a guest comes, is renamed, meets a host, is erased."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from support.kernel.stored_box import SCOPE
from support.spec import TENANT
from troupe.domain.decider import Decider, events_of
from troupe.domain.personal import Personal, blanked
from troupe.projection.view import Place, Source, View
from troupe.store import keys, personal
from troupe.store.aggregates import Ref
from troupe.store.transact import Decision, transact

GUEST_ID, HOST_ID = "0192f0c1-0000-7000-8000-0000000000a1", "0192f0c1-0000-7000-8000-0000000000a2"
SUBJECT, HOST = f"guest:{GUEST_ID}", f"host:{HOST_ID}"
AT = keys.subject(TENANT, SUBJECT)
KEYS = (AT, keys.subject(TENANT, HOST))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    number: int
    note: str = ""


def unnoted(seat: Seat) -> Seat:
    return replace(seat, note="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    name: Annotated[str, Personal("guest")]
    seat: Annotated[Seat, Personal("guest", unnoted)]
    phone: Annotated[str | None, Personal("guest", None)] = None
    badge: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    told: Annotated[str, Personal("guest")]
    host: Annotated[str, Personal("host")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataErased:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    name: Annotated[str, Personal("guest")]
    seat: Annotated[Seat, Personal("guest", unnoted)]
    phone: Annotated[str | None, Personal("guest", None)]
    host: Annotated[str, Personal("host")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Come:
    name: str
    note: str = ""
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    verb: Literal["meet", "erase"]
    told: str = ""
    host: str = ""


def begin(event: Came) -> Guest:
    return Guest(name=event.name, seat=event.seat, phone=event.phone)


def evolve(state: Guest, event: Met | PersonalDataErased) -> Guest:
    if isinstance(event, Met):
        return replace(state, host=event.host)
    return blanked(state)


def create(command: Come, context):
    return (Came(name=command.name, seat=Seat(number=7, note=command.note), phone=command.phone, badge=1),)


def decide(command: Move, state: Guest, context):
    if command.verb == "meet":
        return (Met(told=command.told, host=command.host),)
    return (PersonalDataErased(),)


GUEST = Decider[Guest, Come | Move, Came | Met | PersonalDataErased](
    name="guest",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("guest", Came | Met | PersonalDataErased),
    state=Guest,
    subjects=lambda _state, _id: {"host": HOST},
)
NEW = Ref(decider=GUEST, id=GUEST_ID, creates=True)
THE_GUEST = Ref(decider=GUEST, id=GUEST_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    name: Annotated[str, Personal("guest")]


def project(part, event):
    match event.type:
        case "guest.came":
            return Name(name=event.data["name"])
        case "guest.personal_data_erased":
            return blanked(part)
        case _:
            return part


NAMES = View(
    name="names",
    sources=(
        Source[Name](
            kind="guest", shape=Name, place=lambda event: Place(parts=(event.aggregate_id,)), project=project
        ),
    ),
)


def come(name="Emily", **more):
    return transact(SCOPE, (), lambda at: Decision(changes=(at.decide(NEW, Come(name=name, **more)),))).first


def meet(told, host="Bob", wanted=KEYS):
    command = Move(verb="meet", told=told, host=host)
    return transact(
        SCOPE, (THE_GUEST, *wanted), lambda at: Decision(changes=(at.decide(THE_GUEST, command),))
    ).first


def erase():
    def decide(at):
        gone = personal.erased(SCOPE.context, SUBJECT)
        return Decision(changes=(at.decide(THE_GUEST, Move(verb="erase")),), actions=gone)

    return transact(SCOPE, (THE_GUEST, AT), decide).first
