"""Many articles: JSONL in, JSONL out."""

from extractor.batch.files import InputFile, expand
from extractor.batch.invalid import invalid_path
from extractor.batch.outputs import Outputs, open_outputs
from extractor.batch.reading import Fields, InvalidLine, Reader
from extractor.batch.running import check_output, run
from extractor.batch.summary import Summary

__all__ = [
    "Fields",
    "InputFile",
    "InvalidLine",
    "Outputs",
    "Reader",
    "Summary",
    "check_output",
    "expand",
    "invalid_path",
    "open_outputs",
    "run",
]
