"""The rules of `data/answers.toml`, read once, for both kinds of answers of the directory."""

from __future__ import annotations

from pathlib import Path

from core.declared.rules import load_rules

RULES = load_rules(Path(__file__).parent.parent / "data" / "answers.toml")
