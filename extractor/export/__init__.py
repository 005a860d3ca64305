"""Records as tables: Parquet, CSV, Excel, DuckDB, SQLite, Stata."""

from extractor.export.panels import PANELS
from extractor.export.running import Summary, export
from extractor.export.shaping import Request

__all__ = ["PANELS", "Request", "Summary", "export"]
