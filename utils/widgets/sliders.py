"""Sliders beside a plot, for a notebook with a running kernel."""


def side_by_side(draw, sliders):
    """Put sliders in a column to the left of what `draw` shows.

    Parameters
    ----------
    draw : callable
        Called with the sliders' values by name at each change; shows a figure with `show`.
    sliders : dict of str to ipywidgets.Widget

    Returns
    -------
    ipywidgets.HBox
    """
    import ipywidgets as widgets

    picture = widgets.interactive_output(draw, sliders)
    picture.layout.min_height = "380px"
    return widgets.HBox([widgets.VBox(list(sliders.values())), picture])


def slider(kind, label, value, low, high, step):
    """An ipywidgets slider (`kind` is its class name) that acts when it is let go."""
    import ipywidgets as widgets

    return getattr(widgets, kind)(
        value=value, min=low, max=high, step=step, description=label, continuous_update=False
    )
