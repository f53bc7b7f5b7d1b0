"""nbgrader's own converters, called with the repository's `nbgrader_config.py`."""

import logging
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config, PyFileConfigLoader

from course.paths import REPO, CourseError, notebook_path


def config(root, **directories):
    """The repository's nbgrader configuration, for a course in another folder.

    Parameters
    ----------
    root : Path
        The folder that holds `submitted/`, `gradebook.db` and so on.
    **directories : Path
        Other places for single steps, such as ``source_directory``.

    Returns
    -------
    traitlets.config.Config
    """
    loaded = PyFileConfigLoader("nbgrader_config.py", path=str(REPO)).load_config()
    changed = Config()
    changed.CourseDirectory.root = str(root)
    changed.CourseDirectory.db_url = f"sqlite:///{Path(root) / 'gradebook.db'}"
    for name, path in directories.items():
        setattr(changed.CourseDirectory, name, str(path))
    loaded.merge(changed)
    return loaded


def generate_assignment(lesson, source, root):
    """Make a lesson's student version below `root/release`.

    Parameters
    ----------
    lesson : str
    source : Path
        The folder of the instructor's notebooks.
    root : Path
        An empty folder to work in.

    Returns
    -------
    Path
        The notebook made.
    """
    settings = config(root, source_directory=Path(source).resolve())
    settings.GenerateAssignment.no_database = True
    settings.GenerateAssignment.preprocessors = _without_gradebook()
    api = NbGraderAPI(config=settings)
    api.log.setLevel(logging.CRITICAL)
    result = api.generate_assignment(lesson)
    made = notebook_path(Path(root) / "release", lesson)
    if not result["success"] or not made.exists():
        raise CourseError(f"{lesson}: nbgrader could not generate it:\n{result['log'].strip()}")
    return made


def _without_gradebook():
    from nbgrader.converters import GenerateAssignment
    from nbgrader.preprocessors import SaveCells

    steps = GenerateAssignment.preprocessors.default()
    return [step for step in steps if step is not SaveCells]
