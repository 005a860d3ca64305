"""The command line; one thin module per command, imports inside the commands."""

from extractor.cli.app import main

__all__ = ["main"]
