"""Rows set aside, kept as they were given, each with the reason: one Parquet and one CSV file for each input file.

Columns: file, row, column, value, code, message_zh, message_en, expected_zh, expected_en, also (further faults of the
row), then the row's own columns as text, with ``given_`` before their names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from mora.core.words import Language
from mora.feeds import ROW, RawTable
from mora.feeds.faults import Told, accepted, sentence

OWN = "given_"
TOLD = ("file", "row", "column", "value", "code", "message_zh", "message_en", "expected_zh", "expected_en", "also")
EXAMPLES = 5


def set_aside(
    folder: Path, raws: list[RawTable], names: list[dict[str, str]], faults: pl.DataFrame,
    progress: Callable[[str, int, int | None], None],
) -> tuple[dict[str, int], tuple[Told, ...]]:  # fmt: skip
    """Read the files again that have faults, and write their rows with the reasons.

    :param names: for each file, format's column name -> the file's own.
    :returns: rows by code, and the first few as examples.
    """
    codes: dict[str, int] = {}
    examples: list[Told] = []
    for number, raw in enumerate(raws):
        mine = faults.filter(pl.col("file") == number)
        if not len(mine):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        one = _one_a_row(mine)
        for code, count in one["code"].value_counts().iter_rows():
            codes[code] = codes.get(code, 0) + count
        _write_file(folder / re.sub(r"[^\w.-]+", "_", raw.file), raw, names[number], one, examples, progress)
    return dict(sorted(codes.items())), tuple(examples)


def _one_a_row(faults: pl.DataFrame) -> pl.DataFrame:
    """The first fault of each row, and the others' codes and columns in ``also``."""
    label = pl.format("{} {}", "code", "column").str.strip_chars()
    shapes = faults.filter(pl.col("code") == "BOOK.FIELDS").select("row")
    # Cells of a row with the wrong number of fields stand under the wrong names: what they say is noise.
    clear = faults.filter((pl.col("code") == "BOOK.FIELDS") | ~pl.col("row").is_in(shapes["row"].implode()))
    return clear.group_by("row", maintain_order=True).agg(
        pl.col("code", "column", "value", "detail").first(),
        label.slice(1).unique(maintain_order=True).str.join("; ").alias("also"),
    )


def _write_file(
    stem: Path, raw: RawTable, names: dict[str, str], faults: pl.DataFrame, examples: list[Told],
    progress: Callable[[str, int, int | None], None],
) -> None:  # fmt: skip
    writer, left = None, len(faults)
    with Path(str(stem) + ".csv").open("wb") as text:
        for batch in raw.batches():
            rows = batch.join(faults, left_on=ROW, right_on="row", how="inner", suffix="_fault", maintain_order="left")
            progress("quarantine", len(batch), raw.rows)
            if not len(rows):
                continue
            told = _tell(raw, rows, names, examples)
            arrow = told.to_arrow(compat_level=pl.CompatLevel.oldest())
            if writer is None:
                writer = pq.ParquetWriter(str(stem) + ".parquet", arrow.schema, compression="zstd")
                text.write(b"\xef\xbb\xbf")
                told.clear().write_csv(text)
            writer.write_table(arrow.cast(writer.schema))
            told.write_csv(text, include_header=False)
            left -= len(rows)
            if not left:
                break
    if writer is not None:
        writer.close()


def _tell(raw: RawTable, rows: pl.DataFrame, names: dict[str, str], examples: list[Told]) -> pl.DataFrame:
    """The rows with their reasons in words."""
    own = [pl.col(name).cast(pl.String).alias(OWN + name) for name in raw.columns]
    given = rows.select(*own, pl.col(ROW).alias("row"))
    faults = rows.select(
        ROW,
        *(
            pl.col(c + "_fault" if c + "_fault" in rows.columns else c)
            for c in ("code", "column", "value", "detail", "also")
        ),
    )
    faults.columns = ["row", "code", "column", "value", "detail", "also"]
    out: dict[str, list[str]] = {name: [] for name in TOLD if name not in ("file", "row", "also")}
    cells = {name: given[OWN + own_name].to_list() for name, own_name in names.items()}
    for at, (row, code, column, given_value, detail, _) in enumerate(faults.iter_rows()):
        value = given_value
        if value is None:
            value = (cells[column][at] or "") if column in cells else ""
        filled = {"column": names.get(column, column), "value": value, "detail": detail or ""}
        for language in Language:
            out[f"message_{language.value}"].append(sentence(code, language, **filled))
            out[f"expected_{language.value}"].append(accepted(code, language, **filled))
        out["code"].append(code)
        out["column"].append(filled["column"])
        out["value"].append(value)
        if len(examples) < EXAMPLES:
            examples.append(
                Told(code, file=raw.file, row=row, column=filled["column"], value=value, detail=detail or "")
            )
    told = pl.DataFrame(out, schema=dict.fromkeys(out, pl.String)).with_columns(
        pl.lit(raw.file).alias("file"), faults["row"], faults["also"]
    )
    return told.select(*TOLD).hstack(given.drop("row"))
