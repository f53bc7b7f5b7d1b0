"""What a student gets back: the annotated notebooks, and a page with the marks and the reasons."""

import os
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import quote

import jinja2
import nbformat
from markupsafe import Markup
from nbconvert.exporters import HTMLExporter
from nbgrader.converters import GenerateFeedback

from course.grading import record
from course.grading.grade import BadUsage, find_submissions, lessons_in
from course.grading.plugins import hidden_lines, scrubbed
from course.grading.settings import nbgrader_settings
from course.paths import SOURCE, CourseError, notebook_path

STATUS_WORDS = {
    "passed": "Right",
    "partial": "Partly right",
    "failed": "Not right yet",
    "error": "Stopped with an error",
    "timeout": "Took too long",
    "killed": "Ended the program",
    "missing": "No answer",
    "manual": "To be marked by hand",
}
# The pages load nothing and run nothing, whatever a submission holds.
POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
)
SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)

PAGE = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
{{ policy }}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Feedback for {{ student }}</title>
<style>
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --good: #1a7f37; --bad: #b3261e;
  --other: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --good: #5fd07a; --bad: #ff8a80; --other: #f0b64a; } }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 46rem;
  padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; display: flex; justify-content: space-between;
  flex-wrap: wrap; gap: .5rem; }
ul { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
li { border-bottom: 1px solid var(--line); padding: .6rem 0; }
.head { display: flex; justify-content: space-between; gap: 1rem; }
.points { white-space: nowrap; font-variant-numeric: tabular-nums; }
.status { font-weight: 600; color: var(--other); }
.passed { color: var(--good); }
.failed, .error, .timeout, .killed, .missing { color: var(--bad); }
.message { margin: .3rem 0 0; padding: .4rem .6rem; background: var(--soft); border-radius: .3rem; }
.notes { font-size: .9rem; }
code { font-size: .9em; }
</style>
</head>
<body>
<h1>Feedback for {{ student }}</h1>
{% for lesson in lessons %}
<section>
<h2><span>{{ lesson.name }}</span>
<span class="points">{{ lesson.points }} of {{ lesson.max_points }} points</span></h2>
{% if lesson.penalty %}
<p>{{ lesson.penalty }} points are taken off because it was handed in late.</p>
{% endif %}
<ul>
{% for row in lesson.rows %}
<li><div class="head"><code>{{ row.cell }}</code>
<span class="points">{{ row.points }} / {{ row.max_points }}</span></div>
<span class="status {{ row.status }}">{{ words[row.status] }}</span>
{% if row.message %}<p class="message">{{ row.message }}</p>{% endif %}
{% if row.comment %}<p class="message">{{ row.comment }}</p>{% endif %}
</li>
{% endfor %}
</ul>
{% if lesson.mended %}
<p class="notes">Before grading: {{ lesson.mended | join("; ") }}.</p>
{% endif %}
<p><a href="{{ lesson.link }}">Your notebook with the marks</a></p>
</section>
{% endfor %}
</body>
</html>
"""
)


class _Feedback(GenerateFeedback):
    """nbgrader's GenerateFeedback for one submission."""

    assignment = student = ""

    def init_notebooks(self):
        folder = self._format_source(self.assignment, self.student)
        self.assignments = {folder: [os.path.join(folder, f"{self.assignment}.ipynb")]}

    def init_assignment(self, assignment_id, student_id):
        """nbgrader copies what lies beside the notebook here; students have that already."""

    def write_single_notebook(self, output, resources):
        super().write_single_notebook(without_scripts(output), resources)


def without_scripts(page):
    """An HTML page without its scripts, which also forbids the browser to run or load any."""
    page = SCRIPT.sub("", page)
    return page.replace("<head>", f"<head>\n{POLICY}", 1)


def write_feedback(root, lessons=(), student=None, source=SOURCE):
    """Writes feedback for the submissions in `root` that were graded.

    Parameters
    ----------
    root : path-like
        The class's folder, after `grade_class`.
    lessons : sequence of str
        Only these lessons; all where empty.
    student : str, optional
        Only this student.
    source : path-like
        The folder of the lessons' source notebooks.

    Returns
    -------
    int
        Exit status: 0 written, 1 some could not be written, 2 bad usage.
    """
    root, source = Path(root).absolute(), Path(source).absolute()
    try:
        submissions = _submissions(root, lessons, student, source)
        with record.quiet(root):
            failures = _write(root, source, submissions, lessons)
    except BadUsage as error:
        print(error, file=sys.stderr)
        return 2
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    for failure in failures:
        print(failure, file=sys.stderr)
    students = len({each.student for each in submissions})
    print(f"Feedback for {students} students: {root / 'feedback'}")
    return 1 if failures else 0


def _submissions(root, lessons, student, source):
    if not (root / "gradebook.db").is_file():
        raise BadUsage(f"{root} has no gradebook; grade it first.")
    known = lessons_in(source)
    for lesson in lessons:
        if lesson not in known:
            raise BadUsage(f"There is no lesson '{lesson}'. The lessons are: {', '.join(known)}.")
    submissions = find_submissions(root, known, warn=False)
    if student is not None:
        submissions = [each for each in submissions if each.student == student]
        if not submissions:
            raise BadUsage(f"There is no submission of a student '{student}' in {root}.")
    return submissions


def _write(root, source, submissions, lessons):
    """Writes notebooks and pages; a sentence on each that could not be."""
    record.check_gradebook(root)
    sources = {
        name: nbformat.read(notebook_path(source, name), as_version=4)
        for name in {each.lesson for each in submissions}
    }
    failures, sections = [], {}
    with record.open_gradebook(root) as gradebook:
        for each in submissions:
            section = _section(each, sources[each.lesson], root, gradebook)
            if section is None:
                failures.append(f"{each}: not graded yet.")
                continue
            if not lessons or each.lesson in lessons:
                try:
                    _convert(each, root, source)
                except CourseError as error:
                    failures.append(f"{each}: {error}")
            sections.setdefault(each.student, []).append(section)
    for student, found in sections.items():
        page = PAGE.render(
            student=student, lessons=found, words=STATUS_WORDS, policy=Markup(POLICY)
        )
        path = root / "feedback" / student / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", errors="replace")
    return failures


def _section(submission, source, root, gradebook):
    """What the page says of one submission; None where it was not graded."""
    names = submission.lesson, submission.student
    rows = record.rows(*names, source, root, gradebook)
    if not rows:
        return None
    notebook = record.autograded_notebook(*names, root)
    submitted = gradebook.find_submission_notebook(names[0], names[0], names[1])
    comments = {comment.name: comment.comment for comment in submitted.comments}
    secrets = hidden_lines(source)
    penalty = submitted.late_submission_penalty or 0
    total = sum(float(row["points"]) for row in rows)
    return {
        "name": submission.lesson,
        "points": record.points_text(total - penalty),
        "max_points": record.points_text(sum(float(row["max_points"]) for row in rows)),
        "penalty": record.points_text(penalty) if penalty else "",
        "rows": [
            {
                **row,
                "message": scrubbed(row["message"], secrets),
                "comment": comments.get(row["cell"]),
            }
            for row in rows
        ],
        "mended": notebook.metadata.get("mended", []),
        "link": quote(f"{names[0]}/{names[0]}.html"),
    }


def _convert(submission, root, source):
    """Writes the annotated notebook."""
    course = record.Course(root, source, db_url=record.gradebook_url(root))
    course.assignment_id = submission.lesson
    folder = root / "feedback" / submission.student / submission.lesson
    shutil.rmtree(folder, ignore_errors=True)
    converter = _Feedback(coursedir=course, config=nbgrader_settings(), log=record.LOG, force=True)
    converter.exporter_class = HTMLExporter
    converter.assignment, converter.student = submission.lesson, submission.student
    record.start(converter, record.last_line)
