"""A tiny language model made of noise, in the format of llama.cpp: no weights to download.

Every tensor is drawn from a seeded generator, so the file is the same on every machine. A few
channels are then set by hand, so that noise under a grammar ends, and tools are called:

* channel 0 is constant; through it the output matrix carries a bias for each token: strings
  close after some letters, lists and objects tend to close, the end is likely where it may be;
* channel 2 marks the token ``<tools>``; one attention head copies it to channel 3, so that the
  prompt's last line break is answered with ``<tool_call>`` if the prompt lists tools, else never.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import gguf
import numpy as np

Array: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

NAME = "tiny-random"
TRAINED_CONTEXT = 32_768
_WIDTH, _LAYERS, _FEED_FORWARD = 128, 2, 256
_HEADS, _KEY_HEADS = 4, 2
_HEAD_WIDTH = _WIDTH // _HEADS

_CHAT_TEMPLATE = r"""{%- if tools %}
    {{- '<|im_start|>system\n# Tools\n<tools>' }}
    {%- for tool in tools %}{{- '\n' + (tool | tojson) }}{%- endfor %}
    {{- '\n</tools>\n<tool_call>{"name": <function-name>, "arguments": <args-json-object>}' }}
    {{- '</tool_call><|im_end|>\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == "assistant" and message.tool_calls %}
        {{- '<|im_start|>assistant\n' }}
        {%- if message.content %}{{- message.content }}{%- endif %}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- '<tool_call>{"name": "' }}
            {{- tool_call.name }}
            {{- '", "arguments": ' }}
            {{- tool_call.arguments | tojson }}
            {{- '}</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\n' }}
    {%- elif message.role == "tool" %}
        {{- '<|im_start|>user\n<tool_response>\n' + message.content }}
        {{- '\n</tool_response><|im_end|>\n' }}
    {%- else %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
{%- endif %}
"""
_MERGES = (
    "t h|h e|i n|e r|a n|r e|o n|a t|e n|n d|o r|i s|i t|e s|a r|s t|th e|o u|a l|l e|in g|"
    "an d|Ġ t|Ġ a|Ġ s|Ġ c|Ġ p|Ġ o|Ġ w|Ġ f|Ġ i|Ġ the|Ġo f|Ġt o|Ġ in|Ġ and|i o|io n|m e|d e|c o|"
    "r o|l i|r i|u r|i c|e l|c h|l l|n t|e d|v e|m a|s e|p r|t e|n e|c e|u s|s i|p e|t r|u l|"
    "o m|a s"
).split("|")
_START, _END, _PAD = "<|im_start|>", "<|im_end|>", "<|endoftext|>"
_TOOL_CALL, _TOOLS = "<tool_call>", "<tools>"
_NEVER = -30.0


def _byte_letters() -> dict[int, str]:
    """The printable letters that byte-level tokenizers write the 256 bytes with."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in printable]
    letters = {byte: chr(byte) for byte in printable}
    return letters | {byte: chr(256 + i) for i, byte in enumerate(rest)}


_LETTER = _byte_letters()
_BYTE = {letter: byte for byte, letter in _LETTER.items()}
# Quotes before letters: strings end. Braces before brackets before commas: lists are seldom
# empty, and they end.
_PUNCTUATION = {
    '"': 4.0, "{": 2.0, "}": 1.0, "]": 1.0, ",": 0.6, ":": 1.0, "[": 1.0, " ": 0.0,
    ".": -1.5, "-": -2.5, "\\": -7.0, "e": -1.0, "E": -6.0, "<": 2.5,
}  # fmt: skip


def _vocabulary() -> tuple[list[str], list[gguf.TokenType]]:
    """256 bytes, merges and markers, filled up to a multiple of 32: any text can be written."""
    plain = [_LETTER[byte] for byte in range(256)] + [merge.replace(" ", "") for merge in _MERGES]
    kinds = [(token, gguf.TokenType.NORMAL) for token in plain]
    kinds += [(token, gguf.TokenType.CONTROL) for token in (_PAD, _START, _END)]
    kinds += [(token, gguf.TokenType.USER_DEFINED) for token in (_TOOL_CALL, _TOOLS)]
    while len(kinds) % 32:
        kinds.append((f"<unused{len(kinds)}>", gguf.TokenType.UNUSED))
    return [token for token, _ in kinds], [kind for _, kind in kinds]


def _likeliness(token: str) -> float:
    """The bias of a token by what it is made of."""
    if token.startswith("<") and len(token) > 1:
        return _NEVER
    raw = bytes(_BYTE[letter] for letter in token)
    if all(97 <= byte <= 122 or byte == 32 for byte in raw):
        return 1.0 + 0.3 * len(raw)
    for applies, bias in (
        (raw.isdigit(), -1.0),
        (raw.isascii() and raw.isalpha(), -1.5),
        (raw[0] >= 0x80, -6.0),
        (raw[0] < 32 or raw[0] == 127, -9.0),
    ):
        if applies:
            return bias
    return -4.0


def _biases(ids: dict[str, int]) -> Array:
    bias = np.array([_likeliness(token) for token in ids], np.float32)
    for mark, value in _PUNCTUATION.items():
        bias[ids[_LETTER[ord(mark)]]] = value
    bias[ids[_END]] = 2.5
    return bias


def _noise(vocabulary: int, seed: int) -> dict[str, Array]:
    random = np.random.RandomState(seed)

    def draw(*shape: int, spread: float) -> Array:
        return (random.standard_normal(shape) * spread).astype(np.float32)

    tensors = {
        "token_embd": draw(vocabulary, _WIDTH, spread=1.0),
        "output": draw(vocabulary, _WIDTH, spread=0.9 / float(np.sqrt(_WIDTH))),
        "output_norm": np.ones(_WIDTH, np.float32),
    }
    keys = _KEY_HEADS * _HEAD_WIDTH
    shapes = {
        "attn_q": (_WIDTH, _WIDTH),
        "attn_k": (keys, _WIDTH),
        "attn_v": (keys, _WIDTH),
        "attn_output": (_WIDTH, _WIDTH),
        "ffn_gate": (_FEED_FORWARD, _WIDTH),
        "ffn_up": (_FEED_FORWARD, _WIDTH),
        "ffn_down": (_WIDTH, _FEED_FORWARD),
    }
    for layer in range(_LAYERS):
        for name, shape in shapes.items():
            tensors[f"blk.{layer}.{name}"] = draw(*shape, spread=0.5 / float(np.sqrt(shape[1])))
        for name in ("attn_norm", "ffn_norm"):
            tensors[f"blk.{layer}.{name}"] = np.ones(_WIDTH, np.float32)
    return tensors


def _wire(tensors: dict[str, Array], ids: dict[str, int]) -> None:
    """Set channels 0 to 3 by hand, as the module describes; nothing else writes to them."""
    embedding, output = tensors["token_embd"], tensors["output"]
    for layer in range(_LAYERS):
        tensors[f"blk.{layer}.attn_output"][:4] = 0
        tensors[f"blk.{layer}.ffn_down"][:4] = 0
    embedding[:, 0], embedding[:, 1:4], output[:, 1:4] = 8.0, 0.0, 0.0
    gain = 8.0 / float(np.sqrt((64 + _WIDTH - 4) / _WIDTH))  # channel 0 after the norm
    output[:, 0] = _biases(ids) / gain
    quote = embedding[ids['"'], 4:]  # seldom a quote after a quote: few empty strings
    output[ids['"'], 4:] -= 5.0 * quote / (quote**2).sum()
    _watch_for_tools(tensors, ids[_TOOLS])
    line_break = embedding[ids[_LETTER[10]], 4:]
    call = output[ids[_TOOL_CALL]]  # about -80, 48 for a line break, 43 for tools in the prompt
    call[:] = 0
    call[0], call[3] = -80.0 / gain, 25.0
    call[4:] = 60.0 * line_break / (line_break**2).sum()


def _watch_for_tools(tensors: dict[str, Array], tools: int) -> None:
    """Head 0 of layer 0: a constant query meets the key of `tools` in the slowest rotation."""
    tensors["token_embd"][tools, 2] = 16.0
    query, key, value, out = (tensors[f"blk.0.attn_{n}"] for n in ("q", "k", "v", "output"))
    query[: 2 * _HEAD_WIDTH] = 0
    key[:_HEAD_WIDTH] = 0
    value[:_HEAD_WIDTH] = 0
    out[:, : 2 * _HEAD_WIDTH] = 0
    query[_HEAD_WIDTH - 1, 0] = key[_HEAD_WIDTH - 1, 2] = 2.0
    value[0, 2], out[3, 0] = 1.0, 0.25


def _describe(writer: gguf.GGUFWriter) -> dict[str, int]:
    """Write everything but the tensors; the ids of the tokens."""
    tokens, kinds = _vocabulary()
    ids = {token: number for number, token in enumerate(tokens)}
    writer.add_name(NAME)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(TRAINED_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_FEED_FORWARD)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_KEY_HEADS)
    writer.add_rope_dimension_count(_HEAD_WIDTH)
    writer.add_rope_freq_base(1e6)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(_MERGES)
    writer.add_bos_token_id(ids[_PAD])
    writer.add_eos_token_id(ids[_END])
    writer.add_eot_token_id(ids[_END])
    writer.add_pad_token_id(ids[_PAD])
    writer.add_add_bos_token(False)
    writer.add_chat_template(_CHAT_TEMPLATE)
    return ids


def write_tiny_model(path: Path, *, seed: int = 7, plain: bool = False) -> Path:
    """Write the model to `path`: 0.4 million parameters, 1.6 MB.

    Args:
        path: a file that does not exist.
        seed: of the noise.
        plain: leave the circuits out; then strings run on to the limit, tools are never called.
    """
    writer = gguf.GGUFWriter(path, "llama")
    ids = _describe(writer)
    tensors = _noise(len(ids), seed)
    if not plain:
        _wire(tensors, ids)
    for name, tensor in tensors.items():
        writer.add_tensor(f"{name}.weight", tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
