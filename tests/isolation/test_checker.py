"""What a graded cell's error looks like, whatever Python runs it."""

from course.isolation.checker import error_output, execute


def test_a_frame_is_two_lines_however_long_its_statement():
    source = (
        "double = None\nassert (\n    double(\n        1,\n        2,\n    )\n    == 2\n), 'no'\n"
    )
    _, error = execute(source, "test_double", {})
    output = error_output(error)
    lines = "\n".join(output["traceback"]).splitlines()
    assert lines[0] == '  File "<test_double>", line 3, in <module>'
    assert lines[1] == "    double("
    assert lines[2:] == [f"TypeError: {error}"]
