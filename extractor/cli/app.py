"""The commands together, and one place where errors become a message and an exit code."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, Any

import typer

from extractor.cli import (
    articles,
    batch,
    batch_jobs,
    check,
    eval,
    eval_outputs,
    eval_report,
    export,
    extract,
    gold,
    gold_exchange,
    prompt,
    prompt_cost,
    rebuild,
    review,
    schema,
    triage,
    unmatched,
)
from extractor.errors import ArticleError, ExtractionFailed, ExtractorError, RunStoppedError

app = typer.Typer(
    name="extractor",
    help="Turn news articles on local industrial economies into typed, grounded records.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("extract")(extract.command)
app.command("articles")(articles.command)
app.command("batch")(batch.command)
app.command("batch-status")(batch_jobs.status_command)
app.command("batch-cancel")(batch_jobs.cancel_command)
app.command("compact")(rebuild.compact_command)
app.command("rebuild")(rebuild.command)
app.command("triage")(triage.command)
app.command("check")(check.command)
app.command("unmatched")(unmatched.command)
app.command("export")(export.command)
app.command("review")(review.command)
app.command("schema")(schema.command)
eval.app.command("report")(eval_report.command)
eval.app.command("selftest")(eval_outputs.selftest_command)
eval.app.command("drift")(eval_outputs.drift_command)
eval.app.command("sample")(eval_outputs.sample_command)
eval.app.command("agreement")(eval_outputs.agreement_command)
app.add_typer(eval.app, name="eval")
gold.app.command("export")(gold_exchange.export_command)
gold.app.command("import")(gold_exchange.import_command)
app.add_typer(gold.app, name="gold")
prompt.app.command("cost")(prompt_cost.command)
app.add_typer(prompt.app, name="prompt")


# typer brings its own copy of click in some releases; this is the base of its usage errors.
_ClickError: Any = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"extractor {version('extractor')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Turn news articles on local industrial economies into typed, grounded records."""


def _write_any_character() -> None:
    """JSON is UTF-8 whatever the locale says; a terminal shows what it can."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")


def _drop_standard_output() -> None:
    """Standard output is gone or full: what is still buffered has nowhere to go either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def exit_code(error: ExtractorError) -> int:
    """The exit code that an error stands for.

    1 an article failed, 2 a wrong request, 5 a run that stopped early.
    """
    if isinstance(error, ExtractionFailed | ArticleError):
        return 1
    return 5 if isinstance(error, RunStoppedError) else 2


def main() -> None:
    """Run the command line; no traceback reaches its user."""
    _write_any_character()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except _ClickError as error:
        error.show()
        code = error.exit_code
    except ExtractorError as error:
        typer.echo(f"error: {error}", err=True)
        code = exit_code(error)
    except BrokenPipeError:
        _drop_standard_output()
        code = 1
    except OSError as error:
        _drop_standard_output()
        typer.echo(f"error: {error.filename or 'output'}: {error.strerror}", err=True)
        code = 5
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("interrupted", err=True)
        code = 130
    sys.exit(code)
