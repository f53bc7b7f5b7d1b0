"""Interactive pictures, one module each; sliders that they share in `utils.widgets.sliders`."""
