"""What a test or a demo asks of the world itself, below /_world/; the README has the table of it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from stripe_simulator import shapes
from stripe_simulator.api.faults import Fault
from stripe_simulator.connect import BadGrant
from stripe_simulator.model import Shape
from stripe_simulator.mutations import CREATIONS, DEEDS, instant
from stripe_simulator.simulation import Simulation
from stripe_simulator.webhooks import Endpoint, Letter, raw, signature
from stripe_simulator.world import START, Refused, World

PREFIX = "/_world/"
type Asked = dict[str, Any]
type Control = Callable[[Simulation, Asked], Any]


class Unknown(LookupError):  # noqa: N818 -- an answer, not a fault
    """There is no such control."""


REFUSALS = (Refused, BadGrant, LookupError, TypeError, ValueError)
"""What a control raises for what cannot be done or was asked wrongly."""


def health(simulation: Simulation, _: Asked) -> Mapping[str, Any]:
    world, post = simulation.world, simulation.post
    return {
        "status": "ok",
        "now": world.now,
        "seed": world.seed,
        "events": len(world.events),
        "waiting": post.waiting(),
        "next_due": world.next_due(),
    }


def reset(simulation: Simulation, asked: Asked) -> Mapping[str, Any]:
    """Another world, of a `seed`, that begins `now`. Where its webhooks go stays."""
    now = instant(asked["now"]) if "now" in asked else START
    simulation.reset(World(seed=str(asked.get("seed", "troupe")), now=now))
    return health(simulation, {})


def clock(simulation: Simulation, asked: Asked) -> Mapping[str, Any]:
    """`to` an instant, or `advance` by seconds; what falls due on the way happens.

    `runs`: from then on it runs as the machine's does, or stands again.
    """
    now = simulation.world.now
    simulation.runs = asked.get("runs", simulation.runs)
    simulation.set_clock(instant(asked["to"]) if "to" in asked else now + int(asked.get("advance", 0)))
    return health(simulation, {})


def events(simulation: Simulation, asked: Asked) -> list[Mapping[str, Any]]:
    """The log, oldest first, with what each delivery got; `type` and `account` choose."""
    return [
        _posted(each) | {"body": each.event.body}
        for each in simulation.post.letters
        if asked.get("type") in (None, each.event.type) and asked.get("account") in (None, each.event.account)
    ]


def _posted(letter: Letter) -> dict[str, Any]:
    return {"id": letter.event.id, "type": letter.event.type, "statuses": letter.statuses}


def _letters(simulation: Simulation, ids: list[str]) -> list[Letter]:
    known = {each.event.id: each for each in reversed(simulation.post.letters)}
    return [known[each] for each in ids]


def signed(simulation: Simulation, asked: Asked) -> Mapping[str, str]:
    """The body and the header of the event `id`, signed now or `at` an instant."""
    body = raw(_letters(simulation, [asked["id"]])[0].event)
    at = instant(asked["at"]) if "at" in asked else simulation.world.now
    return {"body": body.decode(), "signature": signature(body, simulation.post.settings.secrets, at)}


def deliver(simulation: Simulation, asked: Asked) -> list[Mapping[str, Any]]:
    """Those of `ids`, else all not yet taken, in the order given; `reversed` turns it around."""
    post = simulation.post
    untaken = [each for each in post.letters if not each.taken]
    letters = _letters(simulation, asked["ids"]) if "ids" in asked else untaken
    if asked.get("reversed"):
        letters.reverse()
    post.deliver(letters)
    return [_posted(each) for each in letters]


def webhooks(simulation: Simulation, asked: Asked) -> Mapping[str, Any]:
    """Any of `post.Settings`; what is not named stays as it is."""
    if "secrets" in asked:
        asked["secrets"] = tuple(asked["secrets"])
    if "endpoints" in asked:
        asked["endpoints"] = tuple(_endpoint(**each) for each in asked["endpoints"])
    settings = replace(simulation.post.settings, **asked)
    simulation.post.configure(settings)
    return asdict(settings)


def _endpoint(url: str, secrets: list[str], types: list[str] | None = None, **more: Any) -> Endpoint:
    return Endpoint(url=url, secrets=tuple(secrets), types=tuple(types or [""]), **more)


def fault(simulation: Simulation, asked: Asked) -> list[Mapping[str, Any]]:
    """One more of `faults.Fault`."""
    simulation.faults.add(Fault(**asked))
    return [asdict(each) for each in simulation.faults.on]


def mend(simulation: Simulation, _: Asked) -> list[Mapping[str, Any]]:
    """No faults any more."""
    simulation.faults.on.clear()
    return []


def calls(simulation: Simulation, _: Asked) -> list[Mapping[str, Any]]:
    """Every call of the API since the world began."""
    return [asdict(each) for each in simulation.made]


CONTROLS: dict[str, Control] = {
    "health": health,
    "reset": reset,
    "clock": clock,
    "events": events,
    "signed": signed,
    "deliver": deliver,
    "webhooks": webhooks,
    "fault": fault,
    "mend": mend,
    "calls": calls,
}
UNLOCKED = ("deliver",)
"""It waits for the receiver, which may be calling the API meanwhile."""


def controlled(simulation: Simulation, path: str, asked: Asked) -> Any:
    """What is answered; raises `Unknown` and `REFUSALS`."""
    name = path.removeprefix(PREFIX)
    if name in UNLOCKED:
        return CONTROLS[name](simulation, asked)
    with simulation.lock:
        simulation.tick()
        if name in CONTROLS:
            return CONTROLS[name](simulation, asked)
        return _shown(simulation.world, _changed(simulation.world, name.split("/"), asked))


def _changed(world: World, path: list[str], asked: Asked) -> Any:
    match path:
        case [collection] if collection in CREATIONS:
            return CREATIONS[collection](world, asked)
        case [collection, identifier, deed] if deed in DEEDS.get(collection, (None, {}))[1]:
            kind, deeds = DEEDS[collection]
            return deeds[deed](world, world.get(kind, identifier), asked)
        case _:
            raise Unknown("/".join(path))


def _shown(world: World, changed: Any) -> Any:
    return changed if isinstance(changed, dict) else shapes.rendered(world, changed, Shape.BASIL)
