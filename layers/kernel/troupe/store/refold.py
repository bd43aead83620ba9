"""Refold: a job that folds the aggregates of one kind again from their events, and writes what differs.

It is run by hand after a deploy whose code folds otherwise than the code before, or while whose deploy the
older code wrote states. It is a job for a system role that may scan. One call works as long as its time
lasts; the next one goes on from there, in the middle of a long stream too.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from troupe.clock import now
from troupe.domain.decider import Context, Decider
from troupe.ids import new_id
from troupe.observability import logger, metrics, outcome
from troupe.store import aggregates, history, keys, personal, reads, scans, shapes, writes
from troupe.store.aggregates import Stored, dump, event_in, parse
from troupe.store.attributes import pack, unpack
from troupe.store.commit import Stale, commit, pause
from troupe.store.envelope import Envelope
from troupe.store.keys import Key
from troupe.store.scans import Enough
from troupe.store.table import Unavailable

SEGMENTS = 4
ATTEMPTS = 5
TASK, HALFWAY = "refold", "refold_halfway"
REPORTED = ("unchanged", "written", "newer", "failed")

type AnyDecider = Decider[Any, Any, Any]
type Report = dict[str, Any]


class Newer(Exception):  # noqa: N818 -- nothing for this release to fold
    """A newer release wrote the state or an event: to fold it again is that release's business."""


class _TimeIsUp(Exception):  # noqa: N818 -- no fault
    """The rest of a stream is for the next call."""


class _At(NamedTuple):
    """How far a stream is folded."""

    version: int = 0
    state: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    decider: AnyDecider
    segment: int
    enough: Enough
    counted: Counter[str]

    @property
    def progress(self) -> Key:
        return keys.progress(TASK, self.decider.name, self.segment)

    @property
    def halfway(self) -> Key:
        """Where the fold of a stream is kept that one call could not finish."""
        return keys.progress(HALFWAY, self.decider.name, self.segment)


def refold(*deciders: AnyDecider) -> Callable[[Mapping[str, Any], Any], Report]:
    """The entry point of the job: `{"kind": name, "start": true}`, and then `{"kind": name}` until the answer
    is `done`. `{"kind": name, "segment": n}` keeps to one of four segments.
    """
    named = {decider.name: decider for decider in deciders}

    def entry(event: Mapping[str, Any], context: Any) -> Report:
        decider, enough = named[event["kind"]], scans.time_is_up(context)
        counted = Counter[str](dict.fromkeys(REPORTED, 0))
        jobs = [
            _Job(decider=decider, segment=each, enough=enough, counted=counted) for each in range(SEGMENTS)
        ]
        if event.get("start"):
            commit([writes.put(key, {}) for job in jobs for key in (job.progress, job.halfway)])
        only: int | None = event.get("segment")
        for job in jobs if only is None else [jobs[only]]:
            _segment(job)
        report: Report = {"kind": decider.name, "done": scans.done(TASK, decider.name, SEGMENTS), **counted}
        outcome("refold_step", **report)
        metrics.flush_metrics()
        return report

    return entry


def _segment(job: _Job) -> None:
    progress: Mapping[str, Any] = reads.one(job.progress) or {}
    whole = True
    while whole and not progress.get("done"):
        progress, whole = _page(job, progress.get("after"))
        commit([writes.put(job.progress, progress)])


def _page(job: _Job, after: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], bool]:
    """The progress after a page of the table, and whether there was time for all of it."""
    kind = job.decider.name.upper()
    items, last = scans.page(
        job.segment,
        SEGMENTS,
        after,
        ProjectionExpression="PK, SK",
        FilterExpression="SK = :state AND contains(PK, :kind)",
        ExpressionAttributeValues=pack({":state": keys.STATE, ":kind": f"#{kind}#"}),
    )
    for key in map(unpack, items):
        if key["PK"].split("#")[1] == kind and (job.enough() or not _told(job, Key(key["PK"], key["SK"]))):
            return {"after": after} if after else {}, False
        after = key
    return {"after": last} if last else {"done": True}, True


def _told(job: _Job, key: Key) -> bool:
    """Whether there was time for an aggregate; what is wrong with one keeps no other back."""
    try:
        became = "written" if _refolded(job, key) else "unchanged"
    except _TimeIsUp:
        return False
    except Newer:
        became = "newer"
    except Exception:  # noqa: BLE001 -- told of, and counted
        logger.exception("refold_failed", extra={"pk": key.pk})
        became = "failed"
    job.counted[became] += 1
    return True


def _refolded(job: _Job, key: Key) -> bool:
    """Fold an aggregate, and again what commands add meanwhile; whether its state had to be written."""
    tenant_id, _, aggregate_id = key.pk.split("#")
    at = _begun(job, key)
    for attempt in range(ATTEMPTS):
        item = reads.one(key) or {}
        _own(job.decider, item)
        at = _folded(job, key, at, item["version"])
        stands = Stored(id=aggregate_id, version=at.version, state=at.state)
        context = Context(now=now(), tenant_id=tenant_id, actor=TASK, new_id=new_id)
        folded = placed(aggregates.state_item(job.decider, context, stands), item)
        if unpack(pack(folded)) == item:
            return False
        try:
            commit([aggregates.put_state(folded, read=at.version)])
        except Stale:
            pause(attempt)
        else:
            return True
    raise Unavailable("too many writers at once")


def placed(folded: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
    """The item with what goes by the hour of its writing as it was: its expiry, and where it falls due."""
    of_the_hour = {"expires_at"}
    if folded.get("GSI2SK") == item.get("GSI2SK"):
        of_the_hour.add("GSI2PK")
    return {**folded, **{name: item[name] for name in of_the_hour if name in folded and name in item}}


def _own(decider: AnyDecider, item: Mapping[str, Any]) -> None:
    """A state with fields of a newer release is left alone, unless this is that release."""
    number = item.get("shape", shapes.FIRST)
    if number > decider.shape or (number == decider.shape and "kept" in item):
        raise Newer


def _begun(job: _Job, key: Key) -> _At:
    """How far the call before came with this stream."""
    kept = reads.one(job.halfway) or {}
    if (kept.get("stream"), kept.get("shape")) != (key.pk, job.decider.shape):
        return _At()
    return _At(kept["version"], parse(job.decider.state, kept["state"]))


def _folded(job: _Job, key: Key, at: _At, upto: int) -> _At:
    decider = job.decider
    for encrypted in history.parts(key.pk, at.version, upto):
        envelopes = personal.opened(encrypted)
        at = _At(envelopes[-1].version, decider.fold(map(partial(_event, decider), envelopes), at.state))
        if at.version < upto and job.enough():
            state = {"state": dump(decider.state, at.state), "shape": decider.shape}
            commit([writes.put(job.halfway, {"stream": key.pk, "version": at.version, **state})])
            raise _TimeIsUp
    return at


def _event(decider: AnyDecider, envelope: Envelope) -> Any:
    event = event_in(decider, envelope)
    if event is None:
        raise Newer
    return event
