"""Where things stand in an article: spans, sentences, and the place of a quote.

Everything here is pure. Offsets are code points into the article's own text.
"""

from extractor.grounding.locate import Locator, locate
from extractor.grounding.numbering import EvidenceForm, numbered, numbers_of
from extractor.grounding.sentences import is_within, sentences
from extractor.grounding.spans import Evidence, Span

__all__ = [
    "Evidence",
    "EvidenceForm",
    "Locator",
    "Span",
    "is_within",
    "locate",
    "numbered",
    "numbers_of",
    "sentences",
]
