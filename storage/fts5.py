"""The full-text index in SQLite: one contentless FTS5 table (https://www.sqlite.org/fts5.html).

Newest first is ``ORDER BY rowid DESC``, which FTS5 answers without sorting. A contentless table needs the old words to forget a row. The
tags stand in the title: in a column of their own they would take 2 bytes more each. The table's third column is left of an older layout
and stays empty. Stems and tags are letters, digits and underscores only, so a quoted one can't end its own quotation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import text

from storage.full_text import FullText, Syntax


def _term(stems: Sequence[str], prefix: bool, title: bool) -> str:  # noqa: FBT001 - as Syntax has it
    return f'{"title : " if title else ""}"{" ".join(stems)}"{" *" if prefix else ""}'


def _row(number: int, tags: Sequence[str], title: Sequence[str], body: Sequence[str]) -> Mapping[str, int | str]:
    return {"id": number, "title": " ".join([*tags, *title]), "text": " ".join(body)}


INDEX = FullText(
    syntax=Syntax(_term, both=" AND ", either=" OR ", without=" NOT "),
    insert=text("INSERT INTO search_index(rowid, title, text) VALUES (:id, :title, :text)"),
    delete=text("INSERT INTO search_index(search_index, rowid, title, text) VALUES ('delete', :id, :title, :text)"),
    clear=[text("INSERT INTO search_index(search_index) VALUES ('delete-all')")],
    matches="search_index MATCH :match",
    row=_row,
)
