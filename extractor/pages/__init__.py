"""Static pages: escaped text with highlighted spans, under a strict content-security policy."""

from extractor.pages.rendering import render
from extractor.pages.security import content_security_policy
from extractor.pages.segments import Mark, Segment, segments

__all__ = ["Mark", "Segment", "content_security_policy", "render", "segments"]
