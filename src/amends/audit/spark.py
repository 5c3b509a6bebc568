"""The audit on Apache Spark, for a history that has outgrown one machine: the same policy, printed for Spark.

Code tables are joined, never written out as CASE. Spark judges; the few numbers of each row come back as
Parquet, and everything after that is the same for every engine.
"""

import os
import shutil
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlglot import exp

from amends.audit.dialects import DIALECTS
from amends.audit.history import History, HistoryError, quoted
from amends.audit.judging import settle, table_source
from amends.audit.planning import Part
from amends.audit.sql import Query
from amends.audit.triage import given_authority

SPARK = DIALECTS["spark"]


@cache
def session() -> Any:
    """One Spark session for the whole run, on this machine only, talking to nobody.

    Raises HistoryError where pyspark or Java is missing.
    """
    try:
        from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise HistoryError("spark", "pyspark is not installed.", "pip install 'amends[spark]'") from None
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise HistoryError("spark", "Java is not installed.", "Install a Java 17 runtime.")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    return (
        SparkSession.builder.master("local[2]")
        .appName("amends")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.warehouse.dir", mkdtemp(prefix="amends-spark-"))
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )


def view(history: History) -> None:
    """Make the view `history` in Spark: the rows of the file as facts, as DuckDB sees them."""
    spark = session()
    spark.sparkContext.setLogLevel("ERROR")
    folder = Path(mkdtemp(prefix="amends-codes-"))
    codes = folder / "codes.parquet"
    history.connection.execute(f"COPY codes TO {quoted(str(codes))} (FORMAT parquet)")
    spark.read.parquet(str(codes)).createOrReplaceTempView("codes")
    file = spark.read.parquet(str(history.path.resolve()))
    file.selectExpr("*", "_metadata.row_index AS file_row_number").createOrReplaceTempView("file")
    select = history.select("file").replace("STRUCT(none BOOLEAN)[]", "ARRAY<STRUCT<none: BOOLEAN>>")
    spark.sql(select).createOrReplaceTempView("history")


def judge_part(history: History, part: Part, query: Query, blank: exp.Expression) -> None:
    """Judge the rows of *part* in Spark, and add their verdicts to the table `verdicts`."""
    view(history)
    carry = {"given": _given(), "blank": blank}
    select = query.verdicts(
        table_source("history"), exp.column("n"), part.where(SPARK), carry
    )
    out = Path(mkdtemp(prefix="amends-verdicts-"))
    try:
        session().sql(SPARK.print(select)).write.mode("overwrite").parquet(str(out))
        _collect(history, part, query, out)
    finally:
        shutil.rmtree(out, ignore_errors=True)


def _given() -> exp.Expression:
    parsed: exp.Expression = exp.maybe_parse(given_authority("authority_rank"), dialect="spark")
    return parsed


def _collect(history: History, part: Part, query: Query, out: Path) -> None:
    files = quoted(str(out / "*.parquet"))
    connection = history.connection
    connection.execute(f"CREATE TABLE judged AS SELECT * FROM read_parquet({files})")
    if not query.exact:
        settle(connection, query, "judged")
    names = "answer, raised, unknown, owed, unsure, given, blank"
    connection.execute(f"INSERT INTO verdicts SELECT n, {part.number}, {names} FROM judged")
    connection.execute("DROP TABLE judged")

