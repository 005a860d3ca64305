"""Many articles by an endpoint's batches: within a day, at half the price."""

from extractor.batch.batch_api.pace import Pace
from extractor.batch.batch_api.running import BatchApi, service_of
from extractor.batch.batch_api.state import Chunk, State

__all__ = ["BatchApi", "Chunk", "Pace", "State", "service_of"]
