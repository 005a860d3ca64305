"""Render a page from the templates of a package; everything is escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any

from extractor.errors import MissingExtraError
from extractor.pages.security import content_security_policy


def render(
    package: str,
    name: str,
    context: Mapping[str, Any],
    filters: Mapping[str, Callable[..., str]] | None = None,
    *,
    scripts: Sequence[str] | None = None,
    data: Any = None,
) -> str:
    """Render ``templates/<name>.html`` of a package as a page that stands alone.

    The template extends ``page.html``. ``<name>.css`` beside it becomes the page's own style,
    behind the shared one.

    Args:
        package: the import package that has the templates.
        name: the template's name without its ending.
        context: what the template shows.
        filters: functions that the template may apply to values.
        scripts: the files that make up the page's script, in order; ``<name>.js`` by default.
        data: what the script reads: the content of the element ``data``, as JSON.

    Raises:
        MissingExtraError: jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise MissingExtraError("a page", "report") from None

    def source(template: str) -> str | None:
        return _source(package, template) or _source("extractor.pages", template)

    environment = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters or {})
    style = "\n".join((_required("extractor.pages", "page.css"), _required(package, f"{name}.css")))
    script = "\n".join(_required(package, file) for file in scripts or (f"{name}.js",))
    return environment.get_template(f"{name}.html").render(
        **context,
        policy=content_security_policy(style, script),
        style=Markup(style),  # our own file, like the script: all else is escaped
        script=Markup(script),
        data=None if data is None else Markup(as_json(data)),
    )


_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def as_json(data: Any) -> str:
    """JSON that ends no element, opens no comment and can be written as UTF-8."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _source(package: str, name: str) -> str | None:
    path = files(package) / "templates" / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _required(package: str, name: str) -> str:
    found = _source(package, name)
    if found is None:
        raise FileNotFoundError(f"{package} has no template {name}")
    return found
