"""The files of a run: its output and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from extractor.batch.files import STANDARD

_COMPRESSED = (".gz", ".zst")


@dataclass(frozen=True, slots=True)
class Paths:
    """The output of a run and the files beside it.

    Attributes:
        output: where the lines are in the end, in input order.
    """

    output: Path

    @property
    def journal(self) -> Path:
        """Lines in order of completion, until the output is made of them."""
        return self._beside("journal")

    @property
    def partial(self) -> Path:
        """The output while it is being made."""
        return self._beside("partial")

    @property
    def index(self) -> Path:
        """What the output holds, for a quick resume."""
        return self._beside("index")

    @property
    def invalid(self) -> Path:
        """Input lines that are no articles."""
        return self._beside("invalid.jsonl")

    @property
    def failed(self) -> Path:
        """Articles that failed, to be run again."""
        return self._beside("failed.jsonl")

    @property
    def manifest(self) -> Path:
        """What ran."""
        return self._beside("manifest.json")

    @property
    def batches(self) -> Path:
        """What is known of the batches of an endpoint, while there are any."""
        return self._beside("batches")

    @property
    def batches_journal(self) -> Path:
        """SQLite's own, beside `batches` after a kill."""
        return self._beside("batches-journal")

    def all(self) -> tuple[Path, ...]:
        """Every file that a run may write."""
        return (
            self.output,
            self.journal,
            self.partial,
            self.index,
            self.invalid,
            self.failed,
            self.manifest,
            self.batches,
            self.batches_journal,
        )

    def aside(self, number: int) -> Paths:
        """Where an old output goes: a number before what names its compression."""
        name = self.output.name
        packed = next((suffix for suffix in _COMPRESSED if name.endswith(suffix)), "")
        stem = name.removesuffix(packed)
        return Paths(self.output.with_name(f"{stem}.{number}{packed}"))

    def _beside(self, suffix: str) -> Path:
        return Path(f"{self.output}.{suffix}")


def paths_of(output: str) -> Paths | None:
    """The files of an output; None for a stream, a device or a pipe, which has no others.

    Those of a link are beside the file it points to.
    """
    path = Path(output)
    if output == STANDARD or (path.exists() and not (path.is_file() or path.is_dir())):
        return None
    return Paths(path.resolve() if path.is_symlink() else path)
