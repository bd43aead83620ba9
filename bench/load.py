"""The local stack under load: a warm command over HTTP with the authorizer, and how far projections lag."""

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from bench.report import Section
from demo.api import PATIENCE, Api
from demo.people import newcomers
from demo.story import Played, Story
from local.stack.stack import Stack

ALONE, TOGETHER, CLIENTS, LAGS, WARMING = 300, 800, 8, 30, 20


def _tenant(stack: Stack) -> Played:
    """A tenant with as many verified people as there are clients."""
    story = Story(stack, newcomers(CLIENTS))
    story.provision()
    story.sign_up()
    story.verify()
    return story.played


def timed(act: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def quantile(figures: Sequence[float], share: float) -> float:
    return sorted(figures)[min(len(figures) - 1, int(len(figures) * share))]


def measured(stack: Stack) -> Section:
    played = _tenant(stack)
    owner = played.owner
    if owner is None:
        raise LookupError("no tenant was provisioned")
    rename = renaming(owner)

    def read() -> None:
        owner.get("/me")

    rows = [_alone("PATCH /me/profile, one client", rename), _alone("GET /me, one client", read)]
    rows += [_together(stack, played), _lag(owner)]
    said = (
        "Over HTTP on the loopback, with the Lambda authorizer and IAM enforced, warm. Clients and emulator "
        "share the machine's cores. The lag is from the answer of a command until the read model shows it. "
        "Aims: a warm command in 12 ms, a projection within 2 s."
    )
    columns = ("what", "calls", "p50 ms", "p99 ms", "calls/s")
    return Section(title="The local stack", said=said, columns=columns, rows=rows)


def renaming(api: Api) -> Callable[[], None]:
    """A command that writes something else each time."""
    numbers = count()

    def rename() -> None:
        api.call("PATCH", "/me/profile", {"display_name": f"Name {next(numbers)}"})

    return rename


def _alone(name: str, act: Callable[[], None]) -> tuple[object, ...]:
    for _ in range(WARMING):
        act()
    figures = [timed(act) for _ in range(ALONE)]
    return _row(name, figures, sum(figures) / 1000)


def _together(stack: Stack, played: Played) -> tuple[object, ...]:
    """Each client renames a person of its own, so that none stands in another's way."""
    with Api(stack.api_url) as visitor:
        clients = [visitor.signed_in(person.email, person.password) for person in played.people]
    acts = [renaming(api) for api in clients]
    for act in acts:
        act()
    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        rounds = list(pool.map(lambda act: [timed(act) for _ in range(TOGETHER // CLIENTS)], acts))
    seconds = time.perf_counter() - begun
    figures = [figure for each in rounds for figure in each]
    return _row(f"PATCH /me/profile, {CLIENTS} clients", figures, seconds)


def _lag(owner: Api) -> tuple[object, ...]:
    card = f"/users/{owner.get('/me')['id']}/card"
    figures = []
    for number in range(LAGS):
        name = f"Late {number}"
        owner.call("PATCH", "/me/profile", {"display_name": name})
        begun = time.perf_counter()
        while owner.get(card)["display_name"] != name and time.perf_counter() - begun < PATIENCE:
            time.sleep(0.002)
        figures.append((time.perf_counter() - begun) * 1000)
    return _row("projection behind its command", figures, None)


def _row(name: str, figures: Sequence[float], seconds: float | None) -> tuple[object, ...]:
    rate = len(figures) / seconds if seconds else None
    return name, len(figures), statistics.median(figures), quantile(figures, 0.99), rate
