import os
import subprocess
import sys
from pathlib import Path

import matcher
from matcher.cli.ahead import LATE, REPORT

ROOT = Path(matcher.__file__).parents[1]


def printed(code: str) -> str:
    """Run code in a new interpreter and return what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment, check=True, text=True
    )
    assert done.stderr == ""
    return done.stdout.strip()


WAIT = """
import sys, threading
from matcher.cli.ahead import import_ahead
import_ahead()
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join()
"""


def test_what_is_needed_late_is_imported_and_what_is_not_needed_stays_to_be_had():
    code = WAIT + f"print(all(name in sys.modules for name in {LATE}), 'sklearn' in sys.modules)\n"
    code += "import sklearn.linear_model; print(sklearn.__name__)"
    assert printed(code).split() == ["True", "False", "sklearn"]


def test_trees_are_the_same_without_the_wrappers():
    fit = """
import numpy as np
from matcher.classify import Examples, fit_trees
random = np.random.default_rng(0)
features = random.random((200, 3)).astype(np.float32)
ones = np.ones(200, np.float32)
examples = Examples(features, features[:, 0] > 0.5, ones, np.zeros(200))
print(fit_trees(examples, 0, 5))
"""
    assert printed(WAIT + fit) == printed(fit)


def test_an_update_imports_what_its_report_needs_alone():
    code = WAIT.replace("import_ahead()", f"import_ahead({REPORT})")
    code += f"print(all(name in sys.modules for name in {REPORT}), 'lightgbm' in sys.modules)"
    assert printed(code).split() == ["True", "False"]
