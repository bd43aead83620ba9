"""Plain commands: one declaration each, which is the entry point of the command's own Lambda function."""

import dataclasses
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass
from typing import Any, TypedDict, Unpack, get_type_hints

from pydantic import BaseModel, Field, create_model

from troupe.domain.decider import Decider
from troupe.edge import fields
from troupe.edge.endpoint import Endpoint, NoBody, Operation, Version
from troupe.edge.fields import Body
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.security import roles
from troupe.store.aggregates import Change, Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot

type Target = Callable[[Request[Any]], str]
type Also = Callable[[Snapshot, Change[Any, Any, Any]], Decision]


class Options[C](TypedDict, total=False):
    """What may be said of a route beside its path and command."""

    target: Target  # which aggregate, by its id; without it the one in the path, as {user_id}
    permission: str  # of the catalogue, or SELF
    make: Callable[[Request[Any]], C]  # the command, where body and path do not have its fields
    body: type[BaseModel]  # where the wire differs from the command
    run: Callable[[Request[Any], Any], Answer]  # a transaction of the aggregate's own, instead of all below
    reads: Callable[[str, str], Sequence[ReadTarget]]  # what `also` needs, by the tenant's and aggregate's id
    also: Also  # the change, and what is written with it in the same transaction
    deleted: bool  # a deleted aggregate may be asked too
    refusals: tuple[str, ...]
    reply: type[BaseModel]
    status: int  # of the answer that the transaction makes; 201 where `target` is new
    example: Mapping[str, Any]  # the body of the documented example
    secret: bool
    role: str  # in the template
    timeout: int  # seconds, as in the template


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What the documents, the template and the gates read of a plain command."""

    context: str
    stream: str  # the aggregate's name
    events: Mapping[str, type[Any]]  # of the stream, by their names
    command: type[Any]
    method: str = ""
    path: str = ""
    source: str = ""  # what starts a command that has no route
    role: str = "CommandRole"
    timeout: int | None = None
    concerns: tuple[Any, ...] = ()  # what carries it out

    @property
    def name(self) -> str:
        """The command's name in snake case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.command.__name__).lower()


class CommandEndpoint(Endpoint):
    """A Lambda entry point for one plain command."""

    def __init__(
        self, declaration: Declaration, operate: Callable[[], Operation], handle: Callable[[Any], Answer]
    ) -> None:
        super().__init__(operate, handle, f"{declaration.context}.{declaration.name}")
        self.declaration = declaration
        if os.environ.get("_HANDLER", "").endswith(f".{declaration.name}"):
            self.ready()  # this is the function of this very command


def me(request: Request[Any]) -> str:
    return request.caller.id


def tenant(request: Request[Any]) -> str:
    return request.tenant_id


def new(_request: Request[Any]) -> str:
    """A new aggregate: the answer is 201 with its location below the path."""
    return new_id()


class Routes[S, C, E]:
    """The plain commands of an aggregate; `usual` holds for each that does not say otherwise."""

    def __init__(self, decider: Decider[S, C, E], **usual: Unpack[Options[C]]) -> None:
        self._decider = decider
        self._usual = usual

    def post(self, path: str, command: type[C], **options: Unpack[Options[C]]) -> CommandEndpoint:
        return self._add(command, self._usual | options, method="POST", path=path)

    def put(self, path: str, command: type[C], **options: Unpack[Options[C]]) -> CommandEndpoint:
        return self._add(command, self._usual | options, method="PUT", path=path)

    def patch(self, path: str, command: type[C], **options: Unpack[Options[C]]) -> CommandEndpoint:
        return self._add(command, self._usual | options, method="PATCH", path=path)

    def delete(self, path: str, command: type[C], **options: Unpack[Options[C]]) -> CommandEndpoint:
        return self._add(command, self._usual | options, method="DELETE", path=path)

    def started(self, source: str, command: type[C], **options: Unpack[Options[C]]) -> CommandEndpoint:
        """A command without a route, which a flow, a timer or an operator's hand invokes."""
        return self._add(command, self._usual | options, source=source)

    def _add(
        self, command: type[C], options: Options[C], method: str = "", path: str = "", source: str = ""
    ) -> CommandEndpoint:
        permission = options.get("permission")
        if permission is None and not source:
            raise ValueError(f'{command.__name__} names its permission, as permission="user:read", or SELF')
        if permission and permission not in {roles.SELF, *roles.NAMES}:
            raise ValueError(f"{permission} is not in the catalogue")
        declaration = Declaration(
            context=self._decider.context,
            stream=self._decider.name,
            events=self._decider.events,
            command=command,
            method=method,
            path=path,
            source=source,
            role=options.get("role", "CommandRole"),
            timeout=options.get("timeout"),
            concerns=(self._decider.decide, *filter(None, map(options.get, ("run", "also", "make")))),
        )
        route = _Route(self._decider, command, path, options)
        return CommandEndpoint(declaration, route.operation, route.carry_out)


class _Route[S, C, E]:
    """How one command is read from a request and carried out."""

    def __init__(self, decider: Decider[S, C, E], command: type[C], path: str, options: Options[C]) -> None:
        self._decider = decider
        self._command = command
        self._path = path
        self._options = options
        self._target = options.get("target") or self._in_path
        own = dataclasses.fields(command)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- commands are dataclasses
        self._names = {each.name for each in own}
        self._required = {each.name for each in own if _default(each) is ...}
        self._of_path = frozenset(re.findall(r"{(\w+)}", path)) & self._names

    def operation(self) -> Operation:
        options = self._options
        return Operation(
            permission=options.get("permission"),
            body=options.get("body") or _body(self._command, self._of_path, made="make" in options),
            reply=options.get("reply", Version),
            status=options.get("status", 201 if self._target is new else 200),
            secret=options.get("secret", False),
            refusals=options.get("refusals", ()),
            example=options.get("example"),
        )

    def carry_out(self, request: Request[Any]) -> Answer:
        options = self._options
        command = options["make"](request) if "make" in options else self._made(request)
        if "run" in options:
            return options["run"](request, command)
        ref = Ref(decider=self._decider, id=self._target(request), creates=self._target is new)
        reads = options["reads"](request.tenant_id, ref.id) if "reads" in options else ()
        also = options.get("also", _alone)

        def decide(at: Snapshot) -> Decision:
            change = at.decide(ref, command, deleted=options.get("deleted", False))
            return also(at, change) if change.events else _alone(at, change)

        location = f"/v1/{self._decider.context}{self._path}/{{id}}"
        return request.transact((ref, *reads), decide, created(location) if ref.creates else None)

    def _made(self, request: Request[Any]) -> C:
        """The command, of its fields in the path and in the body."""
        named = {
            name: request.id(name) if name.endswith("_id") else request.path[name] for name in self._of_path
        }
        sent: BaseModel = request.body
        own = type(sent).model_fields.keys() & self._names
        given = own & (sent.model_fields_set | self._required)
        body = {name: fields.plain(getattr(sent, name)) for name in given}
        return self._command(**body | named)

    def _in_path(self, request: Request[Any]) -> str:
        return request.id(f"{self._decider.name}_id")


def _alone(_at: Snapshot, change: Change[Any, Any, Any]) -> Decision:
    return Decision(changes=(change,))


def _body(command: type[Any], elsewhere: frozenset[str], *, made: bool) -> type[BaseModel]:
    """The request body of a command: its fields with their limits, but those that the path has."""
    hints = get_type_hints(command, include_extras=True)
    taken: dict[str, Any] = {
        each.name: (hints[each.name], _default(each))
        for each in dataclasses.fields(command)
        if each.name not in elsewhere
    }
    if made or not taken:
        return NoBody
    return create_model(f"{command.__name__}Body", __base__=Body, **taken)


def _default(field: Any) -> Any:
    if field.default_factory is not MISSING:
        return Field(default_factory=field.default_factory)
    return ... if field.default is MISSING else field.default
