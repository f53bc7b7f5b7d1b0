"""The published figures that the lessons follow are met by today's libraries, within tolerances."""

import pytest

from benchmarks.figures import FIGURES


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.what.replace(" ", "_"))
def test_a_published_figure_is_met(figure):
    assert figure.compute() == pytest.approx(figure.today, abs=figure.tolerance + 1e-12)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.what.replace(" ", "_"))
def test_a_difference_from_the_source_is_explained(figure):
    assert figure.why or abs(figure.today - figure.source) <= figure.tolerance
