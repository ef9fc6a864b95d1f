"""`make book`: Jupyter Book, strict, in three quarters of the time.

    python book/tools/build.py [--all]

Python looks for garbage again and again among the nodes of all pages, which
live to the end anyway: that alone is a quarter of a build.
"""

from __future__ import annotations

import gc
import sys

from chapters import ROOT
from jupyter_book.cli.main import main

STRICT = ("-W", "-n", "--keep-going", "-q")

if __name__ == "__main__":
    gc.disable()
    main(["build", str(ROOT), *STRICT, *sys.argv[1:]])
