"""An article made ready for the readers: sentences, mentions, cues, places, once."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from extractor.article import Article
from extractor.grounding import Span, sentences
from extractor.models.rules.lexicon import Cues
from extractor.models.rules.spotting import PlaceName, main_place, spot
from extractor.records.places import context_divisions
from extractor.values import Mention, find

_CJK = re.compile(r"[\u3400-\u9fff]")
_CLAUSE_END = re.compile(r"[,;，；](?!\d{3})|[;；]|\|")
_QUOTED = re.compile(r"[“\"「][^“”\"「」\n]{2,200}[”\"」]|《[^《》\n]{2,120}》|‘[^‘’\n]{4,120}’")


@dataclass(frozen=True)
class Sentence:
    """A sentence of the article and what was found in it."""

    span: Span
    paragraph: int
    mentions: tuple[Mention, ...]


class Document:
    """One article with everything that more than one reader needs."""

    def __init__(self, article: Article) -> None:
        """Find sentences, mentions and cues."""
        self.article = article
        self.text = article.text
        self.title = article.title or self.text.split("\n", 1)[0][:200]
        han = len(_CJK.findall(self.text))
        self.chinese = han * 4 > len(self.text)
        self.cues = Cues(self.text)
        self.mentions = find(self.text, article.date)

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences that belong to the article; boilerplate is left out."""
        starts = [mention.start for mention in self.mentions]
        result: list[Sentence] = []
        paragraph, end_before = 0, 0
        for span in sentences(self.text):
            paragraph += self.text.count("\n", end_before, span.start)
            end_before = span.end
            marks = self.cues.within("boilerplate", span.start, span.end)
            values = {mark.value for mark in marks}
            if "rest" in values and span.start > len(self.text) * 0.4:
                rest = min(mark.start for mark in marks if mark.value == "rest")
                span = Span(span.start, rest)
                if rest - span.start > 30:
                    result.append(self._sentence(span, paragraph, starts))
                break
            if "line" in values and (span.end - span.start < 160):
                continue
            result.append(self._sentence(span, paragraph, starts))
        return result

    def _sentence(self, span: Span, paragraph: int, starts: list[int]) -> Sentence:
        first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
        return Sentence(span, paragraph, tuple(self.mentions[first:last]))

    @cached_property
    def divisions(self) -> frozenset[str]:
        """Codes of the divisions that the article names."""
        return context_divisions(f"{self.title}\n{self.text}")

    @cached_property
    def places(self) -> list[PlaceName]:
        """Place names, in order."""
        return spot(self.text, self.title, self.divisions, self.chinese)

    @cached_property
    def main_place(self) -> str | None:
        """The place that the article is about."""
        return main_place(self.places, self.article, self.title)

    @cached_property
    def quoted(self) -> list[Span]:
        """Stretches in quotation marks and book-title marks."""
        return [Span(*match.span()) for match in _QUOTED.finditer(self.text)]

    def is_quoted(self, start: int, end: int) -> bool:
        """Whether a stretch lies inside quotation marks: a name, not a statement."""
        return any(q.start < start and end < q.end and q.end - q.start < 120 for q in self.quoted)

    def clauses(self, span: Span) -> list[Span]:
        """A sentence cut at its commas and semicolons."""
        result: list[Span] = []
        start = span.start
        for match in _CLAUSE_END.finditer(self.text, span.start, span.end):
            if self.is_quoted(match.start(), match.end()):
                continue
            result.append(Span(start, match.start()))
            start = match.end()
        result.append(Span(start, span.end))
        return [clause for clause in result if clause.end > clause.start]

    def passage(self, sentence: Span, *needed: tuple[int, int]) -> str:
        """The shortest run of clauses of `sentence` that holds every needed stretch."""
        low = min(start for start, _ in needed)
        high = max(end for _, end in needed)
        clauses = self.clauses(sentence)
        start = max((c.start for c in clauses if c.start <= low), default=sentence.start)
        end = min((c.end for c in clauses if c.end >= high), default=sentence.end)
        quote = self.text[start:end].strip(" \t\n,;，；、")
        return quote.rstrip("。.") if len(quote) > 16 else self.text[sentence.start : sentence.end]
