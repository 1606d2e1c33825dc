"""The structure of a shell script: which commands stand in which branch, loop or function.

`artifacts.shell` lists the commands of a script; what an entry point starts depends on the branches
around them, and a place for every word is needed to point at an option of a server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flask_preflight.lazy import expression

MAX_SCRIPT = 256 * 1024
"""Longer scripts are not read, in code points."""
_MAX_DEPTH = 40
_MAX_WORD = 16_384


class Word(NamedTuple):
    """A word without its quotes; expansions stay as written. `start` and `end` are offsets.

    `quoted`: it stays one word whatever its expansions give. A dollar that the shell would leave
    alone is `LITERAL`.
    """

    text: str
    start: int
    end: int
    quoted: bool = False


LITERAL = "\x01"
"""Stands for a quoted dollar until the word is expanded."""


class Simple(NamedTuple):
    """A command with its words; `operator` joins it to the one before.

    `output` is the file that its standard output goes to, `input` the one that it reads, `document`
    the offsets of the here-document that it reads.
    """

    words: tuple[Word, ...]
    assignments: tuple[tuple[str, Word], ...]
    operator: str = ""
    background: bool = False
    piped: bool = False
    output: str = ""
    document: tuple[int, int] | None = None
    input: str = ""


class If(NamedTuple):
    """Conditions with their bodies, tried in this order; the last may have no condition."""

    branches: tuple[tuple[tuple[Node, ...], tuple[Node, ...]], ...]
    negated: bool = False


class Case(NamedTuple):
    subject: Word
    branches: tuple[tuple[tuple[str, ...], tuple[Node, ...]], ...]


class Loop(NamedTuple):
    variable: str
    body: tuple[Node, ...]


class Group(NamedTuple):
    body: tuple[Node, ...]
    background: bool = False


class Function(NamedTuple):
    name: str
    body: tuple[Node, ...]


Node = Simple | If | Case | Loop | Group | Function

_OPERATORS = ("&&", "||", ";;&", ";;", ";&", "|&", ";", "|", "&", "(", ")", "\n")
_REDIRECT = expression(r"\d*(?:<<<|<<-?|>>|>&|<&|<>|>\||&>>?|>|<)")
_OUTPUTS = frozenset((">", ">>", ">|", "&>", "&>>"))
_ASSIGNMENT = expression(r"([A-Za-z_]\w*)(?:\[[^\]=]*\])?\+?=")
_PLAIN = expression(r"[^\s\\'\"$`|&;()<>\x01]+")
_ENDS = frozenset("then else elif fi do done esac }".split())


class Token(NamedTuple):
    """An operator (`word` None) or a word."""

    operator: str
    word: Word | None
    raw: str = ""


class _Tokens:
    """Splits a script into words and operators, once from left to right."""

    def __init__(self, text: str, *, shell: bool = True) -> None:
        self.text = text
        self.position = 0
        self.shell = shell
        self.heredocs: list[tuple[str, bool, int]] = []
        self.passed = 0
        """How many tokens were given; what is kept below belongs to the one before."""
        self.outputs: dict[int, str] = {}
        self.inputs: dict[int, str] = {}
        self.documents: dict[int, tuple[int, int]] = {}

    def all(self) -> Iterator[Token]:
        for token in self._each():
            self.passed += 1
            yield token

    def _each(self) -> Iterator[Token]:
        text, end = self.text, len(self.text)
        while self.position < end:
            letter = text[self.position]
            if letter in " \t\r":
                self.position += 1
            elif text.startswith("\\\n", self.position):
                self.position += 2
            elif text.startswith("\\\r\n", self.position):
                self.position += 3
            elif letter == "\n" and not self.shell:
                self.position += 1
            elif not self.shell:
                yield self._word()
            elif letter == "#":
                stop = text.find("\n", self.position)
                self.position = end if stop < 0 else stop
            elif redirect := _REDIRECT.match(text, self.position):
                self._redirect(redirect)
            elif operator := next((o for o in _OPERATORS if text.startswith(o, self.position)), ""):
                self.position += len(operator)
                if operator == "\n":
                    self._skip_heredocs()
                yield Token(operator, None)
            else:
                yield self._word()

    def _redirect(self, found: re.Match[str]) -> None:
        self.position = found.end()
        operator = found[0].lstrip("0123456789")
        stream = found[0].removesuffix(operator)
        while self.text[self.position : self.position + 1] in (" ", "\t"):
            self.position += 1
        if self.text[self.position : self.position + 1] in ("", "\n"):
            return
        if self.text[self.position] == "(":
            # <( … ) is a word for the command, nothing that matters here.
            self.position = _closing(self.text, self.position + 1, ")")
            return
        if self.text[self.position] in "|&;)<>":
            self.position += operator in (">&", "<&")
            return
        target = self._word()
        if operator in ("<<", "<<-") and target.word:
            self.heredocs.append((target.word.text, operator == "<<-", self.passed))
        elif operator in _OUTPUTS and stream in ("", "1") and target.word:
            self.outputs[self.passed] = target.word.text
        elif operator == "<" and stream in ("", "0") and target.word:
            self.inputs[self.passed] = target.word.text

    def _skip_heredocs(self) -> None:
        for delimiter, tabs, owner in self.heredocs:
            start = self.position
            while self.position < len(self.text):
                self.documents[owner] = (start, self.position)
                stop = self.text.find("\n", self.position)
                stop = len(self.text) if stop < 0 else stop
                row = self.text[self.position : stop].rstrip("\r")
                self.position = min(stop + 1, len(self.text))
                if (row.lstrip("\t") if tabs else row) == delimiter:
                    break
        self.heredocs.clear()

    def _word(self) -> Token:
        text, start = self.text, self.position
        parts: list[str] = []
        quoted = False
        while self.position < len(text):
            plain = _PLAIN.match(text, self.position)
            if plain:
                parts.append(plain[0])
                self.position = plain.end()
                continue
            letter = text[self.position]
            if letter in " \t\r\n" or self.shell and letter in "|&;()<>":
                break
            if letter in "|&;()<>":
                parts.append(letter)
                self.position += 1
                continue
            quoted = quoted or letter in "'\""
            parts.append(self._part(letter))
        if self.position == start:
            self.position += 1
        raw = text[start : self.position]
        return Token("", Word("".join(parts), start, self.position, quoted), raw)

    def _part(self, letter: str) -> str:
        text, start = self.text, self.position
        if letter == "'":
            stop = text.find("'", start + 1)
            stop = len(text) if stop < 0 else stop
            self.position = stop + 1
            return text[start + 1 : stop].replace("$", LITERAL)
        if letter == '"':
            return self._double()
        if letter == "\\":
            self.position = start + 2
            following = text[start + 1 : start + 2]
            return "" if following == "\n" else LITERAL if following == "$" else following
        if letter == "`":
            stop = text.find("`", start + 1)
            self.position = len(text) if stop < 0 else stop + 1
            return "$(" + text[start + 1 : self.position - 1] + ")"
        return self._expansion()

    def _expansion(self) -> str:
        """`$X`, `${…}`, `$(…)`, `$((…))`, as written."""
        text, start = self.text, self.position
        following = text[start + 1 : start + 2]
        if following == "(":
            self.position = _closing(text, start + 2, ")")
        elif following == "{":
            self.position = _closing(text, start + 2, "}")
        elif following == "'":
            self.position = start + 1
            return ""
        else:
            name = re.compile(r"\w+|[@*#?!$-]").match(text, start + 1)
            self.position = name.end() if name else start + 1
            if name is None:
                return LITERAL
        return text[start : self.position]

    def _double(self) -> str:
        text = self.text
        self.position += 1
        parts: list[str] = []
        plain = re.compile(r'[^"\\$`\x01]+')
        while self.position < len(text):
            found = plain.match(text, self.position)
            if found:
                parts.append(found[0])
                self.position = found.end()
                continue
            letter = text[self.position]
            if letter == '"':
                self.position += 1
                break
            if letter == "\\":
                following = text[self.position + 1 : self.position + 2]
                self.position += 2
                kept = following if following in '"\\`' else "\\" + following
                parts.append("" if following == "\n" else LITERAL if following == "$" else kept)
            elif letter in "$`":
                parts.append(self._part(letter))
            else:
                parts.append(letter)
                self.position += 1
        return "".join(parts)


def _closing(text: str, start: int, closer: str) -> int:
    """The offset after the bracket that closes what was opened before `start`."""
    stack = [closer]
    interesting = re.compile(r"[\\'\"(){}`]")
    position = start
    while stack:
        found = interesting.search(text, position)
        if found is None:
            return len(text)
        letter, position = found[0], found.end()
        if letter == "\\":
            position += 1
        elif stack[-1] == '"':
            if letter == '"':
                stack.pop()
        elif letter == "'" and stack[-1] == ")":
            stop = text.find("'", position)
            position = len(text) if stop < 0 else stop + 1
        elif letter == '"':
            stack.append('"')
        elif letter == stack[-1]:
            stack.pop()
        elif letter == "(" and stack[-1] == ")" or letter == "{" and stack[-1] == "}":
            stack.append(")" if letter == "(" else "}")
    return min(position, len(text))


class _Parser:
    """Builds the nodes; anything it cannot make sense of is left out."""

    def __init__(self, text: str) -> None:
        found = _Tokens(text)
        self.tokens = list(found.all())
        self.outputs, self.inputs, self.documents = found.outputs, found.inputs, found.documents
        self.position = 0
        self.depth = 0

    def peek(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def keyword(self) -> str:
        """The bare word at this place, which may be a reserved one."""
        token = self.peek()
        return token.raw if token and token.word and not token.word.quoted else ""

    def skip(self, *operators: str) -> str:
        """Step over separators; the last one that was passed."""
        passed = ""
        while (token := self.peek()) and token.word is None and token.operator in operators:
            passed = token.operator
            self.position += 1
        return passed

    def body(self, *ends: str) -> tuple[Node, ...]:
        """Commands up to one of these words or operators, which is left in place."""
        nodes: list[Node] = []
        if self.depth > _MAX_DEPTH:
            self.position = len(self.tokens)
            return ()
        self.depth += 1
        operator = ""
        while token := self.peek():
            before = self.position
            if token.word is None:
                if token.operator in ends:
                    break
                if token.operator == "&" and nodes:
                    nodes[-1] = _in_background(nodes[-1])
                if token.operator == "(":
                    self.position += 1
                    nodes.append(self.group(")"))
                    continue
                if token.operator != "\n" or operator not in ("&&", "||", "|", "|&"):
                    operator = token.operator
                self.position += 1
                continue
            if self.keyword() in ends or self.keyword() in _ENDS:
                break
            node = self.command(operator)
            operator = ""
            if node is not None:
                nodes.append(node)
            if self.position == before:
                self.position += 1
        self.depth -= 1
        return tuple(_with_conditions(nodes))

    def command(self, operator: str) -> Node | None:
        keyword = self.keyword()
        if keyword == "if":
            return self.branches()
        if keyword == "case":
            return self.case()
        if keyword in ("for", "select", "while", "until"):
            return self.loop(keyword)
        if keyword == "{":
            self.position += 1
            return self.group("}")
        if keyword in ("!", "time"):
            self.position += 1
            return None
        if keyword == "function":
            self.position += 1
            name = self.keyword()
            self.position += 1
            return self.function(name.removesuffix("()"))
        following = self.tokens[self.position + 1 : self.position + 3]
        if [token.operator for token in following] == ["(", ")"]:
            self.position += 1
            return self.function(keyword)
        return self.simple(operator)

    def group(self, end: str) -> Group:
        body = self.body(end)
        self.position += 1
        return Group(_into(body, self.outputs.get(self.position, "")))

    def function(self, name: str) -> Node | None:
        self.skip("(", ")", "\n")
        if self.keyword() != "{":
            return None
        self.position += 1
        return Function(name, self.group("}").body)

    def branches(self) -> If:
        found: list[tuple[tuple[Node, ...], tuple[Node, ...]]] = []
        while self.keyword() in ("if", "elif"):
            self.position += 1
            negated = self.keyword() == "!"
            condition = self.body("then")
            if negated and condition:
                condition = (If(((condition, ()),), negated=True),)
            self.position += self.keyword() == "then"
            found.append((condition, self.body("elif", "else", "fi")))
        if self.keyword() == "else":
            self.position += 1
            found.append(((), self.body("fi")))
        self.position += self.keyword() == "fi"
        return If(tuple(found))

    def case(self) -> Case | None:
        self.position += 1
        token = self.peek()
        if token is None or token.word is None:
            return None
        subject = token.word
        self.position += 1
        self.skip("\n")
        self.position += self.keyword() == "in"
        branches: list[tuple[tuple[str, ...], tuple[Node, ...]]] = []
        while True:
            self.skip("\n", ";;", ";&", ";;&", "(")
            if self.peek() is None or self.keyword() == "esac":
                break
            patterns: list[str] = []
            while (token := self.peek()) and not (token.word is None and token.operator == ")"):
                if token.word:
                    patterns.append(token.word.text)
                elif token.operator != "|":
                    break
                self.position += 1
            before = self.position
            self.skip(")")
            branches.append((tuple(patterns), self.body(";;", ";&", ";;&", "esac")))
            if self.position == before:
                self.position += 1
        self.position += self.keyword() == "esac"
        return Case(subject, tuple(branches))

    def loop(self, keyword: str) -> Loop:
        self.position += 1
        variable = self.keyword() if keyword in ("for", "select") else ""
        if variable:
            while self.peek() and self.keyword() != "do":
                self.position += 1
        condition = () if variable else self.body("do")
        self.position += self.keyword() == "do"
        body = (*condition, *self.body("done"))
        self.position += self.keyword() == "done"
        return Loop(variable, _into(body, self.outputs.get(self.position, "")))

    def simple(self, operator: str) -> Simple:
        words: list[Word] = []
        assignments: list[tuple[str, Word]] = []
        test = self.keyword() == "[["
        first = self.position
        while token := self.peek():
            word = token.word
            if word is None:
                if not test or token.operator == "\n":
                    break
                words.append(Word(token.operator, 0, 0))
                self.position += 1
                continue
            self.position += 1
            given = _ASSIGNMENT.match(token.raw) if not words else None
            if given:
                inside = word.text[len(given[0]) :] if word.text.startswith(given[0]) else ""
                value = Word(inside, word.start + len(given[0]), word.end, word.quoted)
                assignments.append((given[1], value))
                self._array(value)
                continue
            words.append(word)
            test = test and token.raw != "]]"
        following = self.peek()
        piped = bool(following and following.operator == "|")
        passed = range(first, self.position + 1)
        output = next((self.outputs[at] for at in passed if at in self.outputs), "")
        source = next((self.inputs[at] for at in passed if at in self.inputs), "")
        document = next((self.documents[at] for at in passed if at in self.documents), None)
        made = Simple(tuple(words), tuple(assignments), operator, False, piped, output, document)
        return made._replace(input=source)

    def _array(self, value: Word) -> None:
        """Step over `X=( … )`."""
        token = self.peek()
        if not value.text and token and token.operator == "(":
            while (token := self.peek()) and token.operator != ")":
                self.position += 1
            self.position += 1


def _into(nodes: tuple[Node, ...], output: str) -> tuple[Node, ...]:
    """Commands of a group or loop whose output goes to a file."""
    if not output:
        return nodes
    found: list[Node] = []
    for node in nodes:
        if isinstance(node, Simple):
            node = node._replace(output=node.output or output)
        elif isinstance(node, (Group, Loop)):
            node = node._replace(body=_into(node.body, output))
        elif isinstance(node, (If, Case)):
            branches: list[tuple[Any, tuple[Node, ...]]] = [
                (head, _into(body, output)) for head, body in node.branches
            ]
            node = node._replace(branches=tuple(branches))
        found.append(node)
    return tuple(found)


def _in_background(node: Node) -> Node:
    return node._replace(background=True) if isinstance(node, (Simple, Group)) else node


def is_test(node: Node) -> bool:
    """Whether a command only asks: `[ … ]`, `[[ … ]]`, `test …`."""
    return (
        isinstance(node, Simple) and bool(node.words) and node.words[0].text in ("[", "[[", "test")
    )


def _with_conditions(nodes: list[Node]) -> Iterator[Node]:
    """`[ … ] && command || other` is an `if` in other words."""
    position = 0
    while position < len(nodes):
        chain = [nodes[position]]
        while position + len(chain) < len(nodes):
            following = nodes[position + len(chain)]
            if not (isinstance(following, Simple) and following.operator in ("&&", "||")):
                break
            chain.append(following)
        position += len(chain)
        if len(chain) == 1 or not is_test(chain[0]) or len(chain) > _MAX_DEPTH:
            yield from chain
        else:
            yield _chained(chain)


def _chained(chain: list[Node]) -> Node:
    tests = 1
    while tests < len(chain) and is_test(chain[tests]):
        tests += 1
    rest = chain[tests:]
    condition = tuple(chain[:tests])
    if not rest:
        return If(((condition, ()),))
    first = rest[0]
    assert isinstance(first, Simple)
    yes: list[Node] = []
    no: list[Node] = []
    for node in rest:
        assert isinstance(node, Simple)
        (no if node.operator == "||" or no and node.operator == "&&" else yes).append(node)
    if first.operator == "||":
        return If(((condition, ()), ((), tuple(no))))
    return If(((condition, tuple(yes)), ((), tuple(no))) if no else ((condition, tuple(yes)),))


def parse(text: str) -> tuple[Node, ...]:
    """The commands of a script in their structure; never raises, takes linear time."""
    if len(text) > MAX_SCRIPT:
        return ()
    parser = _Parser(text)
    nodes: list[Node] = []
    while parser.peek():
        nodes += parser.body()
        # A closing word that nothing opened.
        parser.position += 1
    return tuple(nodes)


def words(text: str) -> tuple[Word, ...]:
    """The words of a command that no shell reads, such as a unit's `ExecStart`."""
    if len(text) > MAX_SCRIPT:
        return ()
    return tuple(token.word for token in _Tokens(text, shell=False).all() if token.word)


class Reference(NamedTuple):
    """`${name operator word}` in a word; `name` is empty for a command substitution."""

    name: str
    operator: str
    word: str
    written: str


_NAME = expression(r"\$(\w+|[@*#?!$-])|\$\{(#?\w+|[@*#])(?:(:?[-+=?]|##?|%%?|[/^,:@\[])|\})")


def references(text: str) -> Iterator[str | Reference]:
    """The parts of a word: texts and references, in their order."""
    position = 0
    text = text[:_MAX_WORD]
    while position < len(text):
        dollar = text.find("$", position)
        if dollar < 0:
            break
        if dollar > position:
            yield text[position:dollar]
        name = _NAME.match(text, dollar)
        if name and name[1]:
            position = name.end()
            yield Reference(name[1], "", "", name[0])
        elif name:
            end = _closing(text, dollar + 2, "}")
            position = end if name[3] else name.end()
            word = text[name.end() : end - 1] if name[3] else ""
            yield Reference(name[2], name[3] or "", word, text[dollar:position])
        else:
            opened = text[dollar + 1 : dollar + 2]
            closer = {"(": ")", "{": "}"}.get(opened)
            position = _closing(text, dollar + 2, closer) if closer else dollar + 1
            yield Reference("", "", "", text[dollar:position])
    if position < len(text):
        yield text[position:]


class Expanded(NamedTuple):
    """A word after expansion: `known` if nothing of it is open, `default` if a `:-` was used."""

    text: str
    known: bool
    default: bool


def expand(
    text: str,
    value: Callable[[str], str | None],
    *,
    depth: int = 0,
    keep_defaults: bool = False,
) -> Expanded:
    """Replace every reference that `value` answers or that has a default; keep the others.

    `keep_defaults`: `${X:-d}` stays as it is unless X is answered, because somebody else may.
    """
    known, default = True, False
    parts: list[str] = []
    for part in references(text):
        if isinstance(part, str):
            parts.append(part)
            continue
        found = _answer(part, value, depth, keep_defaults)
        if found is None:
            known = False
            parts.append(part.written)
            continue
        default = default or found.default
        known = known and found.known
        parts.append(found.text)
    joined = "".join(parts)
    if len(joined) > _MAX_WORD:
        return Expanded("$(?)", False, False)
    return Expanded(joined, known, default)


def _answer(
    part: Reference, value: Callable[[str], str | None], depth: int, keep_defaults: bool
) -> Expanded | None:
    given = value(part.name) if part.name else None
    operator = part.operator
    if operator in ("", ":?", "?"):
        return None if given is None else Expanded(given, "$" not in given, False)
    if operator in ("-", ":-", "=", ":="):
        if given is not None and (given or not operator.startswith(":")):
            return Expanded(given, "$" not in given, False)
        if depth > 5:
            return None
        word = part.word.strip("\"'")
        found = expand(word, value, depth=depth + 1, keep_defaults=keep_defaults)
        if keep_defaults:
            return Expanded(f"${{{part.name}{operator}{found.text}}}", False, False)
        return found._replace(default=given is None or found.default)
    if operator in ("#", "%") and given is not None and "$" not in given:
        if re.search(r"[*?\[$]", part.word):
            return None
        cut = given.removeprefix if operator == "#" else given.removesuffix
        return Expanded(cut(part.word.strip("\"'")), True, False)
    return None
