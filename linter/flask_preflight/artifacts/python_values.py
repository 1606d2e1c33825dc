"""What an expression evaluates to: literals, environment reads with their defaults, secrets."""

from __future__ import annotations

import re
from typing import Any

from flask_preflight.artifacts.python_guards import condition_of
from flask_preflight.artifacts.python_nodes import Source, arguments, children, literal, string
from flask_preflight.artifacts.source import HOLE, Reader, Value
from flask_preflight.lazy import expression

_MAX_DEPTH = 25
_MAX_PAIRS = 100
_MAX_CHOICES = 20
_MAX_TEXT = 20_000
_MAX_BITS = 128
_MAX_TAINTED = 2_000
_MAX_HOPS = 5
_REQUEST = expression(
    r"\brequest\.(?:args|form|values|json|get_json|headers|cookies|files|data|get_data|view_args)\b"
)
_CLEAN = expression(
    r"\s*(?:int|float|bool|len|uuid\.UUID|UUID|secure_filename|escape|safe_join|url_for|quote|"
    r"quote_plus|shlex\.quote|(?:io\.)?(?:Bytes|String)IO|"
    r"[\w.]*(?:safe|saniti[sz]e|clean|valid|check|hash|digest)\w*)\("
)
_FORMATTED = expression(r"(?<![\w])[rR]?[fF][rR]?(?:\"[^\"\n]*\"|'[^'\n]*')")
_CALL = expression(r"(?<!\w)\.?(?:[\w\[\]\"']+\.)*(\w+)\([^()]*\)")
_KEEPS = frozenset(
    "join str format Path unquote b64decode decode encode strip lower upper replace get getlist "
    "get_data get_json lstrip rstrip".split()
)
_QUOTED = expression(r"(?<![\w}])[rbu]?(?:\"[^\"\n]*\"|'[^'\n]*')")
_GETTERS = expression(r"(?:^|\.)os\.(?:environ\.(?:get|pop|setdefault)|getenv)\Z")
_ENV_ROOTS = expression(
    r"(?:^|\.)(?:environs\.Env\(\)|environ\.Env\(\)|decouple\.config|env)(?:\.|\Z)"
)
_CASTS = frozenset("int float str Path json.loads pathlib.Path bytes".split())
_METHODS = frozenset("strip lower upper replace rstrip lstrip encode decode format split".split())
_OF_UUIDS = ("uuid4().hex", "uuid1().hex", "uuid4().bytes", "uuid4().int")
_DRAWN = expression(r"\b(?:random|secrets|SystemRandom\(\))\.\w+|\bchoices?\(")
_MAKES = expression(r"(?i)app|create|make|build|factory|env")
_FOLLOWED = ("literal", "env", "random", "file", "mapping")
_STORES = expression(r"(?i)(?:config|settings?|cfg|conf|env|secrets)\w*\.get\Z")
_RANDOM = frozenset(
    "urandom token_bytes token_hex token_urlsafe randbelow uuid1 uuid4 generate_key getrandbits "
    "choice choices randint".split()
)
_HASHES = frozenset(
    "hex hexdigest digest b64encode urlsafe_b64encode str sha1 sha224 sha256 sha384 sha512 "
    "md5".split()
)
_FILES = frozenset(
    "open read read_text read_bytes readline from_file get_secret_value access_secret_version "
    "get_secret read_secret_version".split()
)
_KNOWN = (
    _RANDOM
    | _HASHES
    | _FILES
    | _METHODS
    | frozenset(name.rpartition(".")[2] for name in _CASTS)
    | frozenset("get pop setdefault getenv literal_eval join".split())
)


class Evaluator:
    """Evaluates the expressions of one file; `bound` are literals that local names stand for."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.names: dict[str, Any] = {}
        self.env_objects: set[str] = set()
        self.helpers: dict[str, Reader] = {}
        self.locals: dict[tuple[int, str], list[tuple[int, Any]]] = {}
        """What names are bound to in functions (by number), with the place of each binding."""
        self.local_values: dict[tuple[int, str], Value | None] = {}
        self.called: dict[tuple[int, int], Value | None] = {}

    def value(self, node: Any, depth: int = 0) -> Value:
        """The value of an expression, as far as this file tells."""
        handler = getattr(self, f"_{node.kind()}", None) if depth <= _MAX_DEPTH else None
        found: Value | None = handler(node, depth) if handler else None
        if found is None or _is_large(found.literal):
            return Value("unknown", self.source.place(node))
        return found

    def arguments(self, call: Any) -> tuple[tuple[str, Value], ...]:
        """The arguments of a call as values."""
        return tuple((name, self.value(node)) for name, node in arguments(call))

    # Literals

    def _literal(self, node: Any, depth: int) -> Value | None:
        try:
            return Value("literal", self.source.place(node), literal(node))
        except ValueError:
            return None

    _integer = _float = _true = _false = _none = _literal

    def _string(self, node: Any, depth: int) -> Value | None:
        found = self._literal(node, depth)
        if found is not None:
            return found
        parts = [
            one.text() if one.kind() == "string_content" else self._text_of(one, depth)
            for one in node.children()
            if one.kind() in ("string_content", "interpolation")
        ]
        return Value("literal", self.source.place(node), "".join(parts))

    def _text_of(self, node: Any, depth: int) -> str:
        inner = children(node)
        found = self.value(inner[0], depth + 1) if inner else None
        if found is not None and found.kind == "literal" and isinstance(found.literal, (str, int)):
            return str(found.literal)
        return HOLE

    def _concatenated_string(self, node: Any, depth: int) -> Value:
        parts = [self.value(one, depth + 1).text or HOLE for one in children(node)]
        return Value("literal", self.source.place(node), "".join(parts))

    def _unary_operator(self, node: Any, depth: int) -> Value | None:
        return self._literal(node, depth)

    def _list(self, node: Any, depth: int) -> Value:
        items = [self.value(one, depth + 1) for one in children(node)[:50]]
        # What is in what is in a list has no meaning for a setting, and may double with each name.
        known = [one.literal for one in items if one.kind == "literal" and _is_scalar(one.literal)]
        if len(known) == len(items):
            return Value("literal", self.source.place(node), tuple(known))
        return Value("unknown", self.source.place(node), tuple(known))

    _tuple = _set = _list

    def _dictionary(self, node: Any, depth: int) -> Value | None:
        """A mapping of texts to values."""
        pairs = children(node)
        if len(pairs) > _MAX_PAIRS:
            return None
        items = []
        for one in pairs:
            key = string(one.field("key")) if one.kind() == "pair" else None
            if key is None:
                return None
            inner = self.value(one.field("value"), depth + 1)
            # A mapping that a name stands for may double with each level of names.
            written = inner.kind == "mapping" and one.field("value").kind() == "dictionary"
            nested = inner.kind in ("mapping", "choice") and not written
            items.append((key, Value("unknown", inner.location) if nested else inner))
        return Value("mapping", self.source.place(node), tuple(items))

    def _parenthesized_expression(self, node: Any, depth: int) -> Value | None:
        inner = children(node)
        return self.value(inner[0], depth + 1) if len(inner) == 1 else None

    # Names

    def _identifier(self, node: Any, depth: int) -> Value | None:
        name, where = node.text(), self.source.place(node)
        inner = self._local(name, node, depth)
        if inner is not None:
            return inner
        found = self.names.get(name)
        if isinstance(found, Value):
            return found
        return Value("reference", where, reference=self.source.dotted(node))

    def bind(self, name: str, node: Any, right: Any) -> None:
        """Remember what a name of a function is bound to; told in the order of the file."""
        offset = node.replace("").start_pos
        function = self.source.blocks.function(offset)
        if function >= 0:
            self.locals.setdefault((function, name), []).append((offset, right))

    def nodes(self, call: Any) -> dict[str, Any]:
        """The arguments of a call as nodes."""
        return dict(arguments(call))

    def is_built(self, node: Any, depth: int = 0) -> bool:
        """Whether an expression, or what a name of its function stands for, joins texts."""
        kind = node.kind()
        if kind == "identifier" and depth < _MAX_HOPS:
            offset = node.replace("").start_pos
            key = (self.source.blocks.function(offset), node.text())
            bound = [right for at, right in self.locals.get(key, ()) if at < offset]
            return bool(bound) and self.is_built(bound[-1], depth + 1)
        if kind == "call":
            return self.source.dotted(node.field("function")).endswith("format") or bool(
                re.search(r"[\"']\s*\.format\(", self.source.slice(node, _MAX_TAINTED))
            )
        return (
            kind == "binary_operator"
            or kind == "string"
            and "interpolation" in {one.kind() for one in node.children()}
        )

    def is_local(self, name: str, node: Any) -> bool:
        """Whether a function around the node binds the name, or has a parameter of that name."""
        offset = node.replace("").start_pos
        for kind, around in self.source.blocks.around(offset):
            if kind != "function_definition":
                continue
            number = self.source.blocks.starts.index(around.replace("").start_pos)
            given = around.field("parameters")
            text = given.text() if given is not None else ""
            if (number, name) in self.locals or re.search(rf"\b{name}\b", text):
                return True
        return False

    def from_request(self, node: Any, depth: int = 0) -> bool:
        """Whether an expression holds what a client sent, as far as its own function tells.

        A number, a safe file name, an escaped text or a member of a list is none of it any more.
        """
        text = self.source.slice(node, _MAX_TAINTED)
        if depth > _MAX_HOPS or _CLEAN.match(text):
            return False
        for _ in range(_MAX_HOPS):
            # What another function makes of it is not known here.
            text = _CALL.sub(lambda found: found[0] if found[1] in _KEEPS else " ", text)
        if _REQUEST.search(text):
            return True
        filled = " ".join(re.findall(r"\{([^{}]*)\}", text)) if _FORMATTED.search(text) else ""
        plain = f"{filled} {_QUOTED.sub('', _FORMATTED.sub('', text))}"
        names = dict.fromkeys(re.findall(r"(?<![\w.])([a-z_]\w*)(?!\w|\s*\(|\s*=[^=])", plain))
        return any(self._comes_from_request(name, node, depth) for name in list(names)[:20])

    def _comes_from_request(self, name: str, node: Any, depth: int) -> bool:
        offset = node.replace("").start_pos
        number = self.source.blocks.function(offset)
        if number < 0:
            return False
        bound = [right for at, right in self.locals.get((number, name), ()) if at < offset]
        if bound:
            return self.from_request(bound[-1], depth + 1)
        given = self.source.blocks.nodes[number].field("parameters")
        text = given.text() if given is not None else ""
        # A converter makes a number of it, and so does an annotation.
        parameter = re.search(rf"\b{name}\b(?!\s*:\s*(?:int|float|bool|UUID))", text)
        return parameter is not None and self.source.guard(node).use == "route"

    def _local(self, name: str, node: Any, depth: int) -> Value | None:
        """The value of a name of a function; None where it is none, or bound in other ways."""
        key = (self.source.blocks.function(node.replace("").start_pos), name)
        if key not in self.locals:
            return None
        if key not in self.local_values:
            self.local_values[key] = None
            self.local_values[key] = self._bound(self.locals[key], depth)
        return self.local_values[key]

    def _bound(self, bindings: list[tuple[int, Any]], depth: int) -> Value | None:
        offset, right = bindings[0]
        first = self.value(right, depth + 1)
        if len(bindings) == 1:
            return first if first.kind in _FOLLOWED else None
        offset, right = bindings[1]
        second = self.value(right, depth + 1)
        branch = self.source.blocks.guard(offset, self.source.dotted).branch
        if len(bindings) == 2 and branch and first.kind == "env" and second.kind == "literal":
            return self._with_default(first, second)
        return None

    def _attribute(self, node: Any, depth: int) -> Value | None:
        dotted = self.source.dotted(node)
        if dotted.endswith(_OF_UUIDS):
            inner = self.value(node.field("object"), depth + 1)
            if inner.kind == "random":
                return inner
        return Value("reference", self.source.place(node), reference=dotted) if dotted else None

    # Environment

    def _subscript(self, node: Any, depth: int) -> Value | None:
        where = self.source.place(node)
        dotted = self.source.dotted(node.field("value"))
        if dotted.endswith("os.environ"):
            key = self.text(node.field("subscript"), depth)
            return Value("env", where, names=(key,)) if key is not None else None
        if dotted.endswith("()"):
            inner = self.value(node.field("value"), depth + 1)
            if inner.kind == "file":
                return inner
        if not dotted:
            return None
        return Value("reference", where, self._key(node, depth), reference=f"{dotted}[]")

    def _key(self, node: Any, depth: int) -> Value | None:
        key = node.field("subscript")
        return self.value(key, depth + 1) if key is not None else None

    def _call(self, node: Any, depth: int) -> Value | None:
        """As `_called`, once for each call: arguments, constants and facts ask for the same."""
        span = node.replace("")
        key = (span.start_pos, span.end_pos)
        if key not in self.called:
            self.called[key] = self._called(node, depth)
        return self.called[key]

    def _called(self, node: Any, depth: int) -> Value | None:
        function = node.field("function")
        dotted = self.source.dotted(function)
        where = self.source.place(node)
        last = dotted.rpartition(".")[2]
        if dotted in self.helpers:
            return self._helped(node, self.helpers[dotted], depth)
        if dotted and self._is_plain(dotted, last):
            given = self.arguments(node) if _MAKES.search(last) and depth < 5 else None
            return Value("call", where, given, reference=dotted)
        if _GETTERS.search(dotted) or self.is_reader(dotted):
            return self._read(node, dotted, depth)
        if not last and function.kind() == "attribute":
            last = function.field("attribute").text()
        if last in _RANDOM or dotted.startswith(("random.", "secrets.")):
            return Value("random", where)
        found = self._wrapped(node, function, dotted, last, depth)
        if found is not None:
            return found
        if last == "get" and dotted:
            key = dict(arguments(node)).get("0")
            if key is not None and string(key) is None:
                inner = self.value(key, depth + 1)
                return Value("reference", where, inner, reference=f"{dotted[:-4]}[]")
        if last in _FILES:
            return Value("file", where)
        return Value("call", where, reference=dotted) if dotted else None

    def _is_plain(self, dotted: str, last: str) -> bool:
        """Whether nothing is known of this function, decided quickly for most calls."""
        if last in _KNOWN or "bool" in last.lower() or dotted.startswith(("random.", "secrets.")):
            return False
        return not self.is_reader(dotted)

    def is_reader(self, dotted: str) -> bool:
        """Whether a call of this reads the environment by a helper of a library."""
        head = dotted.partition(".")[0]
        if head in self.env_objects:
            return True
        near = "env" in dotted or "decouple" in dotted
        return near and _ENV_ROOTS.search(dotted) is not None

    def _read(self, node: Any, dotted: str, depth: int) -> Value | None:
        given = dict(arguments(node))
        name = self.text(given.get("0") or given.get("key"), depth)
        if name is None:
            return None
        default = given.get("1") or given.get("default") or given.get("fallback")
        typed = dotted.rpartition(".")[2]
        cast = given.get("cast")
        boolean = typed in ("bool", "as_bool") or cast is not None and "bool" in cast.text()
        required = not _GETTERS.search(dotted)
        found = Value("env", self.source.place(node), names=(name,), boolean=boolean)
        if default is None:
            # `os.environ.get` gives None then, which is a default like any other but says nothing.
            return found if required else found._replace(has_default=True, literal=None)
        return self._with_default(found, self.value(default, depth + 1))

    def text(self, node: Any, depth: int = 0) -> str | None:
        """The text that an expression certainly is."""
        if node is None:
            return None
        written = string(node)
        if written is not None:
            return written
        found = self.value(node, depth + 1)
        known = found.kind == "literal" and isinstance(found.literal, str)
        return found.literal if known and HOLE not in found.literal else None

    def _helped(self, node: Any, helper: Reader, depth: int) -> Value | None:
        """A call of a function of the repository that reads a variable for its caller."""
        given = dict(arguments(node))
        name = self.text(given.get("0") or given.get(helper.parameter), depth)
        if name is None:
            return None
        names, where = (helper.prefix + name,), self.source.place(node)
        found = Value("env", where, names=names, boolean=helper.boolean, cast=helper.cast)
        default = given.get("1") or given.get(helper.default) or given.get("default")
        if default is not None:
            found = self._with_default(found, self.value(default, depth + 1))
        elif helper.fallback is not None:
            found = self._with_default(found, helper.fallback)
        elif not helper.strict:
            found = found._replace(has_default=True)
        return found._replace(literal=_truth(found.literal)) if helper.boolean else found

    def _with_default(self, found: Value, default: Value) -> Value:
        if default.kind == "env":
            names = (*found.names, *default.names)
            return default._replace(location=found.location, names=names)
        if default.kind == "literal":
            return found._replace(
                has_default=True, literal=default.literal, fallback=default.location
            )
        return found._replace(
            has_default=True,
            literal=HOLE if default.kind != "random" else None,
            fallback=default.location,
            reference=default.reference,
            cast="random" if default.kind == "random" else found.cast,
        )

    def _wrapped(
        self, node: Any, function: Any, dotted: str, last: str, depth: int
    ) -> Value | None:
        """A cast, a method of a text, or a helper that makes a truth value."""
        given = dict(arguments(node))
        first = given.get("0")
        if first is not None and "bool" in last.lower() and len(given) == 1:
            inner = self.value(first, depth + 1)
            if dotted == "bool" and not inner.boolean:
                return inner._replace(cast="bool")
            return inner._replace(boolean=True, cast="", literal=_truth(inner.literal))
        if first is not None and (dotted in _CASTS or last == "literal_eval"):
            inner = self.value(first, depth + 1)
            if dotted in ("json.loads", "ast.literal_eval"):
                return inner._replace(boolean=True)
            if dotted in ("int", "float"):
                return _number(inner, dotted)
            return inner._replace(cast=dotted)
        if dotted in ("os.path.join", "posixpath.join", "join"):
            return self._joined(node, depth)
        if function.kind() == "attribute" and last in _METHODS:
            inner = self.value(function.field("object"), depth + 1)
            if last == "format" and isinstance(inner.literal, str):
                return self._formatted(inner, given, depth)
            if last == "split" and inner.kind in ("literal", "env"):
                return inner._replace(literal=_split(inner.literal, given.get("0")))
            if last == "replace" and isinstance(inner.literal, str):
                old, new = self.text(given.get("0"), depth), self.text(given.get("1"), depth)
                if old and new is not None:
                    return inner._replace(literal=inner.literal.replace(old, new))
            return inner if inner.kind in ("literal", "env", "random", "file") else None
        if last == "join" and not dotted and _DRAWN.search(node.text()[:500]):
            return Value("random", self.source.place(node))
        if last in _HASHES and first is not None:
            inner = self.value(first, depth + 1)
            return inner if inner.kind in ("random", "literal") else None
        if last in _HASHES and function.kind() == "attribute":
            inner = self.value(function.field("object"), depth + 1)
            return inner if inner.kind == "random" else None
        return None

    def _formatted(self, inner: Value, given: dict[str, Any], depth: int) -> Value:
        """`"{}:{}".format(…)`, holes where an argument is not known."""
        counted = iter(range(len(given)))

        def filled(found: re.Match[str]) -> str:
            key = found[1] or str(next(counted, ""))
            return self.text(given.get(key), depth) or HOLE

        text = re.sub(r"\{([^{}.!:\[\]]*)[^{}]*\}", filled, inner.literal)
        return inner._replace(literal=text)

    def _joined(self, node: Any, depth: int) -> Value:
        parts = [self.value(one, depth + 1).text or HOLE for _, one in arguments(node)]
        return Value("literal", self.source.place(node), "/".join(parts))

    # Operators

    def _named_expression(self, node: Any, depth: int) -> Value | None:
        return self.value(node.field("value"), depth + 1)

    def _boolean_operator(self, node: Any, depth: int) -> Value | None:
        left, right = node.field("left"), node.field("right")
        operator = node.field("operator")
        if operator is None or operator.text() != "or":
            return Value("unknown", self.source.place(node), boolean=True)
        first, second = self.value(left, depth + 1), self.value(right, depth + 1)
        if first.kind == "env" and (not first.has_default or not first.literal):
            return self._with_default(first._replace(location=self.source.place(node)), second)
        if first.kind == "literal":
            return first if first.literal else second
        if first.kind == "call" and second.kind == "literal":
            return self._settled(left, first, second)
        if first.kind in ("env", "file", "random"):
            return first
        return self._choice(node, first, second)

    def _choice(self, node: Any, *values: Value) -> Value | None:
        """One of several names, of which another module may know more."""
        parts: list[Value] = []
        for one in values:
            parts += one.literal if one.kind == "choice" else (one,)
        plain = all(one.kind in ("reference", "call", "literal") for one in parts)
        if plain and len(parts) <= _MAX_CHOICES:
            return Value("choice", self.source.place(node), tuple(parts))
        return None

    def _settled(self, node: Any, found: Value, default: Value) -> Value | None:
        """`config.get("NAME") or "x"`: some configuration, and a literal where it has none."""
        inner = dict(arguments(node)) if node.kind() == "call" else {}
        name = string(inner.get("0"))
        if name is None or not _STORES.search(found.reference):
            return None
        read = found._replace(kind="env", names=(name,), reference="")
        return self._with_default(read, default)

    def _conditional_expression(self, node: Any, depth: int) -> Value | None:
        parts = children(node)
        if len(parts) != 3:
            return None
        chosen, other = self.value(parts[0], depth + 1), self.value(parts[2], depth + 1)
        test = self.value(parts[1], depth + 1)
        truths = {chosen.literal, other.literal} if chosen.kind == other.kind == "literal" else None
        if truths == {True, False} and test.kind == "env" and test.boolean:
            kept = chosen.literal is True
            return test._replace(literal=bool(test.literal) is kept) if test.has_default else test
        condition = condition_of(parts[1].text()[:500], True)
        if condition:
            return chosen if condition == "prod" else other
        if chosen.kind == "env" and other.kind in ("literal", "reference"):
            return self._with_default(chosen, other)
        if other.kind == "env" and chosen.kind == "literal":
            return self._with_default(other, chosen)
        return self._choice(node, chosen, other)

    def _comparison_operator(self, node: Any, depth: int) -> Value:
        """Always a truth value; with one variable in it, its default tells which."""
        where = self.source.place(node)
        operands = [self.value(one, depth + 1) for one in children(node)]
        read = next((one for one in operands if one.kind == "env"), None)
        if read is None:
            return Value("unknown", where, boolean=True)
        operator = re.search(r"\s(not in|in|is not|is|==|!=)\s", node.text())
        known = [one.literal for one in operands if one.kind == "literal"]
        truth = _compare(read, operator[1] if operator else "", known)
        cast = "is-not-none" if operator and operator[1] == "is not" else ""
        return read._replace(
            location=where, boolean=True, has_default=True, literal=truth, cast=cast
        )

    def _not_operator(self, node: Any, depth: int) -> Value:
        inner = self.value(children(node)[0], depth + 1)
        if inner.kind in ("literal", "env") and (inner.kind == "literal" or inner.boolean):
            return inner._replace(literal=not inner.literal, boolean=True)
        return Value("unknown", self.source.place(node), boolean=True)

    def _binary_operator(self, node: Any, depth: int) -> Value | None:
        left, right = (
            self.value(node.field("left"), depth + 1),
            self.value(node.field("right"), depth + 1),
        )
        operator = node.field("operator")
        sign = operator.text() if operator is not None else ""
        if sign == "+":
            return self._added(node, left, right)
        if sign == "*" and left.kind == right.kind == "literal":
            return self._repeated(node, left.literal, right.literal)
        if sign == "%" and isinstance(left.literal, str):
            text = re.sub(r"%(?:\(\w+\))?[sdr]", HOLE, left.literal)
            return Value("literal", self.source.place(node), text)
        if sign == "/":
            return Value(
                "literal", self.source.place(node), f"{left.text or HOLE}/{right.text or HOLE}"
            )
        return None

    def _added(self, node: Any, left: Value, right: Value) -> Value | None:
        where = self.source.place(node)
        if left.kind == "random" or right.kind == "random":
            return Value("random", where)
        for one, other in ((left, right), (right, left)):
            if one.kind == "env" and other.kind == "literal":
                return one._replace(location=where, literal=HOLE if one.has_default else None)
        if isinstance(left.literal, (int, float)) and isinstance(right.literal, (int, float)):
            return Value("literal", where, left.literal + right.literal)
        if left.is_text or right.is_text:
            return Value("literal", where, (left.text or HOLE) + (right.text or HOLE))
        return None

    def _repeated(self, node: Any, left: Any, right: Any) -> Value | None:
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        texts = isinstance(left, str) and isinstance(right, int) and 0 <= right <= 200
        texts = texts and len(left) <= _MAX_TEXT // 200
        if numbers or texts:
            return Value("literal", self.source.place(node), left * right)
        return None


def _is_large(literal: Any) -> bool:
    """Whether a value grew beyond what anybody means."""
    if isinstance(literal, (str, bytes)):
        return len(literal) > _MAX_TEXT
    return isinstance(literal, int) and literal.bit_length() > _MAX_BITS


def _is_scalar(literal: Any) -> bool:
    return not isinstance(literal, (tuple, list, dict, set, frozenset))


def _number(found: Value, cast: str) -> Value:
    """The value as a number, which 0 makes false."""
    known = found.literal
    if isinstance(known, str) and re.fullmatch(r"\s*-?\d{1,18}\s*", known):
        known = int(known)
    return found._replace(literal=known, cast=cast, boolean=found.kind == "env")


def _split(text: Any, separator: Any) -> Any:
    """The parts of a default."""
    if not isinstance(text, str):
        return None
    return tuple(text.split(string(separator) or None) if text else ())


def _truth(value: Any) -> Any:
    """What a helper that understands words makes of a default."""
    if isinstance(value, str) and value != HOLE:
        return value.strip().lower() in ("1", "true", "t", "yes", "y", "on")
    return value


def _compare(read: Value, operator: str, known: list[Any]) -> bool | None:
    """What a comparison gives when the variable is not there."""
    given = read.literal if read.has_default else None
    if operator in ("is not", "is"):
        return (given is not None) == (operator == "is not")
    if not known:
        return None
    if operator in ("in", "not in"):
        container = known[0]
        try:
            return bool(given in container) == (operator == "in")
        except TypeError:
            return operator == "not in"
    if operator in ("==", "!="):
        return bool(given == known[0]) == (operator == "==")
    return None
