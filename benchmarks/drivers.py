"""One client at work, in a process of its own: what `clients` measures.

python -m benchmarks.drivers NAME --url URL --input IN.jsonl --output OUT.jsonl --concurrency C

Each driver asks about every article of the input and writes one line an article, in input order,
as its library's documentation shows it. Packages are imported by the driver that needs them.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from benchmarks.endpoint import LANGEXTRACT
from benchmarks.jobs import (
    MODEL,
    Job,
    answer_model,
    articles,
    messages,
    response_format,
    write,
)


async def gathered(
    job: Job, ask: Callable[[dict[str, Any]], Awaitable[Any]], after: Callable[[Any], Any]
) -> None:
    """All articles at once behind a semaphore, as most documentation shows it."""
    room = asyncio.Semaphore(job.concurrency)

    async def one(line: dict[str, Any]) -> Any:
        async with room:
            return after(await ask(line))

    write(job, await asyncio.gather(*(one(line) for line in articles(job))))


class _Socket(asyncio.Protocol):
    """One connection that sends a request and gives back the bytes of the answer."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._size = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def ask(self, request: bytes) -> asyncio.Future[bytes]:
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._size and (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._received[:end]).lower()
            _, _, length = head.partition(b"content-length:")
            self._size = end + 4 + int(length.split(b"\r\n", 1)[0])
        if self._size and len(self._received) >= self._size:
            answer = bytes(self._received)
            self._received.clear()
            self._size = 0
            self._answer.set_result(answer[answer.find(b"\r\n\r\n") + 4 :])


def raw(job: Job) -> None:
    """Sockets alone: what the machine allows. Nothing is read but the length."""
    host, port = job.url.removeprefix("http://").split(":")
    mark = "\x00article\x00"
    asked = {
        "model": MODEL,
        "messages": messages({"text": mark, "title": "t", "date": "2023-07-03"}),
        "response_format": response_format(),
    }
    before, _, behind = json.dumps(asked, ensure_ascii=False).partition(
        json.dumps(json.dumps(mark))[1:-1]
    )

    def request(line: dict[str, Any]) -> bytes:
        text = json.dumps(json.dumps(line["text"], ensure_ascii=False), ensure_ascii=False)[1:-1]
        body = f"{before}{text}{behind}".encode()
        head = (
            "POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json"
            f"\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def main() -> None:
        loop = asyncio.get_running_loop()
        lines = enumerate(articles(job))
        answers: dict[int, bytes] = {}

        async def worker() -> None:
            _, socket = await loop.create_connection(_Socket, host, int(port))
            for number, line in lines:
                answers[number] = await socket.ask(request(line))
            socket.transport.close()

        await asyncio.gather(*(worker() for _ in range(job.concurrency)))
        job.output.write_bytes(b"".join(answers[n] + b"\n" for n in sorted(answers)))

    asyncio.run(main())


def openai(job: Job) -> None:
    """The SDK by itself; the answer is parsed as JSON and not checked."""
    from openai import AsyncOpenAI

    client: Any = AsyncOpenAI(base_url=f"{job.url}/v1", api_key="none")
    form = response_format()

    async def ask(line: dict[str, Any]) -> Any:
        return await client.chat.completions.create(
            model=MODEL, messages=messages(line), response_format=form
        )

    asyncio.run(gathered(job, ask, lambda done: json.loads(done.choices[0].message.content)))


def instructor(job: Job) -> None:
    """As its documentation shows it: the response model in each call, its fields' types checked."""
    import instructor
    from openai import AsyncOpenAI

    client: Any = instructor.from_openai(AsyncOpenAI(base_url=f"{job.url}/v1", api_key="none"))
    model = answer_model()

    async def ask(line: dict[str, Any]) -> Any:
        return await client.chat.completions.create(
            model=MODEL, messages=messages(line), response_model=model
        )

    asyncio.run(gathered(job, ask, lambda answer: answer.model_dump()))


def async_batch_llm(job: Job) -> None:
    """Its one-liner, with a strict schema and a parser; results in input order."""
    package: Any = importlib.import_module("async_batch_llm")
    model = answer_model()
    system = messages({"text": "none"})[0]["content"]
    strategy = package.llm(
        f"openai-compatible:{MODEL}",
        base_url=f"{job.url}/v1",
        api_key="none",
        max_connections=job.concurrency,
        system_instruction=system,
        generation_config={"response_format": response_format()},
        response_parser=lambda reply: model.model_validate_json(reply.text),
    )
    prompts = [messages(line)[-1]["content"] for line in articles(job)]
    run = package.process_prompts(
        strategy, prompts, concurrency=job.concurrency, preserve_order=True
    )
    batch = asyncio.run(run)
    write(job, [result.output.model_dump() for result in batch.results])


def langextract(job: Job) -> None:
    """One request an article (its own default would be six), its places found by its alignment."""
    lx: Any = importlib.import_module("langextract")
    example = lx.data.ExampleData(
        text="Wucheng City granted special funds of 64.5 million yuan.",
        extractions=[
            lx.data.Extraction(
                extraction_class="funds",
                extraction_text="special funds of 64.5 million yuan",
                attributes={"amount": "64.5 million yuan", "region": "Wucheng City"},
            )
        ],
    )
    found: Any = lx.extract(
        [lx.data.Document(line["text"], document_id=line["id"]) for line in articles(job)],
        prompt_description=messages({"text": "none"})[0]["content"],
        examples=[example],
        config=lx.factory.ModelConfig(
            model_id=MODEL,
            provider="openai",
            provider_kwargs={
                "base_url": f"{job.url}/{LANGEXTRACT}/v1",
                "api_key": "none",
                "max_workers": job.concurrency,
            },
        ),
        max_char_buffer=10_000,
        batch_length=job.concurrency,
        max_workers=job.concurrency,
        show_progress=False,
    )
    write(job, [[e.extraction_text for e in document.extractions or ()] for document in found])


def extractor(job: Job) -> None:
    """`extractor batch`: validation, grounding, a journal with fsync, output in input order."""
    command = [sys.executable, "-m", "extractor", "batch", str(job.source), "-o", str(job.output)]
    command += ["--model", f"openai/{MODEL}", "--base-url", f"{job.url}/v1", "--restart"]
    command += ["--concurrency", str(job.concurrency), "--price", "0.25,2,0.025", "--json"]
    raise SystemExit(subprocess.call(command, env={**os.environ, "OPENAI_API_KEY": "none"}))


DRIVERS: dict[str, Callable[[Job], None]] = {
    "raw sockets": raw,
    "openai": openai,
    "instructor": instructor,
    "async-batch-llm": async_batch_llm,
    "langextract": langextract,
    "extractor batch": extractor,
}
"""The clients by name, the least first."""

NEEDED = {
    "openai": "openai",
    "instructor": "instructor",
    "async-batch-llm": "async_batch_llm",
    "langextract": "langextract",
}
"""The package that a driver needs beside the project's own."""


def main() -> None:
    """Do one job."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("name", choices=DRIVERS)
    parser.add_argument("--url", required=True)
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--concurrency", type=int, required=True)
    asked = parser.parse_args()
    DRIVERS[asked.name](Job(asked.url, asked.input, asked.output, asked.concurrency))


if __name__ == "__main__":
    main()
