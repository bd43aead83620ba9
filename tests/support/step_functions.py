"""Step Functions for the tests: a flow's own definition, run on the test's clock with the real functions.

https://states-language.net/ with JSONata: Task (also with a task token), Choice, Wait, Pass, Parallel, Map, Succeed
and Fail, and variables; Retry is left out, since a function here fails for good or not at all.
"""

import json
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from botocore.awsrequest import AWSResponse

from bench.year.flow import FILLED_IN, FlowFailed, evaluated
from support.spec import LAMBDA
from troupe.aws.clients import flows

VARIABLES = "variables"  # beside the context

type Strand = Generator[None, None, Any]  # it stops where it waits, and goes on when it is asked again
type Function = Callable[[dict[str, Any], Any], Any]

CODES = {"SendTaskSuccess": "TaskTimedOut", "StartExecution": "ExecutionAlreadyExists"}


class TaskFailed(Exception):  # noqa: N818 -- what Catch takes
    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error


def together(strands: Iterable[Strand]) -> Strand:
    """All of them at once, until each has ended: what each came to."""
    left, came = dict(enumerate(strands)), dict[int, Any]()
    while True:
        for number, each in list(left.items()):
            try:
                next(each)
            except StopIteration as ended:
                came[number] = ended.value
                del left[number]
        if not left:
            return [came[number] for number in sorted(came)]
        yield


def _ended(strand: Strand) -> bool:
    try:
        next(strand)
    except StopIteration:
        return True
    return False


@dataclass
class Execution:
    """`asked` is what its functions were called with, in order; `error` is what it ended with, if it failed."""

    engine: "Engine"
    name: str
    input: Mapping[str, Any]
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    waiting: dict[str, datetime] = field(default_factory=dict)  # token -> until when
    sleeping: list[datetime] = field(default_factory=list)
    status: str = "RUNNING"
    error: str | None = None

    def __post_init__(self) -> None:
        self._strand = self._run(self.engine.definition, dict(self.input), {}, {})

    def go_on(self) -> None:
        """As far as it comes without time passing."""
        self.sleeping.clear()
        try:
            if self.status == "RUNNING" and _ended(self._strand):
                self.status = "SUCCEEDED"
        except FlowFailed as failed:
            self.status, self.error = "FAILED", str(failed)

    @property
    def wakes_at(self) -> datetime:
        return min([*self.waiting.values(), *self.sleeping])

    def called(self, name: str) -> list[dict[str, Any]]:
        return [payload for function, payload in self.asked if function == name]

    def _value(self, given: Any, data: Any, context: Mapping[str, Any], **more: Any) -> Any:
        known = {"Execution": {"Input": self.input, "Name": self.name}, **context}
        return evaluated(given, {"input": data, "context": known, **more}, context.get(VARIABLES))

    def _run(
        self, scope: Mapping[str, Any], data: Any, outer: Mapping[str, Any], variables: Mapping[str, Any]
    ) -> Strand:
        """A branch reads the variables of what is around it, and sets its own."""
        context: dict[str, Any] = {**outer, VARIABLES: dict(variables)}
        name: str | None = scope["StartAt"]
        while name:
            state = scope["States"][name]
            match state["Type"]:
                case "Succeed":
                    return self._value(state["Output"], data, context) if "Output" in state else data
                case "Pass":
                    before, data = data, self._put_out(state, data, context, data)
                    self._assign(state, before, context)
                case "Fail":
                    raise FlowFailed(f"{state['Error']}: {self._value(state['Cause'], data, context)}")
                case "Choice":
                    name = self._chosen(state, data, context)
                    continue
                case "Wait":
                    seconds = self._value(state["Seconds"], data, context)
                    self._assign(state, data, context)
                    yield from self._sleep(self.engine.clock() + timedelta(seconds=seconds))
                case _:
                    try:
                        result = yield from self._work(state, data, context)
                        before, data = data, self._put_out(state, data, context, result)
                        self._assign(state, before, context)
                    except TaskFailed as failed:
                        name = _caught(state, failed)
                        continue
            name = state.get("Next")
        return data

    def _assign(self, state: Mapping[str, Any], data: Any, context: Mapping[str, Any]) -> None:
        context[VARIABLES].update(self._value(state.get("Assign", {}), data, context))

    def _put_out(self, state: Mapping[str, Any], data: Any, context: Mapping[str, Any], result: Any) -> Any:
        return self._value(state["Output"], data, context, result=result) if "Output" in state else result

    def _chosen(self, state: Mapping[str, Any], data: Any, context: Mapping[str, Any]) -> str:
        for choice in state["Choices"]:
            if self._value(choice["Condition"], data, context) is True:
                return str(choice["Next"])
        return str(state["Default"])

    def _sleep(self, until: datetime) -> Strand:
        while self.engine.clock() < until:
            self.sleeping.append(until)
            yield

    def _work(self, state: Mapping[str, Any], data: Any, context: Mapping[str, Any]) -> Strand:
        match state["Type"]:
            case "Parallel":
                branches = (self._run(each, data, context, context[VARIABLES]) for each in state["Branches"])
                return (yield from together(branches))
            case "Map":
                return (yield from together(self._items(state, data, context)))
            case "Task" if state["Resource"].endswith(".waitForTaskToken"):
                return (yield from self._wait(state, data, context))
            case "Task":
                return {"Payload": self._call(self._value(state["Arguments"], data, context))}
            case other:
                raise ValueError(f"no kind of state that a flow of ours has: {other}")

    def _items(self, state: Mapping[str, Any], data: Any, context: Mapping[str, Any]) -> Iterable[Strand]:
        items = self._value(state["Items"], data, context)
        assert isinstance(items, list), "a map takes an array"
        for index, item in enumerate(items):
            within = {**context, "Map": {"Item": {"Index": index, "Value": item}}}
            given = self._value(state["ItemSelector"], data, within)
            yield self._run(state["ItemProcessor"], given, within, context[VARIABLES])

    def _wait(self, state: Mapping[str, Any], data: Any, context: Mapping[str, Any]) -> Strand:
        token = self.engine.new_token(self)
        within = {**context, "Task": {"Token": token}}
        seconds = self._value(state["TimeoutSeconds"], data, within)
        self.waiting[token] = self.engine.clock() + timedelta(seconds=seconds)
        try:
            self._call(self._value(state["Arguments"], data, within))
            while token not in self.engine.answered:
                if self.engine.clock() >= self.waiting[token]:
                    raise TaskFailed("States.Timeout")
                yield
        finally:
            del self.waiting[token]
        return {}

    def _call(self, asked: Mapping[str, Any]) -> Any:
        name, payload = asked["FunctionName"], json.loads(json.dumps(asked["Payload"]))
        self.asked.append((name, payload))
        try:
            return json.loads(json.dumps(self.engine.functions[name](payload, LAMBDA)))
        except Exception as failed:
            raise TaskFailed(type(failed).__name__, str(failed)) from failed


def _caught(state: Mapping[str, Any], failed: TaskFailed) -> str:
    for catch in state.get("Catch", ()):
        if {"States.ALL", failed.error} & set(catch["ErrorEquals"]):
            return str(catch["Next"])
    raise FlowFailed(str(failed)) from failed


@dataclass
class Engine:
    """What the product's client of Step Functions talks to, while the test lasts."""

    definition: Mapping[str, Any]
    functions: Mapping[str, Function]
    clock: Callable[[], datetime]
    executions: dict[str, Execution] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    tokens: dict[str, Execution] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path, functions: Mapping[str, Function], clock: Callable[[], datetime]) -> "Engine":
        """Its tasks name their functions as the template fills them in."""
        names = {"Partition": "aws", **{name: name for name in functions}}
        text = FILLED_IN.sub(lambda found: names[found[1]], file.read_text(encoding="utf-8"))
        return cls(definition=yaml.safe_load(text), functions=functions, clock=clock)

    def install(self) -> None:
        events = flows().meta.events
        events.register("before-call.sfn.StartExecution", self._start)
        events.register("before-call.sfn.SendTaskSuccess", self._answer)

    def new_token(self, execution: Execution) -> str:
        token = f"token-{len(self.tokens)}"
        self.tokens[token] = execution
        return token

    def go_on(self) -> None:
        for each in self.executions.values():
            each.go_on()

    def forget(self) -> None:
        """Lose all executions: none of their waits ends, and no token is known."""
        self.executions.clear()
        self.tokens.clear()

    def _start(self, model: Any, params: Mapping[str, Any], **_: Any) -> Any:
        given = json.loads(params["body"])
        if given["name"] in self.executions:
            return _reply(CODES[model.name])
        self.executions[given["name"]] = Execution(self, given["name"], json.loads(given["input"]))
        return _reply()

    def _answer(self, model: Any, params: Mapping[str, Any], **_: Any) -> Any:
        token = json.loads(params["body"])["taskToken"]
        execution = self.tokens.get(token)
        if execution is None or token not in execution.waiting or token in self.answered:
            return _reply(CODES[model.name])
        self.answered.add(token)
        return _reply()


def _reply(code: str | None = None) -> Any:
    status = 400 if code else 200
    parsed: dict[str, Any] = {"ResponseMetadata": {"HTTPStatusCode": status}}
    error = {"Error": {"Code": code, "Message": "no"}} if code else {"executionArn": "arn", "startDate": 0}
    return AWSResponse("https://states.amazonaws.com", status, {}, None), parsed | error
