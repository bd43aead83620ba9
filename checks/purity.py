"""The import contract of what is pure: its modules are found by patterns of their places."""

from fnmatch import fnmatchcase

from grimp import ImportGraph
from importlinter import ContractCheck
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.domain.contract import Contract
from importlinter.domain.fields import ListField, StringField


class PureContract(Contract):
    """Modules at the places that `pure` names import nothing of `forbidden`, directly or through others.

    In a pattern `*` stands for one part of a module's name, or for a piece of one.
    """

    pure = ListField(subfield=StringField())
    forbidden = ListField(subfield=StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 -- the framework's signature
        return self._contract(graph).check(graph, verbose)

    def render_broken_contract(self, check: ContractCheck) -> None:
        ForbiddenContract.render_broken_contract(self._none(), check)

    def _contract(self, graph: ImportGraph) -> ForbiddenContract:
        found = sorted(module for module in graph.modules if any(matches(module, each) for each in self.pure))
        return self._forbidding(found)

    def _none(self) -> ForbiddenContract:
        return self._forbidding([])

    def _forbidding(self, modules: list[str]) -> ForbiddenContract:
        options = {"source_modules": modules, "forbidden_modules": list(self.forbidden)}
        return ForbiddenContract(self.name, self.session_options, options)


def matches(module: str, pattern: str) -> bool:
    """Whether a module's name has as many parts as a pattern, each as the pattern has it."""
    names, patterns = module.split("."), pattern.split(".")
    return len(names) == len(patterns) and all(map(fnmatchcase, names, patterns))
