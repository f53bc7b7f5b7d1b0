"""How nbgrader works in this course: the same pieces for its own commands and for ours."""

import os
import shutil
import sys
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    GetGrades,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from course.grading.plugins import Execute, HideTests, Intake, OnlyPlain

c = get_config()  # noqa: F821 (traitlets hands it to this file)

# The lessons lie beside this file, whichever class's folder nbgrader works on:
# `nbgrader generate_feedback NN_name --CourseDirectory.root=FOLDER`.
c.CourseDirectory.source_directory = str(Path(__file__).resolve().parent / "source")
# nbgrader starts `alembic`, which lies beside the Python that runs it.
if shutil.which("alembic") is None:
    os.environ["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    )

# What a student finds in place of a solution. Each lesson's setup cell imports NotSolvedYet.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotSolvedYet"}
c.ClearSolutions.text_stub = "*Write your answer here.*"

# A submission is taken in as `course grade` does it, before nbgrader looks at it: no link is
# followed, what is missing is put back. It is run by our own runner.
c.Autograde.exporter_class = Intake
c.Autograde.sanitize_preprocessors = [
    ClearOutput,
    DeduplicateIds,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    Execute,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]

# Feedback shows no hidden test.
c.GenerateFeedback.preprocessors = [OnlyPlain, HideTests, GetGrades, CSSHTMLHeaderPreprocessor]
# What a student wrote runs nothing and looks like nothing of ours, in formgrader and in feedback.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.preprocessors = ["course.reports.safe_html.Harmless"]
c.HTMLExporter.filters = {
    name: f"course.reports.safe_html.{name}"
    for name in ("markdown2html", "clean_html", "highlight_code")
}
c.GenerateFeedback.exporter_class = "course.reports.safe_html.SafeHTMLExporter"

# Late work: nobody is late without a due date in the gradebook.
c.AssignLatePenalties.plugin_class = "course.gradebook.late.PerDay"
c.PerDay.share = 0.1
