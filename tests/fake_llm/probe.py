"""What the server's own tests ask it with: one connection, no client library."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from extractor.article import Article
from tests.fake_llm.answers import NOTHING
from tests.fake_llm.scripts import Scripted
from tests.fake_llm.server import FakeLLM

Body = dict[str, Any]
TOOL = {"type": "function", "function": {"name": "records", "parameters": {"type": "object"}}}
NAMED = {"type": "function", "function": {"name": "records"}}


def body(text: str = "An article.", **more: Any) -> Body:
    user = json.dumps({"title": None, "date": None, "text": text})
    messages = [{"role": "system", "content": "Extract."}, {"role": "user", "content": user}]
    return {"model": "tiny", "messages": messages, **more}


def about(article: Article) -> Body:
    user = {"title": article.title, "date": str(article.date), "text": article.text}
    return body() | {"messages": [{"role": "user", "content": json.dumps(user)}]}


class Client:
    """One keep-alive connection."""

    def __init__(self, server: FakeLLM) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        self.response: http.client.HTTPResponse

    def send(self, asked: Body | bytes, **headers: str) -> None:
        data = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
        self.connection.request("POST", "/v1/chat/completions", data, headers)

    def raw(self, asked: Body | bytes, **headers: str) -> bytes:
        self.send(asked, **headers)
        self.response = self.connection.getresponse()
        return self.response.read()

    def ask(self, asked: Body | None = None, **headers: str) -> Body:
        value: Body = json.loads(self.raw(body() if asked is None else asked, **headers))
        return value

    def message(self, asked: Body | None = None) -> Body:
        message: Body = self.ask(asked)["choices"][0]["message"]
        return message


@contextmanager
def served(script: Scripted = NOTHING, **more: Any) -> Iterator[tuple[FakeLLM, Client]]:
    with FakeLLM(script, **more) as server:
        client = Client(server)
        try:
            yield server, client
        finally:
            client.connection.close()


def one_answer(script: Scripted, asked: Body | None = None) -> Body:
    with served(script) as (_, client):
        return client.ask(asked)


def status_of(client: Client, asked: Body | None = None) -> int:
    """The status that this request gets."""
    client.raw(body() if asked is None else asked)
    return client.response.status
