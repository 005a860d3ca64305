"""Many articles: JSONL in, JSONL out."""

from extractor.batch.files import InputFile, expand
from extractor.batch.limits import FailureLimit
from extractor.batch.monitor import Monitor, Settings
from extractor.batch.outputs import Outputs, open_outputs
from extractor.batch.paths import paths_of
from extractor.batch.reading import Fields, InvalidLine, Reader
from extractor.batch.running import check_output, run
from extractor.batch.sampling import Sample
from extractor.batch.summary import Summary
from extractor.batch.working import Stop

__all__ = [
    "FailureLimit",
    "Fields",
    "InputFile",
    "InvalidLine",
    "Monitor",
    "Outputs",
    "Reader",
    "Sample",
    "Settings",
    "Stop",
    "Summary",
    "check_output",
    "expand",
    "open_outputs",
    "paths_of",
    "run",
]
