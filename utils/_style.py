"""What the plots share: colours, markers, axes, and the wording of descriptions."""

import numpy as np

# Okabe and Ito's colours that stay apart in every kind of colour blindness; black is for borders.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442")
# Marker and the factor that makes its size look like the others'. There are 10 for 7 colours, so
# that 70 clusters pass before a pair of colour and marker returns.
MARKERS = (
    ("o", 1.0),
    ("s", 0.9),
    ("^", 1.15),
    ("D", 0.8),
    ("v", 1.15),
    ("P", 1.2),
    ("p", 1.15),
    ("*", 1.7),
    ("<", 1.15),
    (">", 1.15),
)
LINES = ("--", "-.", ":", (0, (8, 2)), (0, (5, 1, 1, 1, 1, 1)))
N_STYLES = len(COLOURS) * len(MARKERS)
INK = "#222222"
GREY = "#767676"
NOISE = -1
FEW = 8


class Style:
    """Colour, marker and line of one cluster."""

    def __init__(self, index):
        self.colour = GREY if index == NOISE else COLOURS[index % len(COLOURS)]
        self.marker, self.size = ("x", 0.9) if index == NOISE else MARKERS[index % len(MARKERS)]
        self.line = LINES[index % len(LINES)]
        self.edge = mix(self.colour, "#000000", 0.35)
        self.tint = mix(self.colour, "#FFFFFF", 0.72)

    def scatter(self, area):
        """Keyword arguments of `Axes.scatter` for marks of about this area."""
        looks = {"marker": self.marker, "s": area * self.size, "c": self.colour}
        if self.marker == "x":
            return looks | {"linewidths": 1.0}
        return looks | {"edgecolors": self.edge, "linewidths": 0.6 if area > 12 else 0.3}


def styles(labels):
    """The style of each label: by its own number where that is small enough, else by its rank."""
    numbers = [label for label in labels if label != NOISE]
    direct = all(0 <= number < N_STYLES for number in numbers)
    looks = {number: Style(number if direct else rank) for rank, number in enumerate(numbers)}
    return looks | {NOISE: Style(NOISE)}


def mix(colour, other, share):
    """`colour` with this share of `other` in it; all are "#rrggbb"."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round((1 - share) * a + share * b):02x}" for a, b in pairs)


def point_area(n):
    """Area of a mark in square points: large for few points, small for thousands."""
    return float(np.clip(400 / np.sqrt(max(n, 1)), 3, 50))


def halo(width=2.5):
    """A white outline that keeps text and lines readable on any ground."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=width, foreground="white")]


# --- Axes ------------------------------------------------------------------------------------


def canvas(ax, figsize=(5.6, 4.6)):
    """`ax`, or new axes in a new figure. Axes that are empty forget their old description."""
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=figsize, layout="constrained")
    if not ax.has_data():
        ax.set_label("")
    return ax


def dress(ax):
    """Quiet axes: no box, a light grid behind the data."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(GREY)
    ax.grid(True, color="#E6E6E6", linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(colors=INK, length=3)


def dress_plane(ax, points):
    """Axes of a plane in which distances can be judged by eye."""
    dress(ax)
    ax.set_aspect("equal", adjustable="box")
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    ax.update_datalim(frame(points, pad=0))
    ax.autoscale_view()


def frame(points, pad=0.08, flattest=0.6):
    """Corners (2, 2) of a rectangle around points, its sides in no ratio below `flattest`."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = (high - low) * (0.5 + pad)
    half = np.maximum(half, flattest * half.max()) if half.max() > 0 else np.ones(2)
    return np.array([(low + high) / 2 - half, (low + high) / 2 + half])


def legend_outside(ax, widen=False, **options):
    """A legend to the right of the axes, in columns of 12; `widen` their figure to make room."""
    _, entries = ax.get_legend_handles_labels()
    columns = max(1, -(-len(entries) // 12))
    ax.legend(
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        borderaxespad=0,
        frameon=False,
        ncols=columns,
        columnspacing=1.0,
        handletextpad=0.4,
        **options,
    )
    if widen:
        width, height = ax.figure.get_size_inches()
        ax.figure.set_size_inches(width + 1.1 * columns, height)


def hide_axes(ax):
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


# --- Descriptions ----------------------------------------------------------------------------


def describe(ax, text, alt=None):
    """Store the axes' alternative text: `alt`, or `text` after what earlier plots have stored."""
    ax.set_label(alt if alt is not None else " ".join(filter(None, [ax.get_label(), text])))
    return ax


def counted(n, noun):
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def listed(items, limit=FEW):
    """Items joined by semicolons, only the first `limit` in full."""
    shown = "; ".join(items[:limit])
    return shown if len(items) <= limit else f"{shown}; and {len(items) - limit} more"


def places(points):
    """Each point as text, with as many decimals as the whole needs to be told apart."""
    spread = np.ptp(points) or np.abs(points).max() or 1.0
    decimals = int(max(0, 1 - np.floor(np.log10(spread))))
    rounded = np.round(points, decimals) + 0.0  # no "-0.0"
    texts = [", ".join(f"{value:.{decimals}f}" for value in point) for point in rounded]
    return texts if points.shape[1] == 1 else [f"({text})" for text in texts]
