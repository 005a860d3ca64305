"""The server as its own process, for benchmarks: ``python -m tests.fake_llm --port 0``."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
from collections.abc import Callable
from pathlib import Path

from extractor.article import Article
from tests.fake_llm.answers import NOTHING
from tests.fake_llm.endpoint import Endpoint
from tests.fake_llm.fast import Fixed, FixedProtocol
from tests.fake_llm.latency import latencies
from tests.fake_llm.replies import Completion
from tests.fake_llm.rules import answer_by_rules, rules_answer
from tests.fake_llm.scripts import Scripted, as_script, faults
from tests.fake_llm.shares import SHARES, fault_shares

Latency = Callable[[int], float]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_llm", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument(
        "--answer",
        choices=["fixed", "rules", "empty"],
        default="fixed",
        help="fixed: always --content; rules: the rules model's records; empty: no records",
    )
    parser.add_argument("--content", type=Path, help="file with the fixed answer's JSON")
    parser.add_argument("--articles", type=Path, help="JSONL that rules are run on beforehand")
    parser.add_argument("--latency", type=float, default=0.0, help="median, seconds")
    parser.add_argument("--tail", type=float, default=0.0, help="share at 20 times the median")
    parser.add_argument("--spread", type=float, default=0.0, help="latency is median × (1 ± this)")
    parser.add_argument("--faults", default="", help=f"such as 500=0.05,dropped=0.01; {SHARES}")
    parser.add_argument("--seed", type=int, default=1, help="of the faults")
    parser.add_argument("--json-ready-line", action="store_true", help="print base_url as JSON")
    return parser.parse_args()


def _script(arguments: argparse.Namespace) -> Scripted:
    if arguments.articles:
        for line in arguments.articles.read_text(encoding="utf-8").splitlines():
            article = Article.from_mapping(json.loads(line))
            rules_answer(Article(article.text, title=article.title, date=article.date))
    script: Scripted = NOTHING if arguments.answer == "empty" else answer_by_rules()
    if arguments.faults:
        return faults(arguments.seed, fault_shares(arguments.faults), script, attempts=4)
    return script


async def _listen(arguments: argparse.Namespace, latency: Latency) -> int:
    """Serve, until the loop ends; the port."""
    if arguments.answer != "fixed":
        _, port = await Endpoint(as_script(_script(arguments)), latency=latency, keep=False).serve(
            arguments.port
        )
        return port
    content = arguments.content.read_text(encoding="utf-8") if arguments.content else "{}"
    fixed = Fixed(Completion(texts=(content,)), latency)
    server = await asyncio.get_running_loop().create_server(
        lambda: FixedProtocol(fixed), "127.0.0.1", arguments.port, backlog=1024
    )
    return int(server.sockets[0].getsockname()[1])


async def _main(arguments: argparse.Namespace) -> None:
    latency = latencies(arguments.latency, arguments.tail, arguments.spread)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    port = await _listen(arguments, latency)
    ready = {"base_url": f"http://127.0.0.1:{port}/v1", "port": port}
    print(json.dumps(ready) if arguments.json_ready_line else ready["base_url"], flush=True)
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(_main(_arguments()))
