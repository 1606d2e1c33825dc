"""A list of words is written as if a shell read it.

No shell does: `$PORT` and `&&` reach the program as they stand, quotes become a part of the word,
and the container ends with an error that names nothing.

Fix: give the text to a shell, `CMD ["sh", "-c", "exec gunicorn -b 0.0.0.0:$PORT app:app"]`.

Sources: Docker, "Dockerfile reference: Shell and exec form".

```dockerfile bad {2,2,2}
FROM python:3.13-slim
CMD ["gunicorn", "-b", "0.0.0.0:$PORT", "--workers 4", "'app:create_app()'"]
```

```dockerfile bad {2}
FROM python:3.13-slim
CMD ["flask", "db", "upgrade", "&&", "gunicorn", "app:app"]
```

```dockerfile bad {2}
FROM python:3.13-slim
ENTRYPOINT ["gunicorn -b 0.0.0.0:8000 app:app"]
```

```dockerfile good
FROM python:3.13-slim
CMD ["sh", "-c", "exec gunicorn -b 0.0.0.0:$PORT app:app"]
```

```dockerfile good
FROM python:3.13-slim
COPY entry.sh /entry.sh
ENTRYPOINT ["/entry.sh"]
CMD ["gunicorn", "-b", "0.0.0.0:$PORT", "app:app"]
```

```dockerfile good
FROM python:3.13-slim
CMD ["gunicorn", "-b 0.0.0.0:80", "--access-logformat=%(h)s %(t)s", "app:app"]
```
"""

from flask_preflight.artifacts import shell
from flask_preflight.artifacts.image import Image
from flask_preflight.lazy import expression
from flask_preflight.rule import Message, Result, Results, rule
from flask_preflight_rules.docker._runs import replaces_command

VARIABLE = Message("no shell reads this list, so the program gets {0} as it stands", "variable")
OPERATOR = Message("no shell reads this list, so {0} is a word for {1}", "operator")
PROGRAM = Message("there is no program called '{0}': each word needs its own string", "program")
OPTION = Message("{0} is one word here, so the program does not know the option", "option")
QUOTES = Message("the quotes inside become a part of the word {0}", "quotes")
OPERATORS = ("&&", "||", ";", "|", ">", ">>", "<", "2>&1", "&")
NAMED = expression(r"(?<![\\$])\$(?:\{[A-Za-z_]\w*|[A-Za-z_])")


@rule("DKR407", "shell-syntax-in-exec-form", "error", "container")
def check(image: Image) -> Results:
    argv = image.argv or ()
    if not argv or replaces_command(image) or _is_read(image, argv):
        return
    if " " in argv[0].strip():
        yield Result(image.argv_at(0), PROGRAM(argv[0]))
        return
    for index, word in enumerate(argv):
        where = image.argv_at(index)
        if NAMED.search(word):
            yield Result(where, VARIABLE(word))
        elif word in OPERATORS:
            yield Result(where, OPERATOR(word, argv[0]))
        elif word.startswith("--") and " " in word.partition("=")[0].strip():
            yield Result(where, OPTION(word))
        elif len(word) > 2 and word[0] == word[-1] and word[0] in "'\"":
            yield Result(where, QUOTES(word))


def _is_read(image: Image, argv: tuple[str, ...]) -> bool:
    """Whether a shell, or a script that may do so, makes something of the words."""
    program = argv[0].rpartition("/")[2]
    if program in shell.SHELLS or program in ("env", "tini", "dumb-init", "eval"):
        return True
    entry = (image.entrypoint or ("",))[0]
    return entry.endswith((".sh", ".bash")) or "entrypoint" in entry
