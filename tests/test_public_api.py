import json
import subprocess
import sys

import pytest

import extractor
from extractor.article import Article

# Pydantic is not among them: typer itself loads it for a command's options.
HEAVY = {
    "openai",
    "instructor",
    "rich",
    "ahocorasick",
    "rapidfuzz",
    "numpy",
    "scipy",
    "extractor.records",
    "extractor.values",
}


def loaded_by(code: str) -> set[str]:
    """The modules that running `code` imports."""
    program = f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_every_public_name_is_there_and_nothing_else_is() -> None:
    for name in extractor.__all__:
        assert getattr(extractor, name) is not None
    assert extractor.__all__ == sorted(extractor.__all__)
    assert set(extractor.__all__) <= set(dir(extractor))
    assert extractor.Article is Article


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = extractor.nonsense


def test_importing_the_package_loads_no_models_and_no_clients() -> None:
    assert not loaded_by("import extractor") & {*HEAVY, "pydantic"}


@pytest.mark.parametrize("arguments", [["--help"], ["batch", "--help"], ["--version"], ["schema"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        f"import sys\nsys.argv = ['extractor', *{arguments!r}]\nfrom extractor.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code"
    )
    assert not loaded_by(code) & HEAVY


def test_the_rules_model_never_loads_a_client() -> None:
    assert not loaded_by("import extractor\nextractor.extract('Exports rose by 3%.')") & {
        "openai",
        "instructor",
    }
