"""``onrecord import-annotations``: what persons annotated elsewhere, as corrections."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli import problem
from onrecord.cli.ledger import by_and_why, ledger_options
from onrecord.cli.report import Report
from onrecord.exports.display import counted

__all__ = ["command"]


@click.command("import-annotations")
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--complete",
    is_flag=True,
    help="All statements were annotated: those of the machine alone are none. Not for records, nor for a part of them.",
)
@by_and_why
@ledger_options
def command(
    paths: tuple[Path, ...], complete: bool, by: str, why: str, ledger: str | None, collection: str | None
) -> int:
    """Take over annotations made elsewhere: where they differ from the ledger, they correct it.

    PATHS are brat files (.ann beside their .txt: Source, Cue, Content tied by Attribution), JSON Lines of documents
    ({"id", "text", "attributions": [{"source", "cue", "content"}]}) or of records as 'onrecord read --format jsonl'
    writes them and a person edited them, or folders of these. The document is the one with this very text. A statement
    that the ledger lacks is added. Importing again changes nothing.

    Exit codes: 0 done, 1 failed, 2 wrong use, 3 finished but some documents were skipped.

    \b
    Examples:
      onrecord import-annotations brat/ --by ada --why "second reading"
      onrecord import-annotations edited.jsonl --by ada --why "checked against the tape"
    """
    from onrecord.annotations import read_annotations
    from onrecord.errors import DocumentError
    from onrecord.ledger import Imported, Ledger

    total = [0, 0, 0, 0]
    with (
        Ledger.open(ledger, create=False, collection=collection) as opened,
        Report(progress=False) as report,
    ):
        every = (found for path in paths for found in read_annotations(path))
        for outcome in opened.import_annotations(every, by=by, why=why, complete=complete):
            if isinstance(outcome, DocumentError):
                report.skip(outcome)
                continue
            assert isinstance(outcome, Imported)
            report.documents += 1
            counts = (outcome.same, outcome.corrected, outcome.added, outcome.rejected)
            total = [a + b for a, b in zip(total, counts, strict=True)]
    same, corrected, added, rejected = total
    line = (
        f"{counted(same + corrected + added, 'statement')}: {corrected} corrected, {added} added, {same} as they were"
    )
    line += f", {rejected} rejected" if complete else ""
    problem(line + (f"; {report.reasons}" if report.skipped else ""))
    return report.exit_code
