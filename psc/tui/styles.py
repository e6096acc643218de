"""Textual's style sheet, which keeps what it has worked out.

Textual matches every rule against every widget, and against every part of it that has a style of its own, each time
anything of a screen changes; and it reads all style sheets anew with each kind of screen that is opened. What follows
from the same names, classes and states is always the same: it is worked out here once, and a widget whose styles stay
as they are is not drawn again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from textual.css.model import RuleSet
    from textual.css.styles import RenderStyles, RulesMap

_ORDER = frozenset({"first-of-type", "last-of-type", "first-child", "last-child", "empty"})
_OF_A_PART = frozenset(DOMNode()._selector_names)


class _Named(NamedTuple):
    """What the names of a widget and of its parts say before anybody has looked where it stands."""

    number: int
    """One for each set of rules that name it or its parts, whichever style sheet they stand in."""
    own: frozenset[str]
    """The states that any rule for the widget asks for."""
    states: tuple[str, ...]
    """Those that any rule for it or for its parts asks for."""
    parts: tuple[str, ...]


class _Answer(NamedTuple):
    """The styles of a widget and of its parts. None where no rule says anything."""

    rules: RulesMap | None
    parts: dict[str, RulesMap | None]


class _Parts(dict[str, "RenderStyles"]):
    """The styles of a widget's parts by name, each made when it is first asked for: most never are."""

    def __init__(self, node: DOMNode, rules: dict[str, RulesMap | None]) -> None:
        super().__init__()
        self.rules = rules
        self._node = node

    def __contains__(self, name: object) -> bool:
        return name in self.rules

    def __missing__(self, name: str) -> RenderStyles:
        part = DOMNode(classes=name)
        part._attach(self._node)
        if rules := self.rules[name]:
            Stylesheet.replace_rules(part, rules)
        self[name] = part.styles
        return part.styles


_Names = dict[tuple[frozenset[str], frozenset[str]], _Named]


class KeptStyles(Stylesheet):
    """A style sheet that works out once what holds for widgets of the same names, classes and states."""

    _numbers: ClassVar[dict[tuple[object, ...], int]] = {}
    _answers: ClassVar[dict[tuple[Any, ...], _Answer]] = {}
    _sources: ClassVar[dict[tuple[Any, ...], list[RuleSet]]] = {}
    _known_names: ClassVar[dict[tuple[int, ...], _Names]] = {}
    """What names say under the same rules; those are kept, so that none has the number of another."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._holds_for: list[RuleSet] | None = None
        self._names: _Names = {}
        self._caught: RulesMap | None = None

    def copy(self) -> Stylesheet:
        """Return another one with the same sources."""
        copied = KeptStyles(variables=self._variables.copy())
        copied.source = self.source.copy()
        return copied

    # Reading

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other colours."""
        if variables != self._variables:
            super().set_variables(variables)

    def _parse_rules(self, *source: Any, **more: Any) -> list[RuleSet]:
        key = (source, *more.items(), frozenset(self._variables.items()))
        if (known := self._sources.get(key)) is None:
            known = self._sources[key] = super()._parse_rules(*source, **more)
        return known

    def reparse(self) -> None:
        """Read what is new."""
        self.parse()

    # Giving styles

    def apply(self, node: DOMNode, *, animate: bool = False, cache: object = None) -> None:
        """Give a widget and its parts the styles that its names, classes and states ask for."""
        named = self._named(node)
        own = named.own
        node._has_hover_style = "hover" in own
        node._has_focus_within = "focus-within" in own
        node._has_order_style = not own.isdisjoint(_ORDER)
        node._has_odd_or_even = "odd" in own or "even" in own
        key = (named.number, *_standing(node, named.states))
        if (answer := self._answers.get(key)) is None:
            answer = self._answers[key] = self._work_out(node, named.parts)
        if answer.rules is not None:
            if node.styles.base._rules != answer.rules:
                super().replace_rules(node, answer.rules, animate=animate)
            elif not animate:
                node.notify_style_update()
        before = node._component_styles
        if answer.parts and not (isinstance(before, _Parts) and before.rules == answer.parts):
            node._component_styles = _Parts(node, answer.parts)
            node.refresh()

    def _named(self, node: DOMNode) -> _Named:
        if self._holds_for is not self.rules:
            self._holds_for = self.rules
            self._names = self._known_names.setdefault(tuple(map(id, self.rules)), {})
        names, parts = frozenset(node._selector_names), frozenset(node._get_component_classes())
        if (named := self._names.get((names, parts))) is None:
            own = self._naming(names)
            of_parts = [self._naming(_OF_A_PART | {f".{one}"}) for one in sorted(parts)]
            states = _states([*own, *(rule for rules in of_parts for rule in rules)])
            number = self._numbers.setdefault((own, *of_parts), len(self._numbers))
            named = _Named(number, _states(own), tuple(sorted(states)), tuple(sorted(parts)))
            self._names[names, parts] = named
        return named

    def _naming(self, names: frozenset[str]) -> tuple[RuleSet, ...]:
        """Return the rules that name one of these, in their order."""
        found = {rule for name in names for rule in self.rules_map.get(name, ())}
        return tuple(filter(found.__contains__, self.rules)) if found else ()

    def _work_out(self, node: DOMNode, names: tuple[str, ...]) -> _Answer:
        rules = self._matching(node)
        parts = {}
        for name in names:
            part = DOMNode(classes=name)
            part._attach(node)
            parts[name] = self._matching(part)
        return _Answer(rules, parts)

    def _matching(self, node: DOMNode) -> RulesMap | None:
        """Let Textual match the rules; what it would write then is caught."""
        self._caught = None
        super().apply(node)
        return self._caught

    def replace_rules(self, node: DOMNode, rules: RulesMap, animate: bool = False) -> None:  # type: ignore[override]
        """Catch what Textual has found for a widget."""
        self._caught = rules

    def _process_component_classes(self, node: DOMNode) -> None:
        """Leave parts alone: they are given their styles with the widget."""


def _states(rules: Iterable[RuleSet]) -> frozenset[str]:
    return frozenset[str]().union(*(rule.pseudo_classes for rule in rules))


def _standing(node: DOMNode, states: tuple[str, ...]) -> list[Any]:
    """Return all of a widget, and of what it stands in, that a rule could ask for."""
    found: list[Any] = []
    one: Any = node
    while isinstance(one, DOMNode):
        checks: Mapping[str, Callable[[Any], bool]] = one._PSEUDO_CLASSES
        found.append(type(one))
        found.append(one._id)
        found.append(frozenset(one._classes))
        found.append(tuple([name for name in states if name in checks and checks[name](one)]))
        one = one._parent
    return found
