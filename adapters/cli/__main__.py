"""`python -m adapters.cli` is `kasuhara`."""

import sys

from adapters.cli import main

sys.exit(main())
