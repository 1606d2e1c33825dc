"""What a run was asked to do: from the command line and from the project's configuration."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from flask_preflight import selection
from flask_preflight.about import OWN
from flask_preflight.facts import Attestation
from flask_preflight.limits import MAX_TEXT_BYTES
from flask_preflight.peers import TOOLS
from flask_preflight.result import LEVELS, Level, Location, Region, Result
from flask_preflight.rule import Rule
from flask_preflight.run import Role
from flask_preflight.selection import instead, nearest

if TYPE_CHECKING:
    from flask_preflight.changes import Change

FILES = (".flask-preflight.toml", "flask-preflight.toml", "pyproject.toml")
"""Where the configuration of a project may be; the first that exists counts."""
FORMATS = ("full", "concise", "json", "sarif", "github")
SOON_DAYS = 14
"""So long before its date, a suppression or evidence is announced to expire."""
EVIDENCE_DAYS = 365
"""So long after its review, evidence counts if it does not say otherwise."""
Threshold = Literal["error", "warning", "note", "never"]


class ConfigError(ValueError):
    """The configuration or the request cannot be followed; says where and why in one sentence."""


class Configuration(NamedTuple):
    """What one file says. `path` is for people; `text` is what lines are looked up in."""

    path: str
    text: str
    values: Mapping[str, Any]


class Key(NamedTuple):
    """One key of the configuration. `form` names what its value must be."""

    form: str
    default: Any
    meaning: str


KEYS: dict[str, Key] = {
    "select": Key("selectors", ("DEFAULT",), "the rules that run"),
    "extend-select": Key("selectors", (), "rules that run as well"),
    "ignore": Key("list", (), "rules that do not run"),
    "extend-ignore": Key("list", (), "further rules that do not run"),
    "fail-on": Key("threshold", "error", "the level from which on the exit code is 1"),
    "min-level": Key("level", "note", "results below this level are not shown"),
    "severity": Key("levels", {}, "levels of single rules or groups"),
    "per-file-ignores": Key("lists", {}, "rules that do not count in some files"),
    "honor": Key("list", TOOLS, "the tools whose comments silence the same fault here"),
    "require-reasons": Key("bool", False, "whether a suppression needs a reason"),
    "include": Key("list", (), "files to read although they are excluded"),
    "exclude": Key("list", None, "files and folders not to read, instead of the usual ones"),
    "extend-exclude": Key("list", (), "files and folders not to read, besides the usual ones"),
    "respect-gitignore": Key("bool", True, "whether files that git ignores are left out"),
    "force-exclude": Key("bool", False, "whether excludes hold for files given by name"),
    "roles": Key("strings", {}, "what a file is when its name does not tell"),
    "environments": Key("lists", {}, "which files belong to which environment"),
    "options": Key("options", {}, "options of single rules"),
    "evidence": Key("evidence", {}, "what attests practices that the files cannot show"),
    "output-format": Key("format", None, "the format of standard output"),
    "kubernetes-version": Key("version", None, "the version of the cluster"),
    "ci.actions-trust": Key("list", None, "owners whose actions need no pin"),
    "ci.runner-trust": Key("list", None, "labels of runners of one's own"),
    "migrations.since": Key("string", None, "the last revision that is not judged"),
    "migrations.small-tables": Key("list", None, "tables that may be locked"),
}
MODEL = ("kubernetes-version", *(key for key in KEYS if "." in key))
"""The keys that models ask for, through `Tree.settings`."""
CODE = frozenset(("rules", "custom-rules", "plugins"))


class Settings:
    """The decisions of one run; the rest of the linter asks nothing else."""

    def __init__(
        self,
        root: str = ".",
        *,
        select: tuple[str, ...] = (),
        jobs: int = 0,
        configuration: Configuration | None = None,
        given: Mapping[str, Any] | None = None,
        only: tuple[str, ...] = (),
        changed: Mapping[str, Change] | None = None,
    ) -> None:
        self.root = root
        self.jobs = jobs
        self.exit_zero = False
        self.all_rules = False
        self.suppressions = True
        self.today: str = ""
        self.only = only
        self.changed = changed
        self.configuration = configuration
        found = configuration.values if configuration else {}
        self.origins = dict.fromkeys(found, configuration.path) if configuration else {}
        self.values = {key: KEYS[key].default for key in KEYS} | dict(found)
        self._give({**(given or {}), **({"select": select} if select else {})})
        self.fail_on: Threshold = self.values["fail-on"]
        self.min_level: Level = self.values["min-level"]
        self.model: Mapping[str, Any] = {
            key: self.values[key] for key in MODEL if self.values[key] is not None
        }
        if self.values["evidence"]:
            self.model = {**self.model, "evidence": self._valid_evidence()}
        if only:
            self.model = {**self.model, "only": only}
        if changed is not None:
            self.model = {**self.model, "changed": changed}
        self._select = (*self.values["select"], *self.values["extend-select"])
        self._ignore = (*self.values["ignore"], *self.values["extend-ignore"])
        self._options: Mapping[str, dict[str, Any]] = self.values["options"]
        self._selected: dict[str, bool] = {}

    def _give(self, given: Mapping[str, Any]) -> None:
        """What the command line says replaces what a file says; `extend-…` adds to it."""
        for key, value in given.items():
            if key.startswith("extend-") or key == "severity":
                before = self.values[key]
                self.values[key] = (
                    {**before, **value} if isinstance(value, dict) else (*before, *value)
                )
            else:
                self.values[key] = value
            if key in ("select", "ignore"):
                self.values[f"extend-{key}"] = given.get(f"extend-{key}", ())
            self.origins[key] = "command line"

    def _valid_evidence(self) -> dict[str, str]:
        """The statements that have not expired, by the key of their item."""
        given: Mapping[str, Attestation] = self.values["evidence"]
        today = self.day()
        return {
            key: one.statement
            for key, one in given.items()
            if not one.expires or one.expires >= today
        }

    def may_select(self, package: str) -> bool:
        """Whether the rules of this folder need to be imported."""
        return selection.may_mean(self._select, package)

    def selected(self, rule: Rule) -> bool:
        """Whether the rule runs: the closest selector decides, and `ignore` wins a tie."""
        known = self._selected.get(rule.id)
        if known is None:
            wanted = selection.best(self._select, rule)
            known = wanted > selection.best(self._ignore, rule)
            self._selected[rule.id] = known
        return known

    def speaks(self, id: str) -> bool:
        """Whether a word of the group PRE is wanted; that a rule failed is always said."""
        if id == "PRE030":
            return True
        own = OWN[id]
        facts = (own.id, own.name, "", True)
        wanted = max(selection.closeness(selector, *facts) for selector in (*self._select, "ALL"))
        return wanted > max(
            (selection.closeness(selector, *facts) for selector in self._ignore), default=0
        )

    def options(self, rule: Rule) -> dict[str, Any]:
        """The options of this rule that are set."""
        return self._options.get(rule.id, {})

    def rules(self) -> list[Rule]:
        """The loaded rules that run, in the order of their ids."""
        known = selection.known_rules()
        return [known[id] for id in sorted(known) if self.selected(known[id])]

    def unselected(self) -> frozenset[str]:
        """The loaded rules that run by default and do not run here."""
        known = selection.known_rules()
        return frozenset(id for id, one in known.items() if one.enabled and not self.selected(one))

    def leveled(self, result: Result) -> Result:
        """The result with the level that the project gives to its rule."""
        table: Mapping[str, Level] = self.values["severity"]
        if not table or result.rule_id == "PRE030":
            return result
        rule = selection.known_rules().get(result.rule_id)
        own = OWN.get(result.rule_id)
        name = rule.name if rule else own.name if own else ""
        facts = (result.rule_id, name, rule.section if rule else "", True)
        close = {key: selection.closeness(key, *facts) for key in table}
        key = max(close, key=lambda key: close[key])
        return result._replace(level=table[key]) if close[key] else result

    def concerns(self, result: Result) -> bool:
        """Whether one of its places lies in the files, and on the lines, that were asked about."""
        return any(map(self._asked, (result.location, *result.related_locations)))

    def _asked(self, place: Location) -> bool:
        if self.changed is not None:
            change = self.changed.get(place.path)
            if change is None or not change.touches(place):
                return False
        return not self.only or any(
            place.path == path or place.path.startswith(path + "/") for path in self.only
        )

    def shows(self, result: Result) -> bool:
        """Whether the result is in the report."""
        strong = LEVELS.index(result.level or "note") >= LEVELS.index(self.min_level)
        return strong and self.concerns(result)

    def fails(self, result: Result) -> bool:
        """Whether the result makes the exit code 1."""
        if self.fail_on == "never" or not self.concerns(result):
            return False
        return LEVELS.index(result.level or "note") >= LEVELS.index(self.fail_on)

    def day(self, ahead: int = 0) -> str:
        """Today's date (UTC), or so many days later, as in `until=`."""
        import time

        if self.today:
            from datetime import date, timedelta

            return (date.fromisoformat(self.today) + timedelta(ahead)).isoformat()
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        try:
            now = int(epoch) if epoch else time.time()
            return time.strftime("%Y-%m-%d", time.gmtime(now + ahead * 86_400))
        except (ValueError, OverflowError, OSError) as fault:
            raise ConfigError("SOURCE_DATE_EPOCH is not a number of seconds") from fault

    def place(self, text: str) -> Location:
        """Where the configuration mentions something."""
        if self.configuration is None:
            return Location(FILES[-1])
        head, found, _ = self.configuration.text.partition(text)
        line = head.count("\n") + 1 if found else 1
        column = len(head) - head.rfind("\n") if found else 1
        end = column + len(text) if found and "\n" not in text else 0
        region = Region(line, column, line, end) if end else Region(line, column)
        return Location(self.configuration.path, region)


def find(root: str) -> Configuration | None:
    """The configuration that lies in the root of the project; raises ConfigError."""
    for name in FILES:
        path = os.path.join(root, name)
        if not os.path.lexists(path):
            continue
        inside = os.path.realpath(root) + os.sep
        if not os.path.realpath(path).startswith(inside):
            if name == "pyproject.toml":
                continue
            raise ConfigError(f"{name} is a link that leads out of the project")
        found = _read(path, name)
        if found is not None:
            return found
    return None


def load(path: str, shown: str = "") -> Configuration:
    """The configuration in a file that the command line names; raises ConfigError."""
    found = _read(path, shown or path)
    if found is None:
        raise ConfigError(f"{path} has no table [tool.flask-preflight]")
    return found


def _read(path: str, shown: str) -> Configuration | None:
    text = _text(path, shown)
    is_project = os.path.basename(path) == "pyproject.toml"
    if is_project and "flask-preflight" not in text:
        return None
    table = toml(text, shown)
    if is_project:
        tool = table.get("tool")
        table = tool.get("flask-preflight") if isinstance(tool, dict) else None
        if table is None:
            return None
    if not isinstance(table, dict):
        raise ConfigError(f"{shown}: tool.flask-preflight must be a table")
    return Configuration(shown, text, checked(table, shown))


def _text(path: str, shown: str) -> str:
    import stat

    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        number = os.open(os.path.realpath(path), flags)
        with open(number, "rb") as stream:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise ConfigError(f"{shown} is not a file")
            data = stream.read(MAX_TEXT_BYTES + 1)
        if len(data) > MAX_TEXT_BYTES:
            raise ConfigError(f"{shown} is larger than {MAX_TEXT_BYTES} bytes")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise ConfigError(f"{shown} is not UTF-8") from fault
    except OSError as fault:
        raise ConfigError(f"{shown} cannot be read: {fault.strerror}") from fault


def toml(text: str, shown: str) -> Any:
    """A TOML document as data; raises ConfigError."""
    import tomli

    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as fault:
        raise ConfigError(f"{shown} is not TOML: {str(fault)[:200]}") from fault
    except (RecursionError, ValueError) as fault:
        raise ConfigError(f"{shown} is nested too deeply or holds an impossible number") from fault


def checked(table: Mapping[str, Any], shown: str) -> dict[str, Any]:
    """The values of a table by key, nested keys with a dot; raises ConfigError."""
    values: dict[str, Any] = {}
    for key, value in table.items():
        nested = {known.partition(".")[2] for known in KEYS if known.startswith(key + ".")}
        if nested:
            for inner, deep in _table(f"{shown}: {key}", value).items():
                values[f"{key}.{inner}"] = _value(f"{key}.{inner}", deep, shown)
        else:
            values[key] = _value(key, value, shown)
    return values


def _value(key: str, value: Any, shown: str) -> Any:
    if key in CODE:
        raise ConfigError(
            f"{shown}: {key} would name code to run, and this file lies in the repository that is "
            "checked; own rules are named on the command line"
        )
    if key not in KEYS:
        close = nearest(key, KEYS)
        raise ConfigError(f"{shown}: there is no key {key}" + instead(close))
    return FORMS[KEYS[key].form](f"{shown}: {key}", value)


def _kind(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a string"}
    names |= {list: "a list", tuple: "a list", dict: "a table"}
    return names.get(type(value), "a date or a time")


def _typed(where: str, value: Any, kind: type | tuple[type, ...], wanted: str) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool) and kind is not bool:
        raise ConfigError(f"{where} must be {wanted}, not {_kind(value)}")
    return value


def _bool(where: str, value: Any) -> bool:
    return bool(_typed(where, value, bool, "true or false"))


def _string(where: str, value: Any) -> str:
    return str(_typed(where, value, str, "a string"))


def _version(where: str, value: Any) -> str:
    return str(_typed(where, value, (str, float), "a string"))


def _table(where: str, value: Any) -> dict[str, Any]:
    return dict(_typed(where, value, dict, "a table"))


def _list(where: str, value: Any) -> tuple[str, ...]:
    items = _typed(where, value, (list, tuple), "a list of strings")
    return tuple(str(_typed(f"an item of {where}", item, str, "a string")) for item in items)


def _selectors(where: str, value: Any) -> tuple[str, ...]:
    items = _list(where, value)
    for item in items:
        known(where, item)
    return items


def known(where: str, selector: str) -> None:
    """Raise ConfigError unless the selector means some rule."""
    try:
        selection.check(selector)
    except selection.UnknownRule as fault:
        raise ConfigError(f"{where}: {fault}") from fault


def _one_of(where: str, value: Any, words: Iterable[str]) -> str:
    words = tuple(words)
    word = _string(where, value)
    if word not in words:
        close = nearest(word, words)
        hint = instead(close) or f"; there are {', '.join(words)}"
        raise ConfigError(f"{where} cannot be {word}{hint}")
    return word


def _level(where: str, value: Any) -> str:
    return _one_of(where, value, reversed(LEVELS))


def _threshold(where: str, value: Any) -> str:
    return _one_of(where, value, (*reversed(LEVELS), "never"))


def _format(where: str, value: Any) -> str:
    return _one_of(where, value, FORMATS)


def _levels(where: str, value: Any) -> dict[str, str]:
    table = {}
    for selector, level in _table(where, value).items():
        known(where, selector)
        table[selector] = _level(f"{where}.{selector}", level)
    return table


def _strings(where: str, value: Any) -> dict[str, str]:
    return {key: _string(f"{where}.{key}", item) for key, item in _table(where, value).items()}


def _lists(where: str, value: Any) -> dict[str, tuple[str, ...]]:
    table = {key: _list(f"{where}.{key}", item) for key, item in _table(where, value).items()}
    if where.endswith("environments"):
        for name in table:
            _one_of(where, name, get_args(Role))
    return table


def _options(where: str, value: Any) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    for word, options in _table(where, value).items():
        rule = selection.find(word)
        if rule is None:
            known(where, word)
            raise ConfigError(f"{where}: {word} is not a single rule")
        named = f"{where}.{word}"
        for name, option in _table(named, options).items():
            parameter = name.replace("-", "_")
            if parameter not in rule.options:
                close = nearest(parameter, rule.options).replace("_", "-")
                raise ConfigError(f"{named} has no option {name}" + instead(close))
            default = rule.options[parameter]
            table.setdefault(rule.id, {})[parameter] = _like(f"{named}.{name}", option, default)
    return table


def _like(where: str, value: Any, default: Any) -> Any:
    """The value as the type of the default."""
    if isinstance(default, bool):
        return _bool(where, value)
    if isinstance(default, (tuple, list, frozenset)):
        return type(default)(_list(where, value))
    if isinstance(default, float):
        return float(_typed(where, value, (int, float), "a number"))
    return _typed(where, value, type(default), _kind(default))


def _evidence(where: str, value: Any) -> dict[str, Attestation]:
    """Statements by the key of their item: a text alone, or a table with owner and dates."""
    from flask_preflight.link.checklist import lines

    known_keys = [line.item.key for line in lines()]
    found = {}
    for key, said in _table(where, value).items():
        if key not in known_keys:
            close = nearest(key, known_keys)
            raise ConfigError(f"{where}: the checklist has no {key}" + instead(close))
        named = f"{where}.{key}"
        found[key] = Attestation(said) if isinstance(said, str) else _attestation(named, said)
    return found


def _attestation(where: str, value: Any) -> Attestation:
    from datetime import timedelta

    forms = {"statement": _string, "owner": _string, "reviewed": _date, "expires": _date}
    said: dict[str, Any] = {}
    for name, item in _table(where, value).items():
        if name not in forms:
            raise ConfigError(f"{where} has no {name}" + instead(nearest(name, forms)))
        said[name] = forms[name](f"{where}.{name}", item)
    if not said.get("statement"):
        raise ConfigError(f"{where} has no statement")
    if "reviewed" in said and "expires" not in said:
        said["expires"] = said["reviewed"] + timedelta(EVIDENCE_DAYS)
    return Attestation(**{name: str(item) for name, item in said.items()})


def _date(where: str, value: Any) -> Any:
    from datetime import date, datetime

    if not isinstance(value, date) or isinstance(value, datetime):
        raise ConfigError(f"{where} must be a date, as in 2027-03-14")
    return value


FORMS: dict[str, Callable[[str, Any], Any]] = {
    "bool": _bool,
    "string": _string,
    "version": _version,
    "list": _list,
    "selectors": _selectors,
    "level": _level,
    "threshold": _threshold,
    "format": _format,
    "levels": _levels,
    "strings": _strings,
    "lists": _lists,
    "options": _options,
    "evidence": _evidence,
}
