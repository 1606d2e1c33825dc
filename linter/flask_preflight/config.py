"""What a run was asked to do: from the command line and from the project's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_preflight.result import LEVELS, Level, Result
from flask_preflight.rule import RULES, Rule


class Settings:
    """The decisions of one run."""

    def __init__(self, root: str = ".", *, select: tuple[str, ...] = (), jobs: int = 0) -> None:
        self.root = root
        self.jobs = jobs
        self.select = select
        self.exit_zero = False
        self.all_rules = False
        self.fail_on: Level = "error"
        self.model: Mapping[str, Any] = {}

    def may_select(self, package: str) -> bool:
        return True

    def selected(self, rule: Rule) -> bool:
        return rule.id in self.select if self.select else rule.enabled

    def options(self, rule: Rule) -> dict[str, Any]:
        return {}

    def rules(self) -> list[Rule]:
        unique = {rule.id: rule for rules in RULES.values() for rule in rules}
        return [unique[id] for id in sorted(unique) if self.selected(unique[id])]

    def leveled(self, result: Result) -> Result:
        return result

    def shows(self, result: Result) -> bool:
        return True

    def fails(self, result: Result) -> bool:
        return LEVELS.index(result.level or "note") >= LEVELS.index(self.fail_on)
