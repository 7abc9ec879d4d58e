"""``mora``: one word for each thing people ask of a loan book."""

from __future__ import annotations

import sys

import typer

from mora import __version__
from mora.cli import book, gate, law
from mora.cli.age import age
from mora.cli.day import day
from mora.cli.explain import explain
from mora.cli.serve import audit_app, serve, take_in
from mora.cli.synth import synth

app = typer.Typer(
    help="Mora：逾期贷款全流程。 The whole life of an overdue loan.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("import")(book.import_)
app.command()(age)
app.command()(day)
app.command()(explain)
app.add_typer(book.book_app, name="book")
app.add_typer(law.app, name="law")
app.add_typer(gate.app, name="gate")
app.command()(synth)
app.command()(serve)
app.command("take-in")(take_in)
app.add_typer(audit_app, name="audit")


@app.command()
def version() -> None:
    """版本 Print the version."""
    print(__version__)  # noqa: T201 - what was asked for


def main() -> None:
    """Run the command line; what was piped away early is no error."""
    try:
        app()
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
