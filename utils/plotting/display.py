"""What a picture shows in words, and the picture in the notebook."""

import base64
import html
import io
import re
import sys


def alt_text(ax_or_fig):
    """What the picture shows, in words.

    Parameters
    ----------
    ax_or_fig : matplotlib Axes or Figure

    Returns
    -------
    str
        The description of the axes; for a figure those of all its axes, each after its title.

    Raises
    ------
    ValueError
        If nothing is described.
    """
    axes = ax_or_fig.axes if hasattr(ax_or_fig, "savefig") else [ax_or_fig]
    described = [ax for ax in axes if ax.get_label() and not ax.get_label().startswith("<")]
    if not described:
        raise ValueError(
            "This picture has no description for those who cannot see it. "
            'Give one with show(..., alt="...") or ax.set_label("...").'
        )
    if len(described) == 1:
        return described[0].get_label()
    return " ".join(": ".join(filter(None, [ax.get_title(), ax.get_label()])) for ax in described)


def show(ax_or_fig, alt=None):
    """Display a figure in the notebook, with its description as alternative text, and close it.

    Parameters
    ----------
    ax_or_fig : matplotlib Axes or Figure
        Axes stand for their whole figure.
    alt : str, optional
        Description; without it the plots' own, see `alt_text`.

    Raises
    ------
    ValueError
        If nobody has described the figure.

    Notes
    -----
    Outside IPython there is nowhere to display it: the figure is only closed.
    """
    import matplotlib.pyplot as plt

    figure = ax_or_fig.figure.canvas.figure
    text = alt_text(figure) if alt is None else alt
    if not text:
        raise ValueError('The description is empty: say what there is to see with alt="...".')
    if _in_ipython() and not _drawing:
        _say(text)
    elif _in_ipython():
        from IPython.display import display

        png = base64.b64encode(_png(figure)).decode("ascii")
        display({"image/png": png}, metadata={"image/png": {"alt": text}}, raw=True)
    plt.close(figure)


# matplotlib's player takes its buttons' icons from a web font: these need no network.
PLAYER_ICONS = {
    "minus": "−",
    "fast-backward": "|◀",
    "step-backward": "◂",
    "play fa-flip-horizontal": "◀",
    "pause": "❚❚",
    "play": "▶",
    "step-forward": "▸",
    "fast-forward": "▶|",
    "plus": "+",
}


def show_animation(ax, alt=None):
    """Display an animation in the notebook as a small player, and close its figure.

    Parameters
    ----------
    ax : matplotlib Axes
        As `training_animation` returns it.
    alt : str, optional
        What the film shows, for those who cannot see it; without it the plot's own description.

    Raises
    ------
    ValueError
        If nobody has described the animation.
    """
    import matplotlib.pyplot as plt

    text = alt_text(ax) if alt is None else alt
    if not text:
        raise ValueError('The description is empty: say what there is to see with alt="...".')
    if _in_ipython() and not _drawing:
        _say(text)
    elif _in_ipython():
        from IPython.display import HTML, display

        player = re.sub(r"<link\b[^>]*>", "", ax.animation.to_jshtml())
        for icon, sign in PLAYER_ICONS.items():
            player = player.replace(f'<i class="fa fa-{icon}"></i>', sign)
        player = player.replace('type="range"', 'type="range" aria-label="Frame"')
        display(HTML(player.replace("<img ", f'<img alt="{html.escape(text)}" ', 1)))
    plt.close(ax.figure)


_drawing = True


def draw_pictures(wanted):
    """Whether `show` and `show_animation` draw, or only say the description: nobody looks.

    Parameters
    ----------
    wanted : bool
    """
    global _drawing
    _drawing = wanted


def _say(text):
    from IPython.display import display

    display({"text/plain": text}, raw=True)


def _in_ipython():
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def _png(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", facecolor="white")
    return buffer.getvalue()
