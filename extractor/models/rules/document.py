"""An article made ready for the readers, once: sentences, clauses, mentions, cues, places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

from extractor.article import Article
from extractor.grounding import Span, sentences
from extractor.models.rules.clauses import clauses_of
from extractor.models.rules.lexicon import Cue, Cues
from extractor.models.rules.main_place import main_place
from extractor.models.rules.place_names import PlaceName
from extractor.models.rules.places import spot, spot_in_title
from extractor.models.rules.policy_forms import heads_in
from extractor.models.rules.quotes import Quotes
from extractor.records.faces import divisions_of
from extractor.values import Mention, find

Language = Literal["en", "zh"]

_HAN = re.compile(r"[\u3400-\u9fff]+")
_SEGMENT_END = re.compile(r"[;；]")
_SENTENCE_ENDS = ".,;:!?。，；：！？"
_LONGEST_HEADING = 75
_SHORTEST_QUOTE = 16  # a shorter passage is quoted with the whole sentence


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence of the article and what stands in it, in order.

    Attributes:
        index: its place among the sentences.
        span: its stretch of the text.
        paragraph: the line of the text that it stands in.
        mentions: numbers and periods.
        kinds: the kinds of the mentions.
        places: place names.
    """

    index: int
    span: Span
    paragraph: int
    mentions: tuple[Mention, ...]
    kinds: frozenset[str]
    places: tuple[PlaceName, ...]
    _cut: Callable[[Span], tuple[Span, ...]]

    @cached_property
    def clauses(self) -> tuple[Span, ...]:
        """The sentence cut at its commas and semicolons; most sentences are never asked."""
        return self._cut(self.span)

    def clause_at(self, offset: int) -> Span:
        """The clause that holds a character of the sentence."""
        at = bisect_right(self.clauses, offset, key=lambda clause: clause.start)
        clause = self.clauses[at - 1] if at else self.span
        return clause if offset < clause.end else self.span

    def before(self, offset: int) -> int:
        """Where the last mention before `offset` ends, or the sentence begins."""
        at = self.mentions_before(offset)
        return self.mentions[at - 1].end if at else self.span.start

    def after(self, offset: int) -> int:
        """Where the first mention behind `offset` begins, or the sentence ends."""
        at = bisect_left(self.mentions, offset, key=lambda mention: mention.start)
        return self.mentions[at].start if at < len(self.mentions) else self.span.end

    def mentions_before(self, offset: int) -> int:
        """How many mentions end before `offset`: a sentence may be a table of thousands."""
        return bisect_right(self.mentions, offset, key=lambda mention: mention.end)


class Document:
    """One article with everything that more than one reader needs.

    Attributes:
        article: the article.
        text: its text; all offsets are into it.
        title: its title, or its first line if that is a headline.
        lang: which language's patterns apply.
        cues: the words of the lexicons.
        quotes: the stretches in quotation marks and in book-title marks.
        usable_periods: by sentence, the periods that may govern a figure, once asked for.
    """

    def __init__(self, article: Article) -> None:
        """Find cues, quotes, mentions, places and sentences."""
        self.article = article
        self.text = article.text
        self.title = article.title or _headline(self.text)
        self.lang: Language = "zh" if _is_chinese(self.text) else "en"
        self.cues = Cues(self.text)
        self.quotes = Quotes(self.text)
        self.sentences = self._sentences()
        self.usable_periods: dict[int, list[Mention]] = {}

    @cached_property
    def divisions(self) -> frozenset[str]:
        """Codes of the divisions that the article names."""
        return divisions_of(f"{self.article.title or ''}\n{self.text}")

    @cached_property
    def title_places(self) -> list[PlaceName]:
        """Place names of the title, if the text does not repeat it."""
        return spot_in_title(self)

    @cached_property
    def places(self) -> list[PlaceName]:
        """Place names, in order."""
        return spot(self)

    @cached_property
    def main_place(self) -> PlaceName | None:
        """The place that the article is about, by the name that it uses most."""
        return main_place(self)

    @cached_property
    def _headings(self) -> list[int]:
        return [sentence.index for sentence in self.sentences if self.is_heading(sentence)]

    @cached_property
    def _form_heads(self) -> list[int]:
        """Where the head nouns stand of policies that are named without quotation marks."""
        return heads_in(self.text) if self.lang == "en" else []

    @cached_property
    def _policy_signs(self) -> list[int]:
        """Where the words and marks stand of which one is in or at every name of a policy."""
        nouns = [noun.start for noun in self.cues.within("policy_nouns", 0, len(self.text))]
        return sorted([*nouns, *(quote.start for quote in self.quotes), *self._form_heads])

    def may_name_policy(self, sentence: Sentence) -> bool:
        """Whether a sentence has a sign of a policy, or a number, maybe of measures."""
        return "count" in sentence.kinds or _has_one(self._policy_signs, sentence.span)

    def has_form_head(self, sentence: Sentence) -> bool:
        """Whether a sentence has a head noun of policies that have no quotation marks."""
        return _has_one(self._form_heads, sentence.span)

    def heading_before(self, sentence: Sentence) -> Sentence | None:
        """The last heading before a sentence."""
        at = bisect_left(self._headings, sentence.index)
        return self.sentences[self._headings[at - 1]] if at else None

    def is_headline(self, sentence: Sentence) -> bool:
        """Whether a sentence is the article's first line and ends like no sentence."""
        return sentence.index == 0 and self.text[sentence.span.end - 1] not in _SENTENCE_ENDS

    def is_heading(self, sentence: Sentence) -> bool:
        """Whether a sentence is a short line by itself that ends like no sentence."""
        start, end = sentence.span
        if sentence.index == 0 or end - start > _LONGEST_HEADING:
            return False
        is_alone = self.text.endswith("\n", 0, start) and self.text.startswith("\n", end)
        return is_alone and self.text[end - 1] not in _SENTENCE_ENDS

    def passage(self, sentence: Sentence, *needed: tuple[int, int]) -> str:
        """The shortest run of clauses of `sentence` that holds every needed stretch."""
        low, high = min(start for start, _ in needed), max(end for _, end in needed)
        start = max((c.start for c in sentence.clauses if c.start <= low), default=low)
        end = min((c.end for c in sentence.clauses if c.end >= high), default=sentence.span.end)
        quote = self.text[start:end].strip(" \t\n,;，；、")
        if len(quote) < _SHORTEST_QUOTE:
            return self.text[sentence.span.start : sentence.span.end]
        return quote.rstrip("。.")

    def segment_start(self, sentence: Sentence, offset: int) -> int:
        """Where the stretch between semicolons that holds `offset` begins."""
        ends = [m.end() for m in _SEGMENT_END.finditer(self.text, sentence.span.start, offset)]
        return ends[-1] if ends else sentence.span.start

    def _sentences(self) -> list[Sentence]:
        """The sentences that belong to the article; boilerplate is left out."""
        mentions = find(self.text, self.article.date)
        mention_starts = [mention.start for mention in mentions]
        place_starts = [place.start for place in self.places]
        cut = partial(clauses_of, self.text, self.cues, self.quotes)
        kept: list[Sentence] = []
        for span, paragraph in self._article_spans():
            first = bisect_left(mention_starts, span.start)
            last = bisect_left(mention_starts, span.end, first)
            head = bisect_left(place_starts, span.start)
            tail = bisect_left(place_starts, span.end, head)
            kept.append(
                Sentence(
                    len(kept),
                    span,
                    paragraph,
                    tuple(own := mentions[first:last]),
                    frozenset([mention.kind for mention in own]),
                    tuple(self.places[head:tail]),
                    cut,
                )
            )
        return kept

    def _article_spans(self) -> list[tuple[Span, int]]:
        """The stretches of the article's own sentences, with the lines that they stand in."""
        found: list[tuple[Span, int]] = []
        paragraph, counted = 0, 0
        for span in sentences(self.text):
            paragraph += self.text.count("\n", counted, span.start)
            counted = span.start
            marks = self.cues.within("boilerplate", span.start, span.end)
            end = _article_end(marks, span, len(self.text))
            if end is not None:
                if end > span.start:
                    found.append((Span(span.start, end), paragraph))
                return found
            if not any(m.value == "line" for m in marks) or span.end - span.start > _LONGEST_LINE:
                found.append((span, paragraph))
        return found


def _has_one(offsets: list[int], span: Span) -> bool:
    """Whether one of some offsets, in order, lies in a stretch."""
    at = bisect_left(offsets, span.start)
    return at < len(offsets) and offsets[at] < span.end


def _is_chinese(text: str) -> bool:
    """Whether more than a quarter of the characters are Chinese."""
    # Each of them has three bytes: few others, and there is nothing to count.
    if (len(text.encode()) - len(text)) * 2 <= len(text):
        return False
    return sum(map(len, _HAN.findall(text))) * 4 > len(text)


def _headline(text: str) -> str:
    """The first line of a text, unless it is a sentence or a paragraph."""
    line = text.lstrip().split("\n", 1)[0].strip()
    return "" if len(line) > _LONGEST_HEADLINE or line.endswith((".", "。")) else line


_LONGEST_HEADLINE = 150
_LONGEST_LINE = 160  # a longer sentence with such a word states something besides
_EARLIEST_END = 0.4  # of the text: the same words in its head are a menu


def _article_end(marks: list[Cue], span: Span, length: int) -> int | None:
    """Where a sentence that says that the article is over stops being a part of it."""
    ends = [m.start for m in marks if m.value == "rest"]
    if not ends or span.start < length * _EARLIEST_END:
        return None
    return min(ends) if min(ends) - span.start > 30 else span.start
