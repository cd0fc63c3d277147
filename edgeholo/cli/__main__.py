"""``python -m edgeholo.cli``."""

import sys

from edgeholo.cli.main import main

sys.exit(main())
