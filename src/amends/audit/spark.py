"""The audit on Apache Spark, for a history that has outgrown one machine: the same policy, printed for Spark.

Code tables are joined, never written out as CASE. Spark judges; the few numbers of each row come back as
Parquet, and everything after that is the same for every engine.
"""

import atexit
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from sqlglot import exp

from amends.audit.dialects import DIALECTS
from amends.audit.history import ROW, History, HistoryError, quoted
from amends.audit.judging import settle, table_source
from amends.audit.sql import Query
from amends.audit.terms import SQL

SPARK = DIALECTS["spark"]
Judged = Callable[[Query, SQL | None, Mapping[str, SQL]], None]


@cache
def session() -> Any:
    """One Spark session for the whole run, on this machine only, talking to nobody.

    Raises HistoryError where pyspark or Java is missing.
    """
    try:
        builder = import_module("pyspark.sql").SparkSession.builder
    except ImportError:
        raise HistoryError(
            "spark", "pyspark is not installed.", "pip install 'amends[spark]'"
        ) from None
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise HistoryError("spark", "Java is not installed.", "Install a Java 17 runtime.")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    warehouse = mkdtemp(prefix="amends-spark-")
    atexit.register(shutil.rmtree, warehouse, ignore_errors=True)
    try:
        made = (
            builder.master("local[2]")
            .appName("amends")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.warehouse.dir", warehouse)
            .getOrCreate()
        )
    except Exception as error:  # whatever Java said goes to standard error
        wrong = f"Spark did not start: {str(error).partition(chr(10))[0]}"
        raise HistoryError("spark", wrong, "It needs Java 17 or 21.") from None
    made.sparkContext.setLogLevel("ERROR")
    return made


@contextmanager
def opened(history: History) -> Iterator[Judged]:
    """The view `history` in Spark, and what judges its rows into the table `judged` of DuckDB."""
    spark = session()
    with TemporaryDirectory(prefix="amends-spark-") as folder:
        _view(spark, history, Path(folder))

        def judged(query: Query, where: SQL | None, carry: Mapping[str, SQL]) -> None:
            out = Path(folder) / "verdicts"
            select = query.verdicts(table_source("history"), exp.column(ROW), where, carry)
            spark.sql(SPARK.print(select)).write.mode("overwrite").parquet(str(out))
            files = quoted(str(out / "*.parquet"))
            connection = history.connection
            connection.execute(f"CREATE TABLE judged AS SELECT * FROM read_parquet({files})")
            if not query.exact:
                settle(connection, query, "judged")

        yield judged


def _view(spark: Any, history: History, folder: Path) -> None:
    """Make the view `history` in Spark: the rows of the file as facts, as DuckDB sees them."""
    codes = folder / "codes.parquet"
    history.connection.execute(f"COPY codes TO {quoted(str(codes))} (FORMAT parquet)")
    spark.read.parquet(str(codes)).createOrReplaceTempView("codes")
    # A plain name, because Spark takes some letters of a file's name for wildcards.
    link = folder / "history.parquet"
    link.symlink_to(history.path.resolve())
    file = spark.read.parquet(str(link))
    file.selectExpr("*", "_metadata.row_index AS file_row_number").createOrReplaceTempView("file")
    select: SQL = exp.maybe_parse(history.select("file"), dialect="duckdb")
    spark.sql(SPARK.print(select)).createOrReplaceTempView("history")
