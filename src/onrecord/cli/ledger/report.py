"""``onrecord report``: what a query asks for as a bundle of pages to hand over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from onrecord.cli.ledger import ledger_options
from onrecord.cli.ledger.filters import filter_options, query_of
from onrecord.cli.output import destination, is_folder
from onrecord.errors import UsageError

__all__ = ["command"]


@click.command("report")
@click.option("--query", "words", default="", metavar="WORDS", help="Whose content has these words, as for 'search'.")
@filter_options
@click.option("--title", metavar="WORDS", help="What the report is called. [the words asked for]")
@click.option(
    "-f", "--format", "_format", type=click.Choice(["html"]), default="html", show_default=True,
    help="html: pages that need nothing from elsewhere.",
)  # fmt: skip
@click.option(
    "-o", "--output", required=True, metavar="PATH",
    help="A new or empty folder (ending in /) for pages of their own, records and checksums; or one .html file.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Nothing on standard error but what went wrong.")
@ledger_options
def command(
    words: str, title: str | None, _format: str, output: str, quiet: bool, ledger: str | None, **filters: object
) -> None:
    """Bundle what a query asks for: an index, the articles' reader pages, a page for each speaker, timeline, counts.

    The pages lead to each other and need no network. A folder also has the records (statements.jsonl) and SHA256SUMS,
    by which 'sha256sum -c SHA256SUMS' tells that nothing was changed. It is written whole or not at all.

    \b
    Examples:
      onrecord report --query ceasefire --since 2024-05 -o ceasefire/
      onrecord report --speaker Okafor --act commit,refuse --title "What Okafor promised" -o okafor.html
    """
    from onrecord.cli.report import Report
    from onrecord.exports.files import whole_folder
    from onrecord.exports.html.report import write_report, write_report_file
    from onrecord.ledger import Ledger

    query = query_of(words, filters)
    made = datetime.now(UTC).isoformat(timespec="minutes")
    name = title or words.strip() or "What was said"
    with (
        Ledger.open(ledger, read_only=True, collection=query.collection) as opened,
        Report(quiet=quiet, progress=output != "-") as account,
    ):
        if not opened.count(query):
            raise UsageError("report: no statement is asked for by this query (see what there is: onrecord search)")
        if not is_folder(output):
            with destination(output, "html") as out:
                write_report_file(opened, query, out, title=name, made=made, told=account.seen)
        else:
            folder = Path(output)
            if folder.is_dir() and any(folder.iterdir()):
                raise UsageError(f"{output}: is not empty: a report is written into a new or an empty folder")
            with whole_folder(folder) as waiting:
                write_report(opened, query, waiting, title=name, made=made, told=account.seen)
    account.close()
