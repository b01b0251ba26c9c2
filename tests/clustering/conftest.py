import sys
from pathlib import Path

from hypothesis import settings

# Under import-mode=importlib a test does not find the helper modules beside it.
sys.path.insert(0, str(Path(__file__).parent))

# The first example of a test pays for the compilation of the kernels.
settings.register_profile("matcher", deadline=None)
settings.load_profile("matcher")
