"""Chat models behind OpenAI-compatible endpoints; the only package that imports the clients."""

from extractor.models.chat.model import ChatModel

__all__ = ["ChatModel"]
