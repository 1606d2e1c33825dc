"""Dockerfiles are cut, joined and expanded as BuildKit does it, awkward and hostile ones too."""

from __future__ import annotations

import time

import pytest

from flask_preflight.artifacts import dockerfile
from flask_preflight.artifacts.dockerfile import Dockerfile, Instruction, Stage
from flask_preflight.artifacts.dockerfile_base import reference
from flask_preflight.artifacts.dockerfile_ignore import Ignore
from flask_preflight.artifacts.dockerfile_words import UNSET, expand
from flask_preflight.run import Tree
from harness import tree_of


def read(text: str, path: str = "Dockerfile") -> Dockerfile:
    found = dockerfile.read(tree_of({path: text}), path)
    assert found is not None
    return found


def faults(text: str) -> list[tuple[str, int]]:
    tree = tree_of({"Dockerfile": text})
    dockerfile.read(tree, "Dockerfile")
    return [
        (str(note.message).removeprefix("not parsed: "), note.location.region.start_line)
        for note in tree.notifications
        if note.location
    ]


ROWS = [
    pytest.param("RUN a\nUSER b", [("RUN", 2, 2), ("USER", 3, 3)], id="plain"),
    pytest.param("run a\nuSeR b", [("RUN", 2, 2), ("USER", 3, 3)], id="case"),
    pytest.param("\t RUN a", [("RUN", 2, 2)], id="leading-blanks"),
    pytest.param("RUN a \\\n  && b", [("RUN", 2, 3)], id="continuation"),
    pytest.param("RUN a \\\n# c\n\n  && b\nUSER 1", [("RUN", 2, 5), ("USER", 6, 6)], id="comment"),
    pytest.param("RUN a \\\n  # c\n\t\n  b", [("RUN", 2, 5)], id="indented-comment"),
    pytest.param("RUN a \\ \t\n b", [("RUN", 2, 3)], id="blanks-after-escape"),
    pytest.param("RUN a\\\\\nUSER b", [("RUN", 2, 2), ("USER", 3, 3)], id="two-escapes"),
    pytest.param("RUN a \\", [("RUN", 2, 2)], id="escape-at-end"),
    pytest.param("RUN a \\\n", [("RUN", 2, 2)], id="escape-at-end-with-line-feed"),
    pytest.param("RUN\\\n a", [("RUN", 2, 3)], id="keyword-continued"),
    pytest.param("RUN a \\\r\n b\r\nUSER 1\r\n", [("RUN", 2, 3), ("USER", 4, 4)], id="crlf"),
    pytest.param(
        "RUN <<EOF\nUSER root\nEOF\nUSER 1", [("RUN", 2, 4), ("USER", 5, 5)], id="heredoc"
    ),
    pytest.param("RUN <<-EOF\n\tx\n\tEOF\nUSER 1", [("RUN", 2, 4), ("USER", 5, 5)], id="tabs"),
    pytest.param("RUN <<'E F'\nx\nE F\nUSER 1", [("RUN", 2, 4), ("USER", 5, 5)], id="quoted"),
    pytest.param("COPY <<A <<B x/\n1\nA\n2\nB\nUSER 1", [("COPY", 2, 6), ("USER", 7, 7)], id="two"),
    pytest.param("RUN 3<<E cat\nx\nE\nUSER 1", [("RUN", 2, 4), ("USER", 5, 5)], id="descriptor"),
    pytest.param("RUN cat <<< x\nUSER 1", [("RUN", 2, 2), ("USER", 3, 3)], id="here-string"),
    pytest.param("RUN a $((1<<2))\nUSER 1", [("RUN", 2, 2), ("USER", 3, 3)], id="shift"),
    pytest.param("RUN cat<<EOF\nUSER 1", [("RUN", 2, 2), ("USER", 3, 3)], id="glued"),
    pytest.param("RUN a << EOF\nUSER 1", [("RUN", 2, 2), ("USER", 3, 3)], id="blank-before-name"),
    pytest.param('RUN ["a", "<<E"]\nUSER 1', [("RUN", 2, 2), ("USER", 3, 3)], id="json"),
    pytest.param("LABEL a=<<E\nUSER 1", [("LABEL", 2, 2), ("USER", 3, 3)], id="no-heredoc-here"),
    pytest.param("ONBUILD RUN <<E\nE\nUSER 1", [("ONBUILD", 2, 3), ("USER", 4, 4)], id="onbuild"),
    pytest.param("RUN a \\\n <<E\nx\nE\nUSER 1", [("RUN", 2, 5), ("USER", 6, 6)], id="continued"),
    pytest.param("RUN a\u2028USER b", [("RUN", 2, 2)], id="line-separator"),
    pytest.param("RUN a\x0cUSER b", [("RUN", 2, 2)], id="form-feed"),
    pytest.param("RUN a # no comment", [("RUN", 2, 2)], id="hash-in-line"),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_reader(text: str, expected: list[tuple[str, int, int]]) -> None:
    found = read("FROM x\n" + text).instructions[1:]
    assert [(one.name, one.line, one.logical.end) for one in found] == expected


@pytest.mark.parametrize("directive", ["# escape=`", "#ESCAPE = `", "# check=skip=x\n# escape=`"])
def test_escape_directive(directive: str) -> None:
    found = read(directive + "\nFROM x\nRUN a `\n b\nENV P=C:\\\\x\n")
    assert [one.value for one in found.instructions] == ["x", "a  b", "P=C:\\\\x"]
    assert found.instructions[1].commands == []


@pytest.mark.parametrize("before", ["# a comment\n", "\n", "# unknown=1\n"])
def test_escape_directive_after_something_else_is_a_comment(before: str) -> None:
    assert read(before + "# escape=`\nFROM x").scan.escape == "\\"


def test_byte_order_mark() -> None:
    assert read("\ufeffFROM x").stages[0].image == "x"


def test_values_and_places() -> None:
    found = read("FROM x\n  RUN --mount=type=a,from=b --network=host one \\\n# c\n    two é three")
    run = found.instructions[1]
    assert run.value == "one     two é three"
    assert [(flag.name, flag.value) for flag in run.flags] == [
        ("mount", "type=a,from=b"),
        ("network", "host"),
    ]
    assert run.place(0, 3).region == (2, 44, 2, 47)
    (command,) = run.commands
    assert command.words == ("one", "two", "é", "three")
    assert command.locations[3].region == (4, 11, 4, 16)
    assert run.at("network").region == (2, 29, 2, 43)


def test_flags_end_at_two_dashes() -> None:
    (copy,) = read("FROM x\nCOPY --from='a b' -- --x y").stages[0].instructions
    assert copy.flag("from") == "a b"
    assert [word.value for word in copy.words] == ["--x", "y"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["a", "b c"]', ("a", "b c")),
        ('  [ "a" ] ', ("a",)),
        ("[]", ()),
        ("['a']", None),
        ('["a",]', None),
        ('["a" "b"]', None),
        ('["a"] # b', None),
        ("[a]", None),
        ('["a", 1]', None),
        ('[ -f "a" ] && b', None),
        ('a ["b"]', None),
    ],
)
def test_exec_form(text: str, expected: tuple[str, ...] | None) -> None:
    assert read(f"FROM x\nCMD {text}").instructions[1].exec == expected


def test_places_of_strings() -> None:
    command = read('FROM x\nCMD [ "a", \\\n  "b\\"c" ]').instructions[1]
    assert command.exec == ("a", 'b"c')
    assert command.at(1).region == (3, 3, 3, 9)


def test_healthcheck() -> None:
    found = read(
        "FROM x\nHEALTHCHECK --interval=5m --timeout=3s CMD curl -f http://localhost/ || exit 1\n"
        'HEALTHCHECK CMD ["curl", "x"]\nHEALTHCHECK NONE'
    ).stages[0]
    shell, array, none = found.instructions
    assert (shell.kind, shell.value) == ("CMD", "curl -f http://localhost/ || exit 1")
    assert shell.flag("interval") == "5m"
    assert (array.kind, array.exec) == ("CMD", ("curl", "x"))
    assert none.kind == "NONE"


def test_onbuild_holds_an_instruction() -> None:
    (instruction,) = read("FROM x\nONBUILD COPY --chown=a . /x").stages[0].instructions
    inner = instruction.onbuild
    assert inner is not None
    assert (inner.name, inner.value, inner.flag("chown")) == ("COPY", ". /x", "a")
    assert read("FROM x\nONBUILD USER a").stages[0].last("USER") is None


def test_scripts_in_heredocs() -> None:
    def programs(text: str) -> list[str]:
        return [one.program for one in read("FROM x\n" + text).instructions[1].commands]

    assert programs("RUN <<EOF\na\nb | c\nEOF") == ["a", "b", "c"]
    assert programs("RUN <<EOF bash -eux\na\nEOF") == ["a"]
    assert programs("RUN bash -e <<EOF\na\nEOF") == ["a"]
    assert programs("RUN <<EOF\n#!/bin/sh\na\nEOF") == ["a"]
    assert programs("RUN <<EOF\n#!/usr/bin/env python3\na\nEOF") == []
    assert programs("RUN python3 <<EOF\na\nEOF") == ["python3"]
    assert programs("RUN cat <<EOF > f && b\na\nEOF") == ["cat", "b"]
    run = read("FROM x\nRUN <<EOF\n  a b\nEOF").instructions[1]
    assert run.commands[0].locations[1].region == (3, 5, 3, 6)


def test_shell_instruction_decides_who_reads() -> None:
    found = read('FROM x\nSHELL ["pwsh", "-c"]\nRUN a\nSHELL ["/bin/bash", "-c"]\nRUN b\nCMD c')
    runs = found.stages[0].instructions
    assert [bool(one.commands) for one in runs if one.name != "SHELL"] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("# only a comment\n", []),
        ("FROM x", []),
        ("ARG A\nFROM x", []),
        ("ARG A", [("no FROM, so there is nothing to build", 1)]),
        ("RUN a\nFROM x", [("RUN stands before the first FROM", 1)]),
        ("FROM x\nRUM a", [("no instruction is called RUM", 2)]),
        ("FROM", [("FROM takes an image, or an image AS a name", 1)]),
        ("FROM a b", [("FROM takes an image, or an image AS a name", 1)]),
        ("FROM a AS b c", [("FROM takes an image, or an image AS a name", 1)]),
        ("FROM x\nRUN <<EOF\na", [("here-document EOF has no end", 2)]),
        ("# escape=`\n# escape=\\\nFROM x", [("a second escape directive", 2)]),
        ("FROM x\nENV A", [("ENV A has no value", 2)]),
        ("FROM x\nENV A=1 B", [("ENV: B has no value", 2)]),
        ("FROM x\nENV", []),
        ("FROM x\nENV\nRUN\nUSER a", []),
        ("FROM x\nRUN <<EOF\na\nEOF\nUSER 1", []),
        ("# syntax=edrevo/dockerfile-plus\nFROM x\nINCLUDE+ y", []),
        (
            "# syntax=docker/dockerfile:1\nFROM x\nINCLUDE y",
            [("no instruction is called INCLUDE", 3)],
        ),
    ],
)
def test_what_docker_refuses(text: str, expected: list[tuple[str, int]]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize("line", ["{{ x }}", "{% if a %}", "<% b %>", "@@ARG@@"])
def test_templates_are_left_alone(line: str) -> None:
    tree = tree_of({"Dockerfile": f"FROM x\n{line}\nRUN a"})
    assert dockerfile.read(tree, "Dockerfile") is None
    (note,) = tree.notifications
    assert (note.id, note.level) == ("PRE011", "note")


def test_braces_in_a_heredoc_are_no_template() -> None:
    assert read("FROM x\nRUN <<EOF\n{{ x }}\nEOF").stages


VALUES = {"A": "1", "EMPTY": "", "NOT": UNSET}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$A", "1"),
        ("x${A}y", "x1y"),
        ("'$A'", "$A"),
        ('"$A b"', "1 b"),
        ("\\$A", "$A"),
        ('"\\$A\\"\\x"', '$A"\\x'),
        ("a\\ b", "a b"),
        ("$NOT", ""),
        ("$WHO", None),
        ("${WHO:-d}", None),
        ("${NOT:-d}", "d"),
        ("${NOT-d}", "d"),
        ("${EMPTY:-d}", "d"),
        ("${EMPTY-d}", ""),
        ("${A:-d}", "1"),
        ("${A:+d}", "d"),
        ("${NOT:+d}", ""),
        ("${EMPTY:+d}", ""),
        ("${EMPTY+d}", "d"),
        ("${A:?e}", "1"),
        ("${NOT:?e}", None),
        ("${NOT:-${A}-${NOT:-2}}", "1-2"),
        ("${A#1}", ""),
        ("${A%x}", "1"),
        ("${A%%*}", None),
        ("${A/1/2}", "2"),
        ("${A^^}", None),
        ("${A", None),
        ("$", "$"),
        ("a$", "a$"),
        ("$-", "$-"),
    ],
)
def test_expansion(text: str, expected: str | None) -> None:
    assert expand(text, VALUES.get) == expected


def stage(text: str, number: int = -1) -> Stage:
    return read(text).stages[number]


def value(text: str) -> str | None:
    """The value of the last word of the last instruction."""
    return read(text).instructions[-1].words[-1].value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM python:3\nENV A=1\nUSER $A", "1"),
        ("FROM python:3\nENV A=1 B=$A\nUSER $B", ""),
        ("FROM python:3\nENV A=1\nENV A=2 B=$A\nUSER $B", "1"),
        ("FROM python:3\nENV A one two\nUSER $A", "one two"),
        ("FROM python:3\nENV A='x y'\nUSER $A", "x y"),
        ("FROM python:3\nARG A=1\nUSER $A", "1"),
        ("FROM python:3\nARG A\nUSER $A", None),
        ("FROM python:3\nARG A=1\nENV A=2\nUSER $A", "2"),
        ("ARG A=1\nFROM python:3\nUSER $A", ""),
        ("ARG A=1\nFROM python:3\nARG A\nUSER $A", "1"),
        ("ARG A=1\nFROM python:3\nARG A=2\nUSER $A", "2"),
        ("FROM python:3\nUSER $NOBODY", ""),
        ("FROM python:3\nWORKDIR $PYTHON_VERSION", None),
        ("FROM company/base\nUSER $MAYBE", None),
        ("FROM scratch\nUSER $NOBODY", ""),
        ("FROM python:3\nWORKDIR $TARGETARCH", None),
        ("FROM python:3 AS a\nENV A=1\nFROM a\nUSER $A", "1"),
        ("FROM python:3 AS a\nENV A=1\nFROM python:3\nUSER $A", ""),
        ("FROM python:3 AS Base\nENV A=1\nFROM bAsE\nUSER $A", "1"),
        ("FROM python:3\nENV PATH=$PATH:/x\nUSER $PATH", None),
        ("ARG V=3.12\nFROM python:$V", "python:3.12"),
        ("ARG V=3\nARG T=$V-slim\nFROM python:$T", "python:3-slim"),
        ("ARG V\nFROM python:$V", None),
        ("FROM python:${V:-3}", "python:3"),
    ],
)
def test_scope_of_variables(text: str, expected: str | None) -> None:
    assert value(text) == expected


def test_stages() -> None:
    found = read("FROM a:1 AS One\nUSER x\nFROM one AS two\nWORKDIR /y\nFROM two\nFROM b:2\nRUN z")
    assert [one.title for one in found.stages] == ["one", "two", "two", "b:2"]
    third = found.stages[2]
    assert [one.number for one in third.chain] == [0, 1, 2]
    assert third.external == "a:1"
    user = third.last("USER")
    assert user is not None
    assert user.line == 2
    assert found.stages[3].last("USER") is None
    assert found.stage("ONE") is found.stages[0]
    assert found.stage("3") is found.stages[3]
    assert found.stage("4") is None


def test_variables_that_a_run_takes_from_the_build() -> None:
    found = stage(
        "FROM x AS a\nRUN echo $A ${B:-1}\nFROM a\nRUN C=1 sh -c 'x $C'\n"
        "RUN --mount=type=secret,id=d,env=D curl $D $E\nRUN <<EOF\nx $F\nEOF"
    )
    assert found.used_in_run == {"A", "B", "E", "F"}


def test_a_stage_is_no_base_of_an_earlier_one() -> None:
    assert read("FROM b AS a\nFROM x AS b").stages[0].base is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a\nFROM b", 1),
        ("FROM a AS production\nFROM production AS development", 0),
        ("FROM a AS builder\nFROM builder AS dev-envs", 0),
        ("FROM a AS base\nFROM base AS dev\nFROM base AS final", 2),
        ("FROM a AS final\nFROM b AS test\nFROM c AS dev", 0),
        ("FROM a AS dev", 0),
        ("FROM a AS latest", 0),
        ("FROM a\nFROM b AS device", 1),
    ],
)
def test_effective_stage(text: str, expected: int) -> None:
    effective = read(text).effective
    assert effective is not None
    assert effective.number == expected


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("Dockerfile", "production"),
        ("docker/web.Dockerfile", "production"),
        ("Dockerfile.prod", "production"),
        ("Dockerfile.dev", "development"),
        ("dev.Dockerfile", "development"),
        (".devcontainer/Dockerfile", "development"),
        ("Dockerfile.test", "test"),
        ("tests/Dockerfile", "test"),
        (".circleci/Dockerfile", "test"),
        ("Dockerfile.lint", "test"),
        ("examples/Dockerfile", "example"),
        ("docs/Dockerfile", "example"),
    ],
)
def test_roles(path: str, role: str) -> None:
    assert read("FROM x", path).role == role


def test_parts() -> None:
    tree = tree_of(
        {
            "Dockerfile": "FROM x\nUSER 1",
            ".dockerignore": "x",
            "Dockerfile.dockerignore": "x",
            "Dockerfile.md": "text",
        }
    )
    kinds = [type(one) for one in dockerfile.assemble(tree)]
    assert kinds == [Dockerfile, Stage, Instruction, Instruction]
    assert tree.notifications == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python", ("python", "", "")),
        ("python:3.12-slim", ("python", "3.12-slim", "")),
        ("localhost:5000/app", ("localhost:5000/app", "", "")),
        ("localhost:5000/app:1", ("localhost:5000/app", "1", "")),
        ("docker.io/library/python:3@sha256:ab", ("python", "3", "sha256:ab")),
        ("docker.io/a/b", ("a/b", "", "")),
    ],
)
def test_references(text: str, expected: tuple[str, str, str]) -> None:
    assert reference(text) == expected


IGNORE = """\
# a comment
*.md
!README.md
/secret
docs/
**/__pycache__
**.pyc
.env*
!.env.example
./static/./x
a/*/c
b?
 spaced
\\#odd
data/**
!data/keep/**
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("notes.md", True),
        ("README.md", False),
        ("deep/notes.md", False),
        ("secret", True),
        ("deep/secret", False),
        ("docs/a/b.txt", True),
        ("x/__pycache__/y.pyc", True),
        ("__pycache__", True),
        ("x/y.pyc", True),
        (".env", True),
        (".env.production", True),
        (".env.example", False),
        ("deep/.env", False),
        ("static/x/y", True),
        ("a/b/c", True),
        ("a/b/b/c", False),
        ("bx", True),
        ("bxx", False),
        ("spaced", True),
        ("data/x/y", True),
        ("data/keep/y", False),
        ("app.py", False),
    ],
)
def test_ignore_file(path: str, expected: bool) -> None:
    assert Ignore(".dockerignore", IGNORE).excluded(path) is expected


@pytest.mark.parametrize("text", ["*\n!app\n", "**\n!app\n"])
def test_everything_ignored_but_one(text: str) -> None:
    ignore = Ignore(".dockerignore", text)
    assert ignore.excluded("x")
    assert not ignore.excluded("app/x.py")


@pytest.mark.parametrize(
    "text",
    [
        "FROM x\nRUN " + "a \\\n" * 20_000,
        'FROM x\nENV A="' + "a " * 100_000,
        "FROM x\n" + "ENV A=$A$A$A$A$A$A$A$A\n" * 200,
        "FROM x\nENV A1=aaaaaaaaaa\n" + "".join(f"ENV A{n + 1}=$A{n}$A{n}\n" for n in range(1, 60)),
        "FROM x\nUSER " + "${A:-" * 50_000,
        "FROM x\nUSER " + "${A:-" * 5_000 + "}" * 5_000,
        "FROM a AS s0\n" + "".join(f"FROM s{n} AS s{n + 1}\nENV A{n}=1\n" for n in range(400)),
        "FROM x\nRUN <<A <<B <<C\n" + "x\n" * 50_000,
        "FROM x\n" + "COPY --from=0 " + "a " * 50_000 + "/x",
        "FROM x\nRUN " + "'" * 100_001,
        "FROM x\nCMD " + "[" * 100_000,
        "\\\n" * 100_000,
        "FROM x\nRUN --a=" + "\\" * 100_001,
        "FROM x\n" + "RUN <<E\n" * 3_000,
    ],
)
def test_hostile_files_end(text: str) -> None:
    start = time.process_time()
    for part in dockerfile.assemble(tree_of({"Dockerfile": text})):
        if isinstance(part, Instruction):
            assert part.commands is not None
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "text",
    [
        "FROM x\n" + "USER a\n" * 5_001,
        "FROM x\nRUN " + "a" * 4_200_000,
        "FROM x\n" * 501,
    ],
)
def test_too_large_files_are_not_read(text: str) -> None:
    tree: Tree = tree_of({"Dockerfile": text})
    assert dockerfile.read(tree, "Dockerfile") is None
    (note,) = tree.notifications
    assert (note.id, note.level) == ("PRE011", "warning")


def test_the_instructions_are_those_that_dockerfile_parse_sees() -> None:
    text = "# c\nFROM x AS y\nARG A=1\nRUN a \\\n  b\nEXPOSE 80\nLABEL a='b c'\nCMD [\"a\"]\n"
    from io import BytesIO

    from dockerfile_parse import DockerfileParser

    parser = DockerfileParser(fileobj=BytesIO(text.encode()), env_replace=False)
    theirs = [
        (one["instruction"], one["startline"] + 1, one["endline"] + 1)
        for one in parser.structure
        if one["instruction"] != "COMMENT"
    ]
    ours = [(one.name, one.line, one.logical.end) for one in read(text).instructions]
    assert ours == theirs
