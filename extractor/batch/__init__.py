"""Many articles: JSONL in, JSONL out."""

from extractor.batch.files import InputFile, expand
from extractor.batch.reading import Fields, InvalidLine, Reader
from extractor.batch.running import invalid_path, run
from extractor.batch.summary import Summary

__all__ = [
    "Fields",
    "InputFile",
    "InvalidLine",
    "Reader",
    "Summary",
    "expand",
    "invalid_path",
    "run",
]
