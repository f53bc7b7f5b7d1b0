"""A command loads what it needs and no more, for loading is what it would wait for."""

import subprocess
import sys

import pytest

HEAVY = {
    "IPython", "arrow", "dask", "distributed", "docutils", "jinja2", "joblib", "jupyter_server",
    "jupyterhub", "jupyterlab", "matplotlib", "nbconvert", "nbgrader.api", "nbgrader.apps",
    "nbgrader.converters", "nbgrader.exchange", "nbgrader.preprocessors",
    "nbgrader.server_extensions", "numpy", "pandas", "scipy", "sklearn", "sqlalchemy",
}  # fmt: skip
CLASS = """
from course.gradebook.class_folder import ClassFolder
folder, source = ClassFolder(sys.argv[1]), sys.argv[2]
"""
HELP = """
try:
    sys.argv[1:] = ["--help"]
    main()
except SystemExit:
    pass
"""
GRADE = """
from course.grading.grade import grade_class
assert grade_class(folder, source=source) == 0
"""
EXPORT = """
from course.gradebook.export import export
export(folder)
"""


def loaded(code, *words):
    """The heavy modules that are there after a command."""
    start = "import sys\nimport course.light\nfrom course.cli import main\n"
    tell = "\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", start + code + tell, *words], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return HEAVY.intersection(done.stderr.split())


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        (HELP, set()),
        (CLASS + GRADE, set()),
        (CLASS + EXPORT, set()),
    ],
    ids=["help", "idle grade", "export"],
)
def test_a_command_loads_nothing_heavy_that_it_does_not_need(
    class_root, class_source, code, needed
):
    assert loaded(code, str(class_root), str(class_source)) == needed


def test_who_asks_for_all_of_nbgrader_gets_it():
    code = """
import nbgrader, nbgrader.auth
assert nbgrader.api.Gradebook
assert "nbgrader.server_extensions" not in sys.modules
assert nbgrader.__version__ and nbgrader.load_formgrader and nbgrader.auth.JupyterHubAuthPlugin
"""
    assert "nbgrader.server_extensions" in loaded(code)
