"""The configuration of an application: which values its keys may have in production."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flask_preflight.artifacts import source
from flask_preflight.artifacts.application import Application, ProductionValue
from flask_preflight.artifacts.source import HOLE, Class, Constant, Function, Loaded, Value
from flask_preflight.facts import Deployment
from flask_preflight.lazy import expression
from flask_preflight.link.modules import Modules
from flask_preflight.result import Location
from flask_preflight.run import Role

_NOT_PRODUCTION = expression(r"^(?:dev\w*|debug|test\w*|local|ci|unit|mock|example)$")
_PRODUCTION = expression(r"^(?:prod\w*|staging|live|heroku|docker|kubernetes|release)$")
_MAX_BASES = 30
_MAX_MATCHED = 50
"""How many names with holes in them are looked for."""
Given = tuple[str, tuple[tuple[str, Value], ...]]


def words(name: str) -> list[str]:
    """The words of a class name, lower case."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)]


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def is_development(name: str) -> bool:
    return any(_NOT_PRODUCTION.match(word) for word in words(name))


def fallen_back(name: str, constants: list[Constant]) -> Value | None:
    """The value of `if not NAME: NAME = literal`: what is given, or else the literal."""
    literals = [one.value for one in constants[1:] if one.guard.branch and one.value.is_text]
    first = constants[0].value if constants else None
    if first is None or first.kind == "literal" or not literals:
        return None
    last = literals[-1]
    names = first.names if first.kind == "env" else (name,)
    return Value("env", last.location, last.literal, names, True, last.location)


def _combined(before: list[ProductionValue], found: ProductionValue) -> ProductionValue:
    """A literal that a branch sets after a variable is what counts without the variable."""
    read, literal = before[-1].value, found.value
    if read.kind != "env" or read.text or not literal.is_text or literal.kind != "literal":
        return found
    before.pop()
    where = literal.location
    return found._replace(value=Value("env", where, literal.literal, read.names, True, where))


def configure(
    application: Application,
    deployment: Deployment,
    modules: Modules,
    roles: dict[str, Role],
    calls: Sequence[Given] = (),
) -> None:
    """Fill the production values and say whether all sources were read.

    `calls` are the arguments of every call of its factory, with the file of each.
    """
    _Configurator(application, deployment, modules, roles, calls).run()


class _Configurator:
    def __init__(
        self,
        application: Application,
        deployment: Deployment,
        modules: Modules,
        roles: dict[str, Role],
        calls: Sequence[Given],
    ) -> None:
        self.application = application
        self.calls = calls
        self.deployment = deployment
        self.modules = modules
        self.roles = roles
        self.read: set[Location] = set()
        """Where one of several configurations is looked up, and all of them are known."""
        self.neighbours: dict[str, list[Application]] = {}
        for other in deployment.applications if len(deployment.applications) > 1 else ():
            self.neighbours.setdefault(other.path, []).append(other)
        self.keys: dict[tuple[str, str], list[str]] = {}
        """What each class or module that was taken sets."""
        self.later: dict[tuple[str, str, str], Location] = {}
        """Where a function last loads a key from an object."""
        self.direct = {
            server.script_path
            for server in application.servers
            if server.kind == "script"
            and server.entry is not None
            and server.entry.role == "production"
        }
        """The programs that production runs."""
        self.taken: set[tuple[str, str]] = set()
        self.matched: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.loads = modules.of(Loaded, application.unit)
        self.filled = {one.path: one for one in self.loads if one.how == "setattr"}
        """Modules whose names are set in a loop: more settings may exist."""

    def run(self) -> None:
        application = self.application
        for loaded in self.loads:
            if self._counts(loaded.path, loaded.guard):
                self._load(loaded)
        direct: dict[str, list[ProductionValue]] = {}
        settings = self.modules.of(source.Setting, application.unit)
        conditional = {one.key for one in settings if one.guard.condition}
        for setting in settings:
            later = self.later.get((setting.path, setting.guard.function, setting.key))
            if not self._concerns(setting) or later is not None and setting.location < later:
                continue
            if setting.only_if_unset and setting.key in application.settings:
                continue
            value = self._resolved(setting.value, setting.path)
            found = ProductionValue(value, setting.location, "the application")
            if self._counts(setting.path, setting.guard):
                values = direct.setdefault(setting.key, [])
                if values and setting.guard.branch:
                    found = _combined(values, found)
                values.append(found)
        for key, values in direct.items():
            # A statement on the application comes after what it was loaded from.
            unknown = all(one.value.kind not in ("literal", "env", "random") for one in values)
            keeps = key in conditional or unknown
            known = application.settings.get(key, []) if keeps else []
            application.settings[key] = [*known, *values]

    def _counts(self, path: str, guard: source.Guard) -> bool:
        if self.roles.get(path, "production") != "production":
            return False
        if guard.condition == "dev" or guard.use in ("cli", "task"):
            return False
        if any(word.startswith("test") for word in words(guard.function)):
            return False
        return guard.where != "main" or path in self.direct

    def _concerns(self, setting: source.Setting) -> bool:
        """Whether the object is this application, not another one of its unit."""
        near = self.neighbours.get(setting.path, [])
        same = [a for a in near if a is not self.application and a.name == setting.owner]
        if same and setting.path == self.application.path:
            return setting.guard.function == self.application.factory
        return not same or setting.owner == self.application.name

    def _open(self, loaded: Loaded) -> None:
        application = self.application
        application.closed = False
        application.open_because = application.open_because or loaded.location

    def _load(self, loaded: Loaded) -> None:
        if loaded.how == "setattr":
            return
        if loaded.path in self.filled:
            self._open(self.filled[loaded.path])
        if loaded.how == "from_pyfile" and self._file(loaded):
            return
        if loaded.how == "from_prefixed_env":
            given = loaded.source
            if given.location == loaded.location or given.kind == "literal":
                self.application.prefixes.append(f"{given.text or 'FLASK'}_")
        if loaded.how != "from_object":
            if loaded.optional:
                return
            if loaded.how != "from_mapping" or loaded.source.kind != "literal":
                self._open(loaded)
            return
        found = list(self._objects(loaded.source, loaded))
        if not found and not loaded.optional and loaded.location not in self.read:
            self._open(loaded)
        for path, name in found:
            self._take(path, name)
            for key in self.keys.get((path, name), ()):
                self.later[loaded.path, loaded.guard.function, key] = loaded.location

    def _objects(self, value: Value, loaded: Loaded) -> Iterator[tuple[str, str]]:
        """The classes (path and name) and modules (an empty name) that are loaded."""
        if value.kind == "literal" and isinstance(value.literal, str):
            yield from self._named(value.literal, loaded)
        elif value.kind == "env" and value.has_default and isinstance(value.literal, str):
            self._open(loaded)
            self._selected(value, {})
            yield from self._named(value.literal, loaded)
        elif value.kind in ("reference", "call"):
            yield from self._referenced(value.reference, loaded)
        elif value.kind == "choice":
            for one in value.literal:
                yield from self._objects(one, loaded._replace(source=one))

    def _file(self, loaded: Loaded) -> bool:
        """A file of settings beside the application, or in its instance folder."""
        if loaded.source.kind != "literal" or not isinstance(loaded.source.literal, str):
            return False
        folder, text = loaded.path.rpartition("/")[0], loaded.source.literal.removeprefix("./")
        while text.startswith("../") and folder:
            folder, text = folder.rpartition("/")[0], text[3:]
        path = f"{folder}/{text}".lstrip("/")
        known = path in self.modules.names_of
        if known:
            self._take(path, "")
        return known

    def _matching(self, text: str, loaded: Loaded) -> Iterator[tuple[str, str]]:
        """The modules and classes that a text with holes may name."""
        pattern = re.compile("[\\w.]+".join(map(re.escape, text.split(HOLE))))
        root = text.partition(HOLE)[0].rpartition(".")[0]
        for name, path in self.modules.paths.items():
            near = ".".join(name.split(".")[-text.count(".") - 1 :])
            if pattern.fullmatch(near) and not is_development(_last(name)):
                yield path, ""
        module = self.modules.resolve(root, loaded.path) if root else None
        for one in self.modules.classes(module) if module is not None else ():
            if pattern.fullmatch(f"{root}.{one.name}") and not is_development(one.name):
                yield module or "", one.name

    def _named(self, text: str, loaded: Loaded) -> Iterator[tuple[str, str]]:
        if HOLE in text:
            key = (text, loaded.path.rpartition("/")[0])
            if key not in self.matched and len(self.matched) < _MAX_MATCHED:
                one = text.count(HOLE) == 1
                self.matched[key] = list(self._matching(text, loaded)) if one else []
            yield from self.matched.get(key, [])
            return
        if text == "__name__":
            yield loaded.path, ""
            return
        module = self.modules.resolve(text, loaded.path)
        if module is not None:
            yield module, ""
            return
        found = self.modules.locate(text, loaded.path)
        if found is not None:
            yield found

    def _referenced(self, dotted: str, loaded: Loaded) -> Iterator[tuple[str, str]]:
        name = re.sub(r"\(\)|\[\]", "", dotted)
        if dotted.endswith("[]"):
            yield from self._looked_up(name, loaded)
            return
        given = self._given(name, loaded)
        if given:
            for one in given:
                yield from self._objects(one, loaded._replace(source=one))
            return
        found = self.modules.class_of(name, loaded.path)
        if found is not None:
            yield found.path, found.name
            return
        module = self.modules.resolve(name, loaded.path)
        if module is not None:
            yield module, ""
            return
        for constant in self.modules.constants(loaded.path, name):
            # `config_class = Config if … else Other`, or a text that another name holds.
            if constant.value.kind in ("literal", "env"):
                yield from self._objects(constant.value, loaded)

    def _looked_up(self, name: str, loaded: Loaded) -> Iterator[tuple[str, str]]:
        """One of several configurations by a key: those for production, if they can be told."""
        place = self._place(name, loaded.path)
        held = self._constant(name, loaded.path)
        if held is None or held.value.kind != "mapping":
            self._open(loaded)
            if place is not None:
                # Any class of that module that is no one's base may be it.
                yield from ((one.path, one.name) for one in self._leaves(place[0]))
            return
        self.read.add(loaded.location)
        items: dict[str, Value] = dict(held.value.literal)
        for key in self._possible(loaded.source.literal, loaded):
            self._selected(key, items)
        for value in self._chosen(items, loaded):
            yield from self._objects(value, loaded._replace(path=held.path, source=value))

    def _chosen(self, items: dict[str, Value], loaded: Loaded) -> list[Value]:
        """The items that may be looked up in production."""
        keys = self._keys(loaded.source.literal, loaded)
        certain = [items[key] for key in keys if key in items and not is_development(key)]
        if certain and all(key in items for key in keys):
            return certain
        for key in ("production", "prod"):
            if key in items:
                return [items[key]]
        known = {
            one.reference.rpartition(".")[2] or str(one.literal): one
            for key, one in items.items()
            if not is_development(key)
        }
        left = {name: one for name, one in known.items() if not is_development(name)}
        named = [
            one
            for name, one in left.items()
            if any(_PRODUCTION.match(word) for word in words(name.rpartition(".")[2]))
        ]
        return named or list(left.values())

    def _selected(self, value: Value, items: dict[str, Value]) -> None:
        """Remember a key, or the default of one, that chooses a configuration for development."""
        chosen = items.get(value.text)
        name = _last(chosen.reference or chosen.text) if chosen is not None else ""
        if value.text and (is_development(_last(value.text)) or is_development(name)):
            self.application.selections.append(value)

    def _possible(self, key: object, loaded: Loaded) -> list[Value]:
        """What may be the key."""
        if not isinstance(key, Value):
            return []
        return self._given(key.reference, loaded) if key.kind == "reference" else [key]

    def _keys(self, key: object, loaded: Loaded) -> list[str]:
        """The texts that certainly are the key; none where the environment may say another."""
        found = self._possible(key, loaded)
        return [one.literal for one in found if one.kind == "literal" and one.is_text]

    def _given(self, name: str, loaded: Loaded) -> list[Value]:
        """What a parameter of the factory is given: by its callers, else by its default."""
        function = next(
            (
                one
                for one in self.modules.of(Function, (loaded.path,))
                if one.name == loaded.guard.function
            ),
            None,
        )
        if function is None or name not in function.parameters:
            return []
        place = str(function.parameters.index(name))
        default = dict(function.defaults).get(name)
        found = []
        for _, given in self.calls if function.name == self.application.factory else ():
            value = dict(given).get(name) or dict(given).get(place) or default
            if value is not None:
                found.append(value)
        known = list(dict.fromkeys(found))
        return known or ([default] if default is not None else [])

    def _leaves(self, path: str) -> list[Class]:
        """The classes of a module that are no one's base, those for production if they say so."""
        classes = self.modules.classes(path)
        full = {one.name for one in classes if one.values}
        while True:
            more = {one.name for one in classes if full.intersection(one.bases)} - full
            if not more:
                break
            full |= more
        counted = [one for one in classes if one.name in full]
        bases = {base for one in counted for base in one.bases}
        found = [one for one in counted if one.name not in bases and not is_development(one.name)]
        production = [one for one in found if any(_PRODUCTION.match(w) for w in words(one.name))]
        if not found:
            # All that is left is for development: then what they share is what production has.
            found = [one for one in counted if not is_development(one.name)]
        return production or found

    def _instance(self, path: str, name: str) -> tuple[str, str]:
        """The class of an object that a module makes, `Config = ServerConfig()`."""
        if name and self.modules.class_of(name, path) is None:
            for constant in self.modules.constants(path, name):
                made = constant.value.reference if constant.value.kind == "call" else ""
                found = self.modules.class_of(made, path) if made else None
                if found is not None:
                    return found.path, found.name
        return path, name

    def _take(self, path: str, name: str) -> None:
        path, name = self._instance(path, name)
        if (path, name) in self.taken:
            return
        self.taken.add((path, name))
        keys = self.keys.setdefault((path, name), [])
        values: dict[str, list[Constant]] = {}
        title = f"class {name}" if name else path
        if name and is_development(name):
            return
        if path in self.filled:
            self._open(self.filled[path])
        self._properties(path, name, title)
        for constant in self._values(path, name):
            if constant.name.isupper() and self._counts(constant.path, constant.guard):
                known = values.get(constant.name, []) if constant.guard.branch else []
                values[constant.name] = [*known, constant]
        for key, constants in values.items():
            constant = constants[-1]
            value = fallen_back(key, constants)
            other = values.get(constant.value.reference, [])
            if value is None and constant.value.kind == "reference" and other:
                value = fallen_back(constant.value.reference, other) or other[-1].value
            value = self._resolved(value or constant.value, constant.path)
            keys.append(key)
            before = self.application.settings.setdefault(key, [])
            if all(one.location != constant.location for one in before):
                before.append(ProductionValue(value, constant.location, title))

    def _properties(self, path: str, name: str, title: str) -> None:
        """Settings that a class works out when it is asked for them."""
        owner = self.modules.class_of(name, path) if name else None
        if owner is None:
            return
        for method in filter(str.isupper, owner.methods):
            unknown = Value("unknown", owner.location)
            found = ProductionValue(unknown, owner.location, title)
            self.application.settings.setdefault(method, []).append(found)

    def _values(self, path: str, name: str) -> Iterator[Constant]:
        """The names of a module, or of a class after those of its bases."""
        if not name:
            for one in self.modules.names(path):
                yield one
            return
        chain: list[Class] = []
        first = self.modules.class_of(name, path)
        waiting = [first] if first is not None else []
        while waiting and len(chain) < _MAX_BASES:
            current = waiting.pop()
            if current in chain:
                # As in Python's order, a base shared by several comes after all of them.
                chain.remove(current)
            chain.append(current)
            bases = (self.modules.class_of(base, current.path) for base in reversed(current.bases))
            waiting += [base for base in bases if base is not None and base is not current]
        for one in reversed(chain):
            yield from one.values

    def _resolved(self, value: Value, path: str, hops: int = 2) -> Value:
        """A value that another module holds."""
        if value.kind == "call":
            return self.modules.helped(value, path)
        if value.kind == "reference" and hops:
            found = self._constant(value.reference, path)
            if found is not None:
                inner = self._resolved(found.value, found.path, hops - 1)
                return inner._replace(fallback=inner.place) if inner.kind == "literal" else inner
        if value.kind == "env" and value.has_default and value.reference and hops:
            found = self._constant(value.reference, path)
            if found is not None and found.value.kind == "literal":
                return value._replace(literal=found.value.literal, reference="")
        return value

    def _attribute(self, dotted: str, path: str) -> Constant | None:
        """What a class, or an object that a module makes of it, has under a name."""
        owner, _, name = dotted.rpartition(".")
        if not owner:
            return None
        found = self.modules.class_of(owner, path)
        if found is None:
            place = self._place(owner, path)
            made = self.modules.constants(*place) if place is not None else []
            called = made[-1].value.reference if made and made[-1].value.kind == "call" else ""
            found = self.modules.class_of(called, made[-1].path) if called else None
        if found is None:
            return None
        values = [one for one in self._values(found.path, found.name) if one.name == name]
        return values[-1] if values else None

    def _place(self, dotted: str, path: str) -> tuple[str, str] | None:
        return self.modules.locate(dotted, path) if "." in dotted else (path, dotted)

    def _constant(self, dotted: str, path: str) -> Constant | None:
        place = self._place(dotted, path)
        held = self._attribute(dotted, path)
        if held is not None:
            return held
        if place is None:
            return None
        found = self.modules.constants(*place)
        if not found:
            again = self.modules.imported(*place)
            found = self.modules.constants(*again) if again is not None else []
        if len(found) > 1:
            value = fallen_back(place[1], found)
            return None if value is None else found[-1]._replace(value=value)
        return found[0] if found else None
