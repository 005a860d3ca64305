"""Checks of an output: pure functions that flag what may be wrong, and mend nothing."""

from extractor.checking.findings import Finding
from extractor.checking.table import CHECKS, Check, check

__all__ = ["CHECKS", "Check", "Finding", "check"]
