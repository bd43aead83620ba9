"""A number that many take from at once, shared among buckets: where an amount comes from, and what is moved.

All of it is pure; chance is passed in. The choice rests on what was seen, and the condition of the write that
follows decides. All who took from the fullest bucket would take from the same one, and wait for each other.
"""

from collections.abc import Callable, Sequence

from troupe.domain.money import split

UNLIMITED = 10**15  # as good as

type Draw = Callable[[int], int]  # one of so many, by chance: from 0 to one less


def taken(available: Sequence[int], amount: int, draw: Draw) -> tuple[tuple[int, int], ...]:
    """The buckets that an amount is taken from, each with its part; none where there is not as much.

    It comes from one bucket, by chance, among those that have enough; else from several, the fullest first.
    """
    if sum(available) < amount:
        return ()
    enough = [bucket for bucket, here in enumerate(available) if here >= amount]
    if enough:
        return ((enough[draw(len(enough))], amount),)
    parts: list[tuple[int, int]] = []
    for bucket in sorted(range(len(available)), key=lambda bucket: -available[bucket]):
        part = min(amount, available[bucket])
        if part > 0:
            parts.append((bucket, part))
            amount -= part
    return tuple(parts)


def spread(total: int, count: int) -> tuple[int, ...]:
    """A total in so many even parts. A debt stays in one piece, so that no bucket has anything to give."""
    if total < 0:
        return (total, *[0] * (count - 1))
    return tuple(split(total, [1] * count))


def levelled(available: Sequence[int]) -> tuple[tuple[int, int, int], ...]:
    """Moves (from, to, amount) from fuller buckets to others, after which all have the same."""
    goal = sorted(split(sum(available), [1] * len(available)), reverse=True)
    order = sorted(range(len(available)), key=lambda bucket: -available[bucket])
    surplus = [  # a debt is not there to be given
        [bucket, min(available[bucket] - goal[place], max(0, available[bucket]))]
        for place, bucket in enumerate(order)
    ]
    givers = [each for each in surplus if each[1] > 0]
    takers = [each for each in surplus if each[1] < 0]
    steps: list[tuple[int, int, int]] = []
    while givers and takers:
        giver, taker = givers[-1], takers[-1]
        amount = min(giver[1], -taker[1])
        steps.append((giver[0], taker[0], amount))
        giver[1] -= amount
        taker[1] += amount
        givers = [each for each in givers if each[1]]
        takers = [each for each in takers if each[1]]
    return tuple(steps)
