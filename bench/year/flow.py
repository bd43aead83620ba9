"""The flow's definition, interpreted on simulated time, with its variables, Retry and Catch.

https://states-language.net/ with JSONata, by the very library that the emulator uses. A wait costs nothing:
an execution says when it wants to go on.
"""

import math
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DEEPEST = sys.getrecursionlimit()  # the library raises it for the whole process when it is imported
import jsonata  # noqa: E402

sys.setrecursionlimit(DEEPEST)

FILLED_IN = re.compile(r"\$\{(\w+)\}")
START = "{%"
END = "%}"
TRANSITIONS = 25_000  # https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
type Function = Callable[[Any], Any]


class FlowFailed(Exception):  # noqa: N818 -- how an execution may end
    """It came to a Fail state, or a failure that nothing catches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    states: Mapping[str, Mapping[str, Any]]
    start_at: str

    @classmethod
    def read(cls, file: Path, names: Mapping[str, str]) -> "Definition":
        """The file with its `${...}` filled in, as the template does it."""
        text = FILLED_IN.sub(lambda found: names[found[1]], file.read_text(encoding="utf-8"))
        told = yaml.safe_load(text)
        if told["QueryLanguage"] != "JSONata":
            raise ValueError("only JSONata is read")
        return cls(states=told["States"], start_at=told["StartAt"])


@cache
def _compiled(expression: str) -> Any:
    return jsonata.Jsonata(expression)


def evaluated(given: Any, states: Mapping[str, Any], variables: Mapping[str, Any] | None = None) -> Any:
    """With every text in `{% %}` replaced by what it comes to."""
    match given:
        case str() if given.startswith(START) and given.endswith(END):
            compiled = _compiled(given[len(START) : -len(END)].strip())
            frame = compiled.create_frame()
            frame.bind("states", states)
            for name, value in (variables or {}).items():
                frame.bind(name, value)
            return compiled.evaluate(None, frame)
        case dict():
            return {name: evaluated(value, states, variables) for name, value in given.items()}
        case list():
            return [evaluated(value, states, variables) for value in given]
        case _:
            return given


@dataclass(slots=True, kw_only=True)
class Execution:
    """`functions` are called by name with the payload. What they raise is an error of its class's name."""

    definition: Definition
    name: str
    input: Mapping[str, Any]
    functions: Mapping[str, Function]
    state: str = ""
    data: Any = None
    transitions: int = 0
    tries: dict[str, int] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state, self.data = self.definition.start_at, self.input

    def go_on(self, now: datetime) -> datetime | None:  # noqa: C901 -- one case for each kind of state
        """Run to the next wait: when it ends, or None when the execution has. Raises `FlowFailed`."""
        while True:
            self.transitions += 1
            if self.transitions > TRANSITIONS:
                raise FlowFailed("too many transitions")
            state = self.definition.states[self.state]
            match state["Type"]:
                case "Succeed":
                    return None
                case "Fail":
                    raise FlowFailed(f"{state.get('Error')}: {self._value(state.get('Cause', ''))}")
                case "Choice":
                    self.state = self._chosen(state)
                case "Pass":
                    self._assign(state)
                    self.state = state["Next"]
                case "Wait":
                    until = self._until(state, now)
                    self._assign(state)
                    self.state = state["Next"]
                    if until > now:
                        return until
                case "Task":
                    again = self._work(state)
                    if again is not None:
                        return now + timedelta(seconds=again)
                case other:
                    raise ValueError(f"no kind of state that a flow of ours has: {other}")

    def _value(self, given: Any, **more: Any) -> Any:
        context = {"Execution": {"Input": self.input, "Name": self.name}}
        return evaluated(given, {"input": self.data, "context": context, **more}, self.variables)

    def _assign(self, state: Mapping[str, Any], **more: Any) -> None:
        self.variables |= self._value(state.get("Assign", {}), **more)

    def _chosen(self, state: Mapping[str, Any]) -> str:
        for choice in state["Choices"]:
            if self._value(choice["Condition"]) is True:
                return str(choice["Next"])
        return str(state["Default"])

    def _until(self, state: Mapping[str, Any], now: datetime) -> datetime:
        if "Seconds" in state:
            return now + timedelta(seconds=self._value(state["Seconds"]))
        until = datetime.fromisoformat(self._value(state["Timestamp"]))
        return max(until, now) if until.microsecond == 0 else _whole_second_after(until)

    def _work(self, state: Mapping[str, Any]) -> float | None:
        """Seconds after which the task is tried again; None when it is through, or caught."""
        asked = self._value(state["Arguments"])
        try:
            result = {"Payload": self.functions[asked["FunctionName"]](asked["Payload"]), "StatusCode": 200}
        except Exception as failed:  # noqa: BLE001 -- any exception of a function is an error of the task
            return self._failed(state, failed)
        self.tries.pop(self.state, None)
        data = self._value(state["Output"], result=result) if "Output" in state else result
        self._assign(state, result=result)
        self.data = data
        self.state = state["Next"]
        return None

    def _failed(self, state: Mapping[str, Any], failed: Exception) -> float | None:
        error = type(failed).__name__
        for number, retry in enumerate(state.get("Retry", ())):
            key = f"{self.state}/{number}"
            tried = self.tries.get(key, 0)
            if _catches(retry, error) and tried < retry.get("MaxAttempts", 3):
                self.tries[key] = tried + 1
                wait = retry.get("IntervalSeconds", 1) * math.pow(retry.get("BackoffRate", 2), tried)
                return float(min(wait, retry.get("MaxDelaySeconds", wait)))
        for catch in state.get("Catch", ()):
            if _catches(catch, error):
                self.data = {"Error": error, "Cause": str(failed)}
                self.state = catch["Next"]
                return None
        raise FlowFailed(f"{self.state}: {error} {failed}") from failed


def _catches(rule: Mapping[str, Any], error: str) -> bool:
    return "States.ALL" in rule["ErrorEquals"] or error in rule["ErrorEquals"]


def _whole_second_after(instant: datetime) -> datetime:
    return instant.replace(microsecond=0) + timedelta(seconds=1)
