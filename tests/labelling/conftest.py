import sys
from pathlib import Path

# Under import-mode=importlib a test does not find the helper modules beside it.
sys.path.insert(0, str(Path(__file__).parent))
