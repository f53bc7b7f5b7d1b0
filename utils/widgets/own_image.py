"""A button with which students bring an image of their own, for lesson 07."""

import tempfile
from pathlib import Path

from utils.datasets import load_image


def own_image(use, longest=640):
    """A button that uploads an image and hands it on.

    Parameters
    ----------
    use : callable
        Called with each image, a uint8 array of shape (h, w, 3); what it prints and shows appears
        under the button. A file that is no colour image gives a sentence instead.
    longest : int
        Larger images are thinned out until neither side is longer.

    Returns
    -------
    ipywidgets.VBox
    """
    import ipywidgets as widgets

    button = widgets.FileUpload(accept="image/*", multiple=False, description="Your image")
    answer = widgets.Output()

    def take(change):
        answer.clear_output()
        with answer:
            for file in change["new"]:
                try:
                    image = read_upload(file["name"], file["content"], longest)
                except ValueError as error:
                    print(error)
                else:
                    use(image)

    button.observe(take, names="value")
    return widgets.VBox([button, answer])


def read_upload(name, content, longest=640):
    """The image in an uploaded file.

    Parameters
    ----------
    name : str
        Of the file.
    content : bytes-like
    longest : int
        Larger images are thinned out until neither side is longer.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)

    Raises
    ------
    ValueError
        If it is no colour image.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "image")
        path.write_bytes(bytes(content))
        try:
            image = load_image(path)
        except ValueError as error:
            raise ValueError(str(error).replace(str(path), path.name)) from None
    step = -(-max(image.shape[:2]) // longest)
    return image[::step, ::step]
