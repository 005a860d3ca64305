"""Which articles are worth a model: those that hold something, and each story once."""

from extractor.triage.clusters import Clusters, Membership
from extractor.triage.cues import Reason, Screening, screen
from extractor.triage.running import Totals, triage

__all__ = ["Clusters", "Membership", "Reason", "Screening", "Totals", "screen", "triage"]
