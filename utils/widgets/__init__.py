"""Interactive pictures, one module each.

Those that run in the browser itself share `browser.py` and `common.js`; those that need a kernel
share `sliders.py`.
"""
