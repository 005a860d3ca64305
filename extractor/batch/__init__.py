"""Many articles: JSONL in, JSONL out."""

from extractor.batch.files import InputFile, expand
from extractor.batch.reading import Fields, InvalidLine, Reader
from extractor.batch.running import check_output, invalid_path, run
from extractor.batch.summary import Summary

__all__ = [
    "Fields",
    "InputFile",
    "InvalidLine",
    "Reader",
    "Summary",
    "check_output",
    "expand",
    "invalid_path",
    "run",
]
