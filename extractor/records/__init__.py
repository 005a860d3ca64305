"""The four record types. `RECORD_TYPES` is the table to extend."""

from extractor.records.base import Record
from extractor.records.enterprise_count import EnterpriseCount
from extractor.records.faces import Draft, Gold, Reading
from extractor.records.fund import Fund
from extractor.records.growth_metric import GrowthMetric
from extractor.records.linking import link
from extractor.records.policy import Policy

RECORD_TYPES: tuple[type[Record], ...] = (Policy, Fund, EnterpriseCount, GrowthMetric)
"""Every record type, in the order of the output."""

__all__ = [
    "RECORD_TYPES",
    "Draft",
    "EnterpriseCount",
    "Fund",
    "Gold",
    "GrowthMetric",
    "Policy",
    "Reading",
    "Record",
    "link",
]
