"""A real browser, the web book that it reads, and the widgets alone on a page."""

import contextlib
import functools
import gzip
import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from course.authoring.site import build_site
from course.paths import REPO

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
AXE = Path(__file__).parent / "axe" / "axe.min.js.gz"
WIDE, NARROW = 1280, 390

# What JupyterLab and the book do for a widget, in five lines: its module, a model, a place to draw.
STAGE = """
async ([source, state]) => {
  const lib = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const model = { get: (key) => state[key], set: (key, value) => (state[key] = value), save_changes() {} };
  Object.assign(window, { lib, state });
  window.end = lib.default.render({ model, el: document.getElementById("stage") });
}"""


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    """The address of a book of three lessons; their runs come from the cache where it has them."""
    folder = tmp_path_factory.mktemp("book")
    build_site(
        folder / "html",
        ("01_mixture_sampling", "02_kmeans", "05_em"),
        work=folder / "work",
        say=lambda _: None,
    )

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=folder / "html")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def open_page(chromium):
    """Opens pages; the test fails if one of them has an error or asks another host."""
    contexts, troubles = [], []

    def open_one(address="about:blank", width=WIDE, scheme="light", host="", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        own = (host or address, "data:", "blob:", "about:")
        page.on("pageerror", lambda error: troubles.append(f"{address}: {error.stack}"))
        page.on("console", lambda m: m.type == "error" and troubles.append(f"{address}: {m.text}"))
        page.on("request", lambda r: r.url.startswith(own) or troubles.append(f"asks {r.url}"))
        page.goto(address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def stage(open_page):
    """Puts a widget alone on a page; its module is there as `lib`, its synchronised state as `state`."""

    def put(widget, **options):
        page = open_page(**options)
        page.set_content(
            '<!doctype html><html lang="en"><title>Stage</title><main id="stage"></main>'
        )
        state = {name: getattr(widget, name) for name in widget.keys if not name.startswith("_")}
        state = {key: value for key, value in state.items() if key not in ("layout", "tabbable")}
        page.evaluate(STAGE, [widget._esm, state])
        return page

    return put


@pytest.fixture(scope="session")
def faults():
    """The serious faults that axe finds on a page, in words."""
    source = gzip.decompress(AXE.read_bytes()).decode()

    def find(page):
        page.evaluate(source)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{fault['id']}: {node['html'][:200]}"
            for fault in found["violations"]
            if fault["impact"] in ("serious", "critical")
            for node in fault["nodes"]
        ]

    return find


@pytest.fixture
def page(chromium):
    """A page for JupyterLab; what it asks other hosts for is in `page.outside`."""
    page = chromium.new_page(viewport={"width": WIDE, "height": 900})
    page.set_default_timeout(30_000)
    page.outside = []
    own = ("http://127.0.0.1:", "ws://127.0.0.1:", "file:", "data:", "blob:")
    page.on("request", lambda r: r.url.startswith(own) or page.outside.append(r.url))
    yield page
    page.close()


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory):
    """Starts JupyterLab in a home of its own: takes the command and its folder, gives the address."""
    home = tmp_path_factory.mktemp("home")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("JUPYTER_")},
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"],
        "PYTHONPATH": str(REPO),
    }
    with contextlib.ExitStack() as stack:

        def start(command, cwd):
            with socket.socket() as listener:
                listener.bind(("127.0.0.1", 0))
                port = listener.getsockname()[1]
            log = stack.enter_context((home / f"{port}.log").open("w+", encoding="utf-8"))
            options = ["--no-browser", f"--ServerApp.port={port}", "--IdentityProvider.token="]
            process = subprocess.Popen(
                [*command, *options],
                cwd=cwd,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            stack.callback(_stop, process)
            _wait(f"http://127.0.0.1:{port}/api", process, log)
            return f"http://127.0.0.1:{port}"

        yield start


def _wait(address, process, log, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.2)
    log.seek(0)
    pytest.fail(f"JupyterLab did not start:\n{log.read()[-3000:]}")


def _stop(process):
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
            return
