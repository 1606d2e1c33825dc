"""The only module that imports PyYAML: composes nodes and types the scalars itself.

PyYAML's constructor is slower than this, loses positions, builds objects for tags, takes `on:` for
True and `22:22` for 1342, and lets a key that is written twice pass.
"""

from __future__ import annotations

import gc
import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

import yaml

from flask_preflight.artifacts.yaml import Map, Node, Origin, Seq, Tagged
from flask_preflight.lazy import expression
from flask_preflight.limits import (
    MAX_YAML_DEPTH,
    MAX_YAML_DIRECTIVES,
    MAX_YAML_DOCUMENTS,
    MAX_YAML_NODES,
)
from flask_preflight.run import Notes

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = expression(r"[-+]?(?:0|[1-9][0-9]{0,18})\Z")
_FLOAT = expression(
    r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z|[-+]?[0-9]+[eE][-+]?[0-9]+\Z"
)
_NUMERIC = frozenset("+-.0123456789")
_CORE = "tag:yaml.org,2002:"
_DIRECTIVE = expression(r"^(?:%|---)", re.MULTILINE)

_SURROGATE = expression(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_INDENTED = expression(r"(?:[ \t\r]*\n)*( *)")
_COMMENT = expression(r" *#")
_CONFLICT = expression(r"^<{7} ", re.MULTILINE)


class _TooDeep(yaml.YAMLError):  # type: ignore[misc]
    def __init__(self, mark: Any) -> None:
        self.problem_mark = mark
        self.problem = f"nested deeper than {MAX_YAML_DEPTH} levels"


class _TooMany(Exception):
    """More nodes than the limit."""


class _Loader(_Base):  # type: ignore[misc]
    """Composes without resolving tags, and counts the depth before the C stack overflows."""

    _depth = 0
    _total = 0

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        self._total += 1
        if self._total > MAX_YAML_NODES:
            raise _TooMany
        return None

    def descend_resolver(self, parent: Any, index: Any) -> None:
        self._depth += 1
        if self._depth > MAX_YAML_DEPTH:
            raise _TooDeep(parent.start_mark)

    def ascend_resolver(self) -> None:
        self._depth -= 1


class _Redefining(_Base):  # type: ignore[misc]
    """Composes from events, so that a second anchor of one name replaces the first.

    YAML 1.2 and Kubernetes' parser allow that, PyYAML's composer refuses it.
    """

    def nodes(self) -> Any:
        self.depth = 0
        self.total = 0
        while self.check_event():
            event = self.get_event()
            if isinstance(event, yaml.DocumentStartEvent):
                self.named: dict[str | None, Any] = {}
                yield self.node(self.get_event())

    def node(self, event: Any) -> Any:
        self.total += 1
        if self.total > MAX_YAML_NODES:
            raise _TooMany
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.named:
                raise yaml.composer.ComposerError(
                    None, None, f"found undefined alias {event.anchor}", event.start_mark
                )
            return self.named[event.anchor]
        if isinstance(event, yaml.ScalarEvent):
            scalar = yaml.ScalarNode(
                event.tag, event.value, event.start_mark, event.end_mark, event.style
            )
            self.named[event.anchor] = scalar
            return scalar
        return self.collection(event)

    def collection(self, event: Any) -> Any:
        self.depth += 1
        if self.depth > MAX_YAML_DEPTH:
            raise _TooDeep(event.start_mark)
        mapping = isinstance(event, yaml.MappingStartEvent)
        kind = yaml.MappingNode if mapping else yaml.SequenceNode
        made = kind(event.tag, [], event.start_mark, None, event.flow_style)
        self.named[event.anchor] = made
        end = yaml.MappingEndEvent if mapping else yaml.SequenceEndEvent
        while not isinstance(event := self.get_event(), end):
            item = self.node(event)
            made.value.append((item, self.node(self.get_event())) if mapping else item)
        made.end_mark = event.end_mark
        self.depth -= 1
        return made


class _Builder:
    """Turns nodes into `Map`, `Seq` and scalars; a node that is shared becomes a shared value."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.breaks = [-1]
        self.breaks += [match.start() for match in re.finditer("\n", text)]
        self.text = text
        self.nodes: dict[int, Node] = {}
        self.values: dict[int, Any] = {}
        self.pairs: dict[int, dict[str, tuple[Any, Any]]] = {}
        self.total = 0

    def node(self, node: Any) -> Node:
        known = self.nodes.get(id(node))
        if known is None:
            start = self.place(node.start_mark.index)
            scalar = isinstance(node, yaml.ScalarNode)
            style = (node.style or "") if scalar else ""
            text = node.value if scalar else ""
            known = Node(*start, *self.end(node), style, node.tag or "", text)
            self.nodes[id(node)] = known
        return known

    def end(self, node: Any) -> tuple[int, int]:
        """The parser ends blocks where the next token starts; people mean their last text."""
        start: int = node.start_mark.index
        end: int = node.end_mark.index
        if isinstance(node, yaml.ScalarNode):
            return self.place(self.end_of_block(start, end) if node.style in ("|", ">") else end)
        if not node.flow_style and node.value:
            last = node.value[-1]
            last = last[1] if isinstance(node, yaml.MappingNode) else last
            if last.start_mark.index > start:  # An alias stands where its anchor does.
                inner = self.node(last)
                return inner.end_line, inner.end_column
        return self.place(self.stripped(start, end))

    def end_of_block(self, start: int, end: int) -> int:
        """Comments after a block scalar are no part of it: they are indented less than its text."""
        end = self.stripped(start, end)
        head = self.text.find("\n", start, end)
        first = _INDENTED.match(self.text, head + 1, end) if head >= 0 else None
        indent = len(first[1]) if first is not None else 0
        while head >= 0:
            row = self.text.rfind("\n", start, end) + 1
            if row <= head + 1 or not _COMMENT.match(self.text, row, min(row + indent, end)):
                break
            end = self.stripped(start, row)
        return end

    def stripped(self, start: int, end: int) -> int:
        """The end without the white space before it."""
        while end > start and self.text[end - 1] in " \n\r\t":
            end -= 1
        return end

    def place(self, index: int) -> tuple[int, int]:
        line = bisect_right(self.breaks, index - 1)
        return line, index - self.breaks[line - 1]

    def value(self, node: Any) -> Any:
        self.total += 1
        if self.total > MAX_YAML_NODES:  # The parser does not count aliases.
            raise _TooMany
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        known = self.values.get(id(node))
        if known is not None:
            return known
        if isinstance(node, yaml.SequenceNode):
            sequence = self.values[id(node)] = Seq(self.path)
            sequence.leave(lambda: (self.node(node), self.places(enumerate(node.value))))
            for item in node.value:
                sequence.append(self.value(item))
            return sequence
        return self.mapping(node)

    def mapping(self, node: Any) -> Map:
        made = self.values[id(node)] = Map(self.path)
        pairs: dict[str, tuple[Any, Any]] = {}
        self.pairs[id(made)] = pairs
        made.leave(lambda: (self.node(node), self.places_of_pairs(pairs)))
        merges = []
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                made.is_strange = True
                continue
            name = key.value
            if name == "<<" and not key.style:
                merges.append(item)
                continue
            if name in pairs:
                made.duplicates.append((name, self.node(key)))
            made[name] = self.value(item)
            pairs[name] = key, item
        for item in merges:
            self.merge(made, pairs, item)
        return made

    def merge(self, made: Map, pairs: dict[str, tuple[Any, Any]], node: Any) -> None:
        """`<<`: own keys win, and of several mappings the earlier one."""
        value = self.value(node)
        for source in value if isinstance(value, Seq) else [value]:
            if isinstance(source, Map):
                places = self.pairs[id(source)]
                for key in source:
                    if key not in made:
                        made[key], pairs[key] = source[key], places[key]

    def places(self, items: Iterable[tuple[int, Any]]) -> dict[Any, Origin]:
        return {index: (self.path, n := self.node(item), n) for index, item in items}

    def places_of_pairs(self, pairs: dict[str, tuple[Any, Any]]) -> dict[Any, Origin]:
        return {
            name: (self.path, self.node(key), self.node(item))
            for name, (key, item) in pairs.items()
        }


def _scalar(node: Any) -> Any:
    text: str = node.value
    tag = node.tag
    if tag:
        if tag.startswith(_CORE):
            return text
        tagged = Tagged(text)
        tagged.tag = tag
        return tagged
    if node.style:
        return text
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if text[0] not in _NUMERIC:
        return text
    if _INTEGER.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text


def load(path: str, text: str, notes: Notes) -> tuple[list[Any], bool]:
    """See `flask_preflight.artifacts.yaml.documents`."""
    if text.count("\n%") >= MAX_YAML_DIRECTIVES and _has_many_directives(text):
        notes.unparsed(path, f"more than {MAX_YAML_DIRECTIVES} directives in one document")
        return [], False
    if path.endswith(".json"):  # YAML knows no escapes of half a character, JSON does.
        text = _SURROGATE.sub(r"\\uFFFD", text)
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _load(path, text, notes)
    finally:
        if collecting:
            gc.enable()


def _has_many_directives(text: str) -> bool:
    """Their number costs libyaml quadratic time."""
    count = 0
    for found in _DIRECTIVE.finditer(text):
        count = count + 1 if found[0] == "%" else 0
        if count > MAX_YAML_DIRECTIVES:
            return True
    return False


def _load(path: str, text: str, notes: Notes) -> tuple[list[Any], bool]:
    nodes: list[Any] = []
    complete = True
    try:
        try:
            _compose(text, nodes)
        except (yaml.YAMLError, UnicodeError, ValueError, RecursionError) as fault:
            _report(path, text, fault, notes)
            complete = False
        if len(nodes) > MAX_YAML_DOCUMENTS:
            notes.unread(path, f"more than {MAX_YAML_DOCUMENTS} documents")
            return [], False
        builder = _Builder(path, text)
        values = [builder.value(node) for node in nodes]
    except _TooMany:
        notes.unread(path, f"more than {MAX_YAML_NODES} nodes")
        return [], False
    return [value for value in values if value is not None], complete


def _compose(text: str, nodes: list[Any]) -> None:
    loader = _Loader(text)
    try:
        while loader.check_node():
            nodes.append(loader.get_node())
    except yaml.composer.ComposerError as fault:
        if "duplicate anchor" not in str(fault):
            raise
    else:
        return
    finally:
        loader.dispose()
    nodes.clear()
    again = _Redefining(text)
    try:
        nodes.extend(again.nodes())
    finally:
        again.dispose()


_STATEMENT = expression(
    r"^[ \t]*(?:\{%-?\s*[a-z]|\{\{-?\s*(?:if|range|with|end|include|define)\b)", re.MULTILINE
)
"""A line of a template, which is no YAML before it is rendered."""


def _report(path: str, text: str, fault: Exception, notes: Notes) -> None:
    mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    reason = getattr(fault, "problem", None) or "not valid YAML"
    index = getattr(mark, "index", 0)
    line = text.count("\n", 0, index) + 1
    column = index - text.rfind("\n", 0, index)
    conflict = _CONFLICT.search(text)
    if conflict:
        reason, line, column = "merge conflict marker", text.count("\n", 0, conflict.start()) + 1, 1
    elif _STATEMENT.search(text):
        notes.skipped(path, "template, not rendered")
        return
    notes.unparsed(path, str(reason), line, column)
