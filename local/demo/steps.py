"""A step of a story: the same act on many things, a few at a time, with a bar that shows how far it is."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from rich.progress import Progress

AT_ONCE = 4  # visitors at a time; two cores hash no faster


def each[T, R](progress: Progress, what: str, items: Iterable[T], act: Callable[[T], R]) -> list[R]:
    """What came of each, in their order; the first that goes wrong ends the story."""
    work = list(items)
    bar = progress.add_task(what, total=len(work))

    def one(item: T) -> R:
        done = act(item)
        progress.advance(bar)
        return done

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, work))
