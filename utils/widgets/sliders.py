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
    for control in sliders.values():
        # The whole name and the number are to be seen, however little room the picture leaves.
        control.style.description_width = "7.5em"
        control.layout.width = "24em"
    column = widgets.VBox(list(sliders.values()), layout={"flex": "0 0 auto"})
    return widgets.HBox([column, picture], layout={"flex_flow": "row wrap"})


def slider(kind, label, value, low, high, step):
    """An ipywidgets slider (`kind` is its class name) that acts when it is let go."""
    import ipywidgets as widgets

    return getattr(widgets, kind)(
        value=value, min=low, max=high, step=step, description=label, continuous_update=False
    )
