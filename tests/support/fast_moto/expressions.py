"""Expressions of DynamoDB, each parsed once; moto parses the same one three times for each action."""

import copy
from functools import cache
from typing import Any

import pytest
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.dynamodb.parsing.validators import (
    ActionCountValidator,
    OverlappingPathsValidator,
    UpdateExpressionValidator,
    UpdateHashRangeKeyValidator,
)

OF_THE_EXPRESSION = (ActionCountValidator, OverlappingPathsValidator, UpdateHashRangeKeyValidator)
"""Validators that see the expression and its names, and neither its values nor the item."""

_conditions: dict[tuple[str, str, str], tuple[Any, list[str], list[str]]] = {}
_valid: set[tuple[int, str]] = set()
_processed: dict[tuple[type, type], bool] = {}
_parsed_update = cache(UpdateExpressionParser.make)
_parsed = ConditionExpressionParser.parse
_new_validator = UpdateExpressionValidator.__init__


def quicken(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ConditionExpressionParser, "parse", _parse)
    patch.setattr(UpdateExpressionParser, "make", _parsed_update)  # a validator changes a copy of its own
    patch.setattr(UpdateExpressionValidator, "__init__", _validator)
    patch.setattr(UpdateExpressionValidator, "validate", _validated)
    patch.setattr(Node, "__deepcopy__", _copied, raising=False)
    patch.setattr(DepthFirstTraverser, "traverse_node_recursively", _traverse)


def _parse(self: ConditionExpressionParser) -> Any:
    """Of one that has been parsed with these names and values: what was found then."""
    if not self.condition_expression:
        return _parsed(self)
    key = (
        self.condition_expression,
        repr(self.expression_attribute_names),
        repr(self.expression_attribute_values),
    )
    if key not in _conditions:
        made = _parsed(self)
        _conditions[key] = made, self.expr_attr_names_found, self.expr_attr_values_found
    made, names, values = _conditions[key]
    self.expr_attr_names_found, self.expr_attr_values_found = [*names], [*values]
    return made


def _validator(self: UpdateExpressionValidator, expression: Node, **named: Any) -> None:
    """Of an expression that is parsed once, and so known by its identity."""
    _new_validator(self, expression, **named)
    self.key = id(expression), repr(named["expression_attribute_names"])


def _validated(self: UpdateExpressionValidator) -> Node:
    """As moto does it, and what was found valid by these names is not validated again."""
    node = self.node_to_validate
    for processor in self.processors:
        if self.key not in _valid or not isinstance(processor, OF_THE_EXPRESSION):
            node = processor.traverse(node)
    _valid.add(self.key)
    return node


def _copied(self: Node, memo: dict[int, Any]) -> Node:
    """With copies of its children, whose parent it is; what else it has is constant."""
    clone = copy.copy(self)
    if self.children is not None:
        clone.children = [copy.deepcopy(child, memo) for child in self.children]
        for child in clone.children:
            if isinstance(child, Node):
                child.parent = clone
    return clone


def _traverse(self: DepthFirstTraverser, node: Node, child_id: int = -1) -> Node:
    """As moto does it. Whether a traverser processes a node depends on their classes; moto asks at each node."""
    parent, kinds = node.parent, (type(self), type(node))
    for place, child in enumerate(node.children or ()):
        self.pre_processing_of_child(node, place)
        if isinstance(child, Node):
            _traverse(self, child, place)
    if kinds not in _processed:
        _processed[kinds] = issubclass(type(node), self.nodes_to_be_processed())
    if _processed[kinds]:
        node = self.process(node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node
