"""``mora``: one word for each thing people ask of a loan book."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup
from typer.rich_utils import rich_format_error

from mora import __version__
from mora.cli.arguments import REFUSED, say_refused, system_words
from mora.core.words import Words

COMMANDS = {
    "import": "book:import_", "age": "age:age", "day": "day:day", "explain": "explain:explain", "book": "book:book_app",
    "law": "law:app", "gate": "gate:app", "synth": "synth:synth", "serve": "serve:serve", "take-in": "serve:take_in",
    "audit": "serve:audit_app",
}  # fmt: skip
"""Each word and where its command is; read only when it is asked for, since all together take seconds to load."""


class Named(TyperGroup):
    """Finds a command the first time it is named."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        if cmd_name not in self.commands:
            module, _, name = COMMANDS[cmd_name].partition(":")
            found = getattr(import_module(f"mora.cli.{module}"), name)
            if isinstance(found, typer.Typer):
                made: Any = typer.main.get_group(found)
            else:
                alone = typer.Typer(add_completion=False)
                alone.command()(found)
                made = typer.main.get_command(alone)
            made.name = cmd_name
            self.commands[cmd_name] = made
        return self.commands[cmd_name]


app = typer.Typer(
    help="Mora：逾期贷款全流程。 The whole life of an overdue loan.",
    cls=Named,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command()
def version() -> None:
    """版本 Print the version."""
    print(__version__)  # noqa: T201 - what was asked for


@app.callback()
def _always_a_group() -> None:
    """One command of its own would be taken for the whole."""


def main() -> None:
    """Run the command line, and leave with 0 (done), 1 (done, with rows set aside), 2 (refused, with the reason).

    What was piped away early is no error. A fault of Mora itself leaves with 3, so that no script takes it for one of
    the others; with ``MORA_TRACEBACK=1`` it shows where.
    """
    try:
        code = app(standalone_mode=False)
    except BrokenPipeError:
        code = 0
    except KeyboardInterrupt:
        code = _interrupted()
    except OSError as error:
        say_refused(system_words(error), [])
        code = REFUSED
    except Exception as error:  # noqa: BLE001 - the last place where anything can still be said to a person
        code = _failed(error)
    sys.exit(code or 0)


def _interrupted() -> int:
    print("已中止，未完成。 Stopped; not finished.", file=sys.stderr)  # noqa: T201
    return 130


def _failed(error: Any) -> int:
    """What the command line was told wrongly, or what went wrong in Mora."""
    if isinstance(error, typer.Abort):
        return _interrupted()
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):
        if (zh := _usage(error)) is not None:
            print(f"用法有误：{zh}", file=sys.stderr)  # noqa: T201
        rich_format_error(error)
        return int(error.exit_code)
    if os.environ.get("MORA_TRACEBACK"):
        traceback.print_exc()
    where = traceback.extract_tb(error.__traceback__)[-1]
    told = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
    say_refused(
        Words(
            f"程序出错，这是 Mora 的缺陷，请连同下面一行告知维护者（MORA_TRACEBACK=1 可见全部）：{told}",
            f"a fault of Mora itself; please report this line (MORA_TRACEBACK=1 shows all of it): {told}",
        ),
        [],
    )
    return FAULT


FAULT = 3
"""Exit code of a fault of Mora itself."""


def _usage(error: Exception) -> str | None:
    """The command line's own complaints in Chinese; None where help is all that is shown."""
    kind = type(error).__name__
    names = getattr(getattr(error, "param", None), "opts", None) or []
    name = names[0] if names and names[0].startswith("-") else (names[0].upper() if names else "")
    if kind == "NoArgsIsHelpError":
        return None
    if kind == "MissingParameter":
        return f"缺少 {name}"
    if kind == "NoSuchOption":
        return f"没有选项 {getattr(error, 'option_name', '')}"
    if kind == "BadParameter":
        return f"{name} 的值不可用"
    return "没有这个命令" if "No such command" in str(error) else "见 --help"


if __name__ == "__main__":
    main()
