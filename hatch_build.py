"""Build hook: what a wheel holds beside the files of the project, made from them. The rules shipped come as the rule set that
they mean, and the units and every table as JSON, so that a check need not parse any. An editable install has none of it and
needs none.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRules(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "standard":
            return
        source = str(Path(self.root) / "src")
        sys.path.insert(0, source)
        # What is shipped is made from the files of the project alone, not from what this machine has kept.
        chosen = os.environ.get("RULECHECK_CACHE")
        os.environ["RULECHECK_CACHE"] = "off"
        try:
            from rulecheck.data import compile_tables
            from rulecheck.measures.units import compile_units
            from rulecheck.rules.cache import compile_rules

            self.folder = TemporaryDirectory(prefix="rulecheck-")
            for name, made in (("rules", compile_rules), ("tables", compile_tables), ("units", compile_units)):
                path = Path(self.folder.name) / name
                path.write_bytes(made())
                build_data["force_include"][str(path)] = f"rulecheck/data/compiled/{name}"
        finally:
            sys.path.remove(source)
            del os.environ["RULECHECK_CACHE"]
            if chosen is not None:
                os.environ["RULECHECK_CACHE"] = chosen

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version == "standard":
            self.folder.cleanup()
