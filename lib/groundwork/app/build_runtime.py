"""Make the drawing runtime that is shipped with the package: `python -m groundwork.app.build_runtime`.

The bundle holds Vega, Vega-Lite and vega-embed, so that no page asks the internet for anything.
"""

from __future__ import annotations

from pathlib import Path

import vl_convert

RUNTIME = Path(__file__).parent / "server" / "voila" / "templates" / "groundwork" / "static" / "vega_runtime.js"


def main() -> None:
    """Write the runtime beside the package's other static files."""
    bundle = vl_convert.javascript_bundle("globalThis.groundworkVegaEmbed = vegaEmbed;", "6.1")
    RUNTIME.write_text(bundle, encoding="utf-8")


if __name__ == "__main__":
    main()
