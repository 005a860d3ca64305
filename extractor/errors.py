"""Every exception of the package.

::

    ExtractorError
    ├── UsageError              what was asked for cannot be done; nothing was started
    │   └── MissingExtraError   an optional dependency is not installed (.extra)
    ├── PhraseError             a phrase is no such value (also a ValueError)
    ├── ArticleError            an input is no article (also a ValueError)
    ├── GoldError               a gold file breaks its own rules (also a ValueError)
    ├── ModelError              the model failed on one article (.retryable)
    ├── RunStoppedError         a run ended early; what is done is kept
    └── ExtractionFailed        one article failed, raised by ``extract`` (.failure)

The failure of one item is a value (`extractor.results.Failure`); an exception ends what
was being done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.results import Failure


class ExtractorError(Exception):
    """Base of every error that this package raises on purpose."""


class UsageError(ExtractorError):
    """The request itself is wrong; the message says what to type instead."""


class MissingExtraError(UsageError):
    """An optional dependency is not installed.

    Attributes:
        extra: the name of the extra that brings it.
    """

    def __init__(self, what: str, extra: str) -> None:
        """Say that `what` needs the extra named `extra`."""
        super().__init__(f"{what} needs more packages: pip install 'extractor[{extra}]'")
        self.extra = extra


class PhraseError(ExtractorError, ValueError):
    """A phrase cannot be read as the value that was asked for."""


class ArticleError(ExtractorError, ValueError):
    """An input is no article: no text, a lone surrogate, a wrong type."""


class GoldError(ExtractorError, ValueError):
    """A gold file is wrong; the message names the file, the record and the field."""


class ModelError(ExtractorError):
    """A model gave no usable answer for one article.

    Attributes:
        retryable: whether the same request may succeed later.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        """Keep the message and whether trying again makes sense."""
        super().__init__(message)
        self.retryable = retryable


class RunStoppedError(ExtractorError):
    """A run had to end early (disk, quota, limit); everything finished is kept."""


class ExtractionFailed(ExtractorError):
    """One article failed.

    Attributes:
        failure: the failure as it would stand in the output.
    """

    def __init__(self, failure: Failure) -> None:
        """Wrap the failure of one article."""
        super().__init__(f"{failure.error.type}: {failure.error.message}")
        self.failure = failure
