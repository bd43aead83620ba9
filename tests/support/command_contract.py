"""The answers that every command gives, as a test can check them."""

from dataclasses import dataclass, field
from typing import Any

from support import handlers
from support.dynamodb import round_trips, stored_items
from support.spec import ANN, OTHER, Reply
from troupe.security.roles import BUILT_IN, NAMES, OPERATOR_ONLY, SELF

ALL = NAMES - OPERATOR_ONLY


@dataclass(frozen=True)
class CommandContract:
    """The answers that every command on an existing aggregate must give.

    Only the last step may change the table, and it must take effect once.
    """

    call: handlers.Call
    path: dict[str, str] = field(default_factory=dict)
    permission: str | None = None
    given: dict = field(default_factory=dict)
    stale: bool = True  # whether there is a version to be stale

    def check(self) -> Reply:
        before = stored_items()
        self._answers({"principal": None}, 401, "no_principal")
        self._answers({"tenant_id": OTHER}, 404, "not_found")
        if self.permission and self.permission != SELF:
            lacking = {"permissions": ALL - {self.permission}}
            self._answers(lacking, 403, "permission_required")
        self._answers({"standing": "suspended"}, 403, "tenant_suspended")
        if self.stale:
            self._answers({"headers": {"if-match": '"99"'}}, 412, "stale_version")
        for wrong, status, code in (('{"x":', 400, "malformed_json"), ({"x": 1}, 422, "invalid_request")):
            self._answers({"body": wrong}, status, code)
        assert stored_items() == before
        return self.once()

    def _answers(self, how: dict, status: int, code: str) -> None:
        reply = self.call(self.path, **self.given | how)
        assert (reply.status, reply.body["code"]) == (status, code)

    def once(self) -> Reply:
        keyed = {"headers": {"idempotency-key": "k1"}}
        with round_trips() as made:
            first = self.call(self.path, **self.given | keyed)
        assert first.status in {200, 201}, first.body
        assert made in (["BatchGetItem", "TransactWriteItems"], ["TransactWriteItems"])
        after = stored_items()
        again = self.call(self.path, **self.given | keyed)
        assert (again.status, again.body) == (first.status, first.body)
        assert again.headers["idempotent-replayed"] == "true"
        assert stored_items() == after
        return first


def caller(principal: str = ANN, *roles: str) -> dict[str, Any]:
    """The arguments of a request by a principal with these built-in roles."""
    return {"principal": principal, "permissions": frozenset().union(*(BUILT_IN[role] for role in roles))}
