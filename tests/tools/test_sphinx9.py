"""The reader of `_config.yml` reads it as Jupyter Book does."""

from __future__ import annotations

import pytest
import sphinx9
from chapters import ROOT, BookError


def test_the_same_settings_as_jupyter_book():
    from jupyter_book.config import get_final_config

    theirs, _ = get_final_config(
        user_yaml=ROOT / "_config.yml",
        sourcedir=ROOT,
        cli_config={"latex_individualpages": False},
    )
    ours = sphinx9.settings()
    assert set(theirs.pop("extensions")) - set(ours.pop("extensions")) == (
        sphinx9.LEFT_OUT
    )
    assert {*ours.pop("exclude_patterns")} <= {*theirs["exclude_patterns"]}
    theme = ours.pop("html_theme_options")
    assert theme.pop("navbar_persistent") == []
    assert theme.items() <= theirs["html_theme_options"].items()
    assert ours.pop("external_toc_path") == "_toc.yml"
    assert ours == {key: theirs[key] for key in ours}


def test_an_unknown_key_is_named(tmp_path):
    text = (ROOT / "_config.yml").read_text("utf-8")
    config = tmp_path / "_config.yml"
    config.write_text(text.replace("html:\n", "html:\n  baseurl: x\n"))
    with pytest.raises(BookError, match=r"no \['html.baseurl'\]"):
        sphinx9.settings(tmp_path)
