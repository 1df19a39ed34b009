"""The command line: reads the words, calls the command, returns its exit status.

In:   the user's words.     Out: what engine/commands prints; exit status 0 clean, 1 found something, 2 could not do the work.
Uses: click; engine.commands, each command loaded when it is called.    Used by: the `sequela` script.
"""

import gc
import importlib
import importlib.util
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

if importlib.util.find_spec("sequela") is None:  # `python cli.py` in a checkout that is not installed
    _here = Path(__file__).resolve().parent
    _spec = importlib.util.spec_from_file_location(
        "sequela", _here / "__init__.py", submodule_search_locations=[str(_here)]
    )
    assert _spec is not None
    assert _spec.loader is not None
    sys.modules["sequela"] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sys.modules["sequela"])

VERSION = "0.1.0"


def _call(module: str, function: str, *words: Any, **options: Any) -> None:
    """Load a command, run it, leave with its status; a fault of Sequela's own is said in a sentence, and the status is 2."""
    gc.set_threshold(50_000, 20, 20)  # rules are many objects that live long: looking through them often costs a tenth
    try:
        sys.excepthook = importlib.import_module("sequela.engine.commands.screen").own_fault
        run: Callable[..., int] = getattr(importlib.import_module(f"sequela.engine.commands.{module}"), function)
        status = run(*words, **options)
        sys.stdout.flush()
    except BrokenPipeError:
        importlib.import_module("sequela.engine.commands.screen").close_quietly()
        status = 0
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        status = 2
    gc.freeze()  # the process ends and gives all back: to look through it once more takes as long as to decide a claim
    raise SystemExit(status)


def _rules_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--data", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
                     help="A folder to look for tables in; may be given more than once. Then in those of SEQUELA_DATA."),
        click.option("--rules", multiple=True, type=click.Path(path_type=Path), metavar="PATH",
                     help="A rule file or a folder of them; may be given more than once. Default: all that ship with Sequela."),
    ):  # fmt: skip
        command = option(command)
    return command


def _table_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--columns", type=click.Path(path_type=Path), metavar="FILE",
                     help="For a table of claims (CSV, Parquet): what its columns are called; default: Tuva's medical_claim."),
        click.option("--members", type=click.Path(path_type=Path), metavar="FILE",
                     help="For a table of claims: the table of members, with their birth dates and sexes."),
    ):  # fmt: skip
        command = option(command)
    return command


_PAYER = click.option("--payer", metavar="NAME", help="Whose rules run; default: as the claim's payer id says.")
_STYLE = click.option(
    "--as", "style", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
_NO_CACHE = click.option("--no-cache", is_flag=True, help="Read and check the rule files anew.")
_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="sequela")
def main() -> None:
    """Check claims against rules that compliance staff can read, and say why.

    \b
    sequela check claims.837 --rules payers/       decide every claim of a file
    sequela explain claims.837 --claim C-1881      why a claim was flagged, and what would change it
    sequela test my.rules                          run the cases written beside the rules
    sequela help SEQ203                            what a message means, with an example
    """  # noqa: D301  (the mark keeps click from joining the lines)


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@_rules_options
@_PAYER
@_STYLE
@click.option("--all", "everything", is_flag=True, help="Print what passed and what did not apply, too.")
@click.option(
    "--only", multiple=True, metavar="RULE", help="Print only this rule's findings; may be given more than once."
)
@click.option(
    "--only-failures", is_flag=True, help="Print and count only what failed: unknowns do not change the exit status."
)
@_table_options
@_NO_CACHE
def check(files: tuple[str, ...], rules: tuple[Path, ...], data: tuple[Path, ...], payer: str | None, style: str,
          everything: bool, only: tuple[str, ...], only_failures: bool, members: Path | None, columns: Path | None,
          no_cache: bool) -> None:  # fmt: skip
    """Check the claims of FILE... (JSON, JSON Lines, X12 837, CSV, Parquet; - is standard input) and end with a table."""
    _call("check", "run", files=files, rules=rules, data=data, payer=payer, style=style, everything=everything,
          only=only, only_failures=only_failures, use_cache=not no_cache, members=members, columns=columns)  # fmt: skip


@main.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to write; the same command goes on in it after a stop.",
)
@_rules_options
@_PAYER
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="So many processes work at once; default: one for each processor.",
)
@click.option(
    "--only-failures", is_flag=True, help="Write and count only what failed; unknowns do not change the exit status."
)
@click.option(
    "--counts", is_flag=True, help="Also count for each claim what passed and what did not apply; it takes longer."
)
@click.option("--restart", is_flag=True, help="Remove what another batch wrote to DIR, and begin anew.")
@_table_options
@_NO_CACHE
def batch(inputs: tuple[str, ...], no_cache: bool, **options: Any) -> None:
    """Decide very many claims with several processes, and write findings, claims and rejects as Parquet.

    INPUT... are files of any format that `check` reads, or folders of them. Nothing is lost and nothing is done twice when the
    work is stopped: give the same command again. What the columns hold: engine/batch/README.md.
    """
    _call("batch", "run", inputs=inputs, use_cache=not no_cache, **options)


@main.command("batch-worker", hidden=True)
def batch_worker() -> None:
    """Be one of the processes of a batch: chunks come through standard input."""
    _call("batch", "work")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--as",
    "style",
    type=click.Choice(["text", "json", "html"]),
    help="What to print; default: text, or html for an --out that ends in .html.",
)
@click.option("--out", "into", type=click.Path(path_type=Path), metavar="FILE", help="Write it there instead.")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    help="So many rows of each ranking; default: text 10, html 100, json all.",
)
def summary(folder: Path, style: str | None, into: Path | None, top: int | None) -> None:
    """Say what a batch found: DIR is the folder that `sequela batch --out DIR` wrote."""
    _call("summary", "run", folder=folder, style=style, into=into, top=top)


@main.command()
@click.argument("file", metavar="FILE")
@click.option("--claim", metavar="ID", help="Which claim; needless where the file holds one.")
@click.option(
    "--rule", metavar="RULE", help="Which rule, also one that passed or did not apply; default: all that was found."
)
@click.option("--line", type=int, metavar="N", help="Only what concerns this line.")
@_rules_options
@_PAYER
@_STYLE
@_table_options
@_NO_CACHE
def explain(file: str, claim: str | None, rule: str | None, line: int | None, rules: tuple[Path, ...], data: tuple[Path, ...],
            payer: str | None, style: str, members: Path | None, columns: Path | None, no_cache: bool) -> None:  # fmt: skip
    """Say why a claim of FILE was flagged, or was not, down to the fact, the table row and the authority."""
    _call("explain", "run", file=file, claim=claim, rule=rule, line=line, rules=rules, data=data, payer=payer, style=style,
          use_cache=not no_cache, members=members, columns=columns)  # fmt: skip


@main.command()
@_PATHS
@click.option(
    "--data", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="A folder to look for table files in."
)
@click.option("--only", multiple=True, metavar="RULE", help="Run only the cases of this rule.")
@click.option("-v", "--verbose", is_flag=True, help="Name the cases that passed, too.")
@click.option(
    "--seen", is_flag=True, help="Name the rules that no case has seen to fail, pass or not apply; exit with 1 if any."
)
def test(paths: tuple[Path, ...], data: tuple[Path, ...], only: tuple[str, ...], verbose: bool, seen: bool) -> None:
    """Run the cases in rule files (default: all that ship with Sequela)."""
    _call("rule_files", "test", paths, data, verbose=verbose, only=only, seen=seen)


@main.command()
@_PATHS
@click.option(
    "--data", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="A folder to look for table files in."
)
@click.option("--cost", is_flag=True, help="Print the worst-case cost of each rule.")
@click.option("--on", metavar="DATE", help="Also name authorities that have run out on this day (as 2026-03-02).")
def lint(paths: tuple[Path, ...], data: tuple[Path, ...], cost: bool, on: str | None) -> None:
    """Name what is sound but doubtful in rule files; each finding has a page (sequela help CODE)."""
    _call("rule_files", "lint", paths, data, cost=cost, on=_date(on))


@main.command("format")
@_PATHS
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 where a file would change.")
@click.option("--diff", is_flag=True, help="Change nothing; print what would change.")
def format_(paths: tuple[Path, ...], check: bool, diff: bool) -> None:
    """Bring rule files into the one layout (default: those of this folder; - is standard input)."""
    _call("rule_files", "format_files", paths, check=check, diff=diff)


@main.command()
@click.argument("rule")
@_rules_options
@_PAYER
@click.option(
    "--setting",
    type=click.Choice(("professional", "outpatient", "inpatient")),
    help="On claims of which setting; default: the first that the rule is for.",
)
def plan(rule: str, rules: tuple[Path, ...], data: tuple[Path, ...], payer: str | None, setting: str | None) -> None:
    """Print what runs for RULE: its code, what triggers it and what it looks up."""
    _call("plan", "run", rule, rules, data, payer, setting)


@main.command()
@click.argument("rule")
@_rules_options
@_PAYER
@click.option("--on", metavar="DATE", help="As it stands on this day; default: every version.")
def show(rule: str, rules: tuple[Path, ...], data: tuple[Path, ...], payer: str | None, on: str | None) -> None:
    """Print RULE as it stands for a payer, with the origin of every clause."""
    _call("look_up", "show", rule, rules, data, payer, on)


@main.command()
@click.argument("name", metavar="SET")
@_rules_options
@click.option("--on", metavar="DATE", help="Only codes that are valid on this day (as 2026-03-02).")
def codes(name: str, rules: tuple[Path, ...], data: tuple[Path, ...], on: str | None) -> None:
    """Print what SET holds, entry by entry, with counts."""
    _call("look_up", "codes", name, rules, data, _date(on))


@main.command()
@_rules_options
@_PAYER
def rules(rules: tuple[Path, ...], data: tuple[Path, ...], payer: str | None) -> None:
    """List every rule with its title, phase, settings, period and authority."""
    _call("look_up", "rules", rules, data, payer)


@main.command("import")
@click.argument("kind", required=False)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The data folder; default: the first of SEQUELA_DATA.",
)
@click.option("--list", "list_kinds", is_flag=True, help="List the kinds with the publishers' file names.")
@click.option("--release", metavar="NAME", help="The edition (2026q4, v32.3), where the file's name does not say it.")
@click.option("--covers", metavar="FROM..TO", help="The dates for which it speaks, as 2026-01-01..2026-03-31.")
@click.option("--setting", metavar="NAME", help="practitioner, hospital or dme, where the file's name does not say it.")
@click.option(
    "--allow-rejects",
    type=click.IntRange(min=0),
    metavar="N",
    help="So many rows may be left out; default: 20, or half a percent.",
)
@click.option("--table", metavar="NAME", help="generic: the table, as a rule file declares it.")
@click.option(
    "--rules",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="generic: the rule file that declares it; may be given more than once.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="DECLARED=HEADER",
    help="generic: the header of a declared column; may be given more than once.",
)
def import_(kind: str | None, files: tuple[Path, ...], **options: Any) -> None:
    """Bring published files, or a list of your own, into a data folder; without KIND, list the kinds."""
    _call("import_files", "run", kind=kind, files=files, **options)


@main.group(invoke_without_command=True)
@_rules_options
@click.option("--verify", is_flag=True, help="Read every table whole and hold it to its digest.")
@_STYLE
@click.pass_context
def tables(context: click.Context, rules: tuple[Path, ...], data: tuple[Path, ...], verify: bool, style: str) -> None:
    """List every table with its releases, and those that rules ask for and that are not there."""
    if context.invoked_subcommand is None:
        _call("tables", "run", rules=rules, data=data, check=verify, style=style)


@tables.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--data", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="Where TABLE@RELEASE is looked for."
)
@click.option(
    "--claims", multiple=True, metavar="FILE", help="Claims to hold the changes to; may be given more than once."
)
@click.option(
    "--show",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="So many rows of each sort are printed.",
)
@_STYLE
def diff(old: Path, new: Path, data: tuple[Path, ...], claims: tuple[str, ...], show: int, style: str) -> None:
    """Say what changed between two releases (files, or TABLE@RELEASE), and which claims that touches."""
    _call("tables_diff", "run", old=old, new=new, data=data, claims=claims, show=show, style=style)


@main.command()
@click.argument("kind", required=False)
@click.option(
    "--columns", is_flag=True, help="Print the file of columns by which tables of claims are read, to copy and change."
)
def fields(kind: str | None, columns: bool) -> None:
    """Print the facts that a rule can read (of KIND: claim, patient, line, diagnosis, ...)."""
    _call("look_up", "columns") if columns else _call("look_up", "fields", kind)


@main.command("help")
@click.argument("code", required=False)
def help_(code: str | None) -> None:
    """Print the page of a message's CODE (SEQ203), or list all codes."""
    _call("look_up", "help_page", code)


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise click.BadParameter(f"`{text}` is not a date; write it as 2026-03-02.") from error


if __name__ == "__main__":
    main()
