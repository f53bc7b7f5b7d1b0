"""Messages that give away what hidden tests keep are found; those that teach are not."""

import pytest

from course.audit.leaks import expected_lists, hidden_lines, leak

TEST = """\
assert mean([1, 2]) == 1.5, "The mean of 1 and 2 lies in the middle."
### BEGIN HIDDEN TESTS
found = mean([3, 4, 8])
assert np.allclose(found, [5, 7, 2]), "Wrong for three numbers."
assert not np.isclose(found, 4), f"You return {found}: is it the median?"
assert_like(mean([9, 5]), [7, 5], "Wrong for two numbers.")
### END HIDDEN TESTS
"""


@pytest.mark.parametrize(
    "message",
    [
        "You should get [5, 7, 2].",
        "The test found = mean([3, 4, 8]) failed.",
        "Check np.allclose(found, [5, 7, 2])!",
        "It should be [7, 5].",
        "Check assert_like(mean([9, 5]), [7, 5])!",
        "The result is 0.30120481 here.",
        "It must be 3.012e-01.",
    ],
)
def test_a_leak_is_found(message):
    assert leak(message, hidden_lines(TEST), expected_lists(TEST), [0.30120481, 7.25])


@pytest.mark.parametrize(
    "message",
    [
        "Wrong for three numbers.",
        "You return 4.0: is it the median?",
        "The mean of 1 and 2 lies in the middle.",
        "For ks = [3, 4, 8] you returned 8: is it the largest?",
        "Only 30% of your labels are 0.",
        "At its peak your function held 7.3 MB.",
        "The result is 0.41230481 here.",
    ],
)
def test_a_message_that_teaches_is_left_alone(message):
    assert leak(message, hidden_lines(TEST), expected_lists(TEST), [0.30120481, 7.25]) is None
