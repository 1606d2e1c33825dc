"""The list of commands of a shell text, their words, places and how they hang together."""

from __future__ import annotations

import time

import pytest

from flask_preflight.artifacts.shell import Command, commands, places


def read(text: str) -> list[Command]:
    return commands(text, places("x.sh", text))


def lines(text: str) -> list[str]:
    return [command.text for command in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a 1 && b 2 || c 3; d", ["a 1", "b 2", "c 3", "d"]),
        ("a \\\n  --flag\nb", ["a --flag", "b"]),
        ("if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]),
        ("for x in 1 2; do a $x; done", ["a $x"]),
        ("while a; do b; done", ["a", "b"]),
        ("case $1 in web) a ;; *) b ;; esac", ["a", "b"]),
        ("f() { a; }\nf", ["a", "f"]),
        ("(cd x && a) | b", ["cd x", "a", "b"]),
        ("[ -f x ] && a || b", ["[ -f x ]", "a", "b"]),
        ("a $(b | c)", ["a $(b | c)", "b", "c"]),
        ("X=`b 1` a", ["a", "b 1"]),
        ("a $((1 + 2))", ["a $((1 + 2))"]),
        ('sh -c "a && exec b"', ["sh -c a && exec b", "a", "b"]),
        ("bash -ec 'a'", ["bash -ec a", "a"]),
        ("bash run.sh -c x", ["bash run.sh -c x"]),
        ("su app -c 'a b'", ["su app -c a b", "a b"]),
        ("cat <<EOF > f\nrm x\nEOF\nb", ["cat", "b"]),
        ("a '$(b)'", ["a $(b)"]),
        ("# a\nb # c", ["b"]),
        ("! a", ["a"]),
        ("'unclosed", ["unclosed"]),
        (") ; fi done a", ["a"]),
    ],
)
def test_commands(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


def test_wrappers_are_skipped() -> None:
    (command,) = read("A=1 sudo -u web env -u B C=2 exec nice -n 5 /usr/bin/gunicorn app:app")
    assert command.words == ("/usr/bin/gunicorn", "app:app")
    assert command.program == "gunicorn"
    assert command.wrappers == ("sudo", "env", "exec", "nice")
    assert [(one.name, one.value) for one in command.assignments] == [("A", "1"), ("C", "2")]


def test_a_wrapper_alone_is_a_command() -> None:
    assert lines("sudo") == ["sudo"]
    assert lines("command -v uv") == ["command -v uv"]


def test_operators_and_pipes() -> None:
    found = read("a &&\n b | sudo tee x | c &\nd || e\nf")
    assert [(one.program, one.operator) for one in found] == [
        ("a", ""),
        ("b", "&&"),
        ("tee", "|"),
        ("c", "|"),
        ("d", ";"),
        ("e", "||"),
        ("f", ";"),
    ]
    assert [one.piped_into for one in found[:4]] == [(), ("tee", "c"), ("c",), ()]
    assert [one.background for one in found[2:5]] == [False, True, False]


def test_places() -> None:
    text = "a && \\\n  b 'c d'\nsh -c 'é; f g'"
    by_name = {one.program: one for one in read(text)}
    assert by_name["b"].locations[1].region == (2, 5, 2, 10)
    assert by_name["f"].location.region == (3, 11, 3, 12)
    assert by_name["f"].locations[1].region == (3, 13, 3, 14)


def test_places_of_escaped_text_are_those_of_the_word() -> None:
    inner = read('sh -c "a \\"b\\""')[1]
    assert inner.words == ("a", "b")
    assert inner.location.region == (1, 7, 1, 16)


def test_options() -> None:
    (command,) = read("curl -fsSLk -o x --max-time=3 --retry 5 -H a -H b u")
    assert command.has("-k")
    assert command.has("-o", "--output")
    assert command.has("--max-time")
    assert not command.has("-z")
    assert command.value("--max-time") == "3"
    assert [value for value, _ in command.values("-H", "--header")] == ["a", "b"]
    assert command.value("--retry") == "5"
    assert command.value("u") is None


def test_words_with_expansions_are_dynamic() -> None:
    (command,) = read("pip install $A '$B' \"x$C\" d")
    assert command.words == ("pip", "install", "$A", "$B", "x$C", "d")
    assert command.dynamic == {2, 4}


def test_output_and_here_documents() -> None:
    text = "echo a > f\n{ echo b; echo c 2>/dev/null; } >> g\nssh h <<'END'\nls\nEND\necho d >&2\n"
    found = read(text)
    assert [command.output for command in found] == ["f", "g", "g", "", ""]
    assert found[3].document == "ls\n"
    assert found[3].document_location is not None
    assert found[3].document_location.region.start_line == 4


@pytest.mark.parametrize(
    "text",
    [
        "$(" * 30_000,
        "a && " * 40_000,
        "sh -c '" + "x;" * 60_000 + "'",
        "a $(b $(c $(d $(e $(f $(g))))))",
        "(" * 100_000,
        "`" * 100_001,
        '"' * 100_001,
        "a " + "${" * 50_000,
        "$(a) " * 40_000,
        "x" * 300_000,
    ],
)
def test_hostile_text_ends(text: str) -> None:
    start = time.process_time()
    read(text)
    assert time.process_time() - start < 5
