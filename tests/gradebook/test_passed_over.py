"""What lies below `submitted/` and is not looked at is named, with what to do about it."""

import pytest

from course.gradebook.class_folder import ClassFolder
from course.gradebook.passed_over import MOST_TOLD, passed_over
from course.grading.grade import grade_class

LESSONS = ["01_sums", "02_kmeans"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("ada/01_sums/01_sums.ipynb", None),
        ("ada/01_sums/01_sums (1).ipynb", None),
        ("ada/01_sums/01_sums.ipynb and data/x.csv", None),
        ("class list.csv", None),
        (".hidden/01_sums.ipynb", None),
        (
            "Ada Byron_123_assignsubmission_file/02_kmeans.ipynb",
            "Left out submitted/Ada Byron_123_assignsubmission_file/02_kmeans.ipynb: it lies in the "
            "wrong folder. Move it to submitted/Ada Byron/02_kmeans/.",
        ),
        ("Ada Byron_123_assignsubmission_file/work.zip", "it is packed. Unpack it there."),
        ("ada/02_kmeans.ipynb", "Move it to submitted/ada/02_kmeans/."),
        ("02_kmeans.ipynb", "Move it to submitted/STUDENT/02_kmeans/."),
        ("all.zip", "submitted/all.zip: it is packed. Unpack it there."),
        ("ada/02_kmeans/02_kmeans.zip", "it is packed. Unpack it there."),
        (
            "ada/02_kmeans/02_kmeans/02_kmeans.ipynb",
            "Left out submitted/ada/02_kmeans/02_kmeans/02_kmeans.ipynb: it lies in the wrong folder. "
            "Move it to submitted/ada/02_kmeans/.",
        ),
        ("ada/ada/02_kmeans/work.ipynb", "Move it to submitted/ada/02_kmeans/."),
        ("ada/02_k-means/readme.txt", "there is no such lesson. Is it 02_kmeans? Then rename"),
        ("ada/99_unknown/readme.txt", "submitted/ada/99_unknown: there is no such lesson."),
        ("ada/.keep", "submitted/ada: it is empty."),
    ],
)
def test_each_thing_gets_a_sentence(path, told, tmp_path):
    for each in path.split(" and "):
        file = tmp_path / "submitted" / each
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    sentences = passed_over(ClassFolder(tmp_path), LESSONS)
    assert len(sentences) == (told is not None)
    assert told is None or told in sentences[0]


def test_many_are_not_all_told(tmp_path):
    for number in range(500):
        (tmp_path / "submitted" / f"s{number}" / "x\ny").mkdir(parents=True)
    sentences = passed_over(ClassFolder(tmp_path), LESSONS)
    assert len(sentences) == MOST_TOLD + 1 and sentences[-1].startswith("More than 50 things")
    assert all("\n" not in each for each in sentences)


def test_links_are_not_followed_in_search(tmp_path):
    folder = tmp_path / "submitted" / "ada" / "x"
    folder.mkdir(parents=True)
    (folder / "round").symlink_to("..")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "01_sums.ipynb").write_text("")
    (folder / "out").symlink_to(tmp_path / "other")
    (sentence,) = passed_over(ClassFolder(tmp_path), LESSONS)
    assert sentence == "Left out submitted/ada/x: there is no such lesson."


def test_grade_says_it_even_where_nothing_is_graded(tmp_path, source, capsys):
    folder = tmp_path / "submitted" / "Ada_1_assignsubmission_file"
    folder.mkdir(parents=True)
    (folder / "01_sums.ipynb").write_text("{}")
    assert grade_class(ClassFolder(tmp_path), source=source) == 0
    said = capsys.readouterr()
    assert "Move it to submitted/Ada/01_sums/." in said.err and "0 submissions graded" in said.out
