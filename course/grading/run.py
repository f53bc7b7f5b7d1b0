"""Runs a notebook's cells in a fresh kernel.

The only thing that the rest of the grading knows of it is `run`. A cell that never ends or that
takes the kernel down costs what hangs on that cell; everything else is still run.
"""

import asyncio
import contextlib
import copy
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async
from nbformat.v4 import new_output

from course.grading.intake import clean_text

TIMEOUT = 30
NOTEBOOK_TIMEOUTS = 20
MAX_REPLAYS = 3
MAX_CELL_OUTPUT = 5_000_000
MAX_NOTEBOOK_OUTPUT = 30_000_000
MAX_ERROR = 10_000
MAX_TRACEBACK = 100
START_ATTEMPTS = 3
SETTLE = 4

ONE_THREAD = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "TF_NUM_INTRAOP_THREADS",
        "TF_NUM_INTEROP_THREADS",
        "LOKY_MAX_CPU_COUNT",
    )
}
# All that a kernel gets to see of the grader's environment.
INHERITED = ("PATH", "HOME", "USER", "LOGNAME", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
INHERITED_PREFIXES = ("LANG", "LC_", "TF_", "KERAS_", "CUDA_")

LOG = logging.getLogger("course.grading.kernel")
LOG.addHandler(logging.NullHandler())
LOG.propagate = False


class CellFailure(Exception):
    """Why a cell has no outcome of its own."""

    def __init__(self, ename, reason):
        super().__init__(reason)
        self.ename = ename
        self.reason = reason


def run(notebook, *, cwd, timeout=TIMEOUT):
    """A copy of `notebook` after its cells were run, each with its outputs.

    Parameters
    ----------
    notebook : NotebookNode
        As `intake.assemble` makes it.
    cwd : path-like
        The folder that the cells run in.
    timeout : float
        Seconds that one cell may take.

    Returns
    -------
    NotebookNode
        A cell without an error output ran to its end. One that exceeded its time holds a single
        error output named ``CellTimeout``, one that ended the kernel ``KernelDied``.

    Notes
    -----
    A cell out of time is interrupted. Where it does not heed that, or has ended the kernel, the
    others are run again from the start in a new kernel without it: `MAX_REPLAYS` times, then the
    cells that were not reached hold such an error too.
    """
    # A thread of its own, since the caller may be inside an event loop (formgrader is).
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _run(notebook, str(cwd), timeout)).result()


async def _run(notebook, cwd, timeout):
    dropped = {}
    deadline = time.monotonic() + NOTEBOOK_TIMEOUTS * timeout
    for _ in range(MAX_REPLAYS + 1):
        attempt = _fresh(notebook, dropped)
        failed = await _attempt(attempt, dropped, cwd, timeout, deadline)
        if failed is None:
            return attempt
        index, failure = failed
        dropped[index] = failure
    for cell in attempt.cells[index + 1 :]:
        if cell.cell_type == "code":
            cell.outputs = [
                _error(
                    failure.ename,
                    f"Not run: {MAX_REPLAYS + 1} cells before it had to be stopped.",
                )
            ]
    attempt.cells[index].outputs = [_error(failure.ename, failure.reason)]
    return attempt


def _fresh(notebook, dropped):
    """A copy in which every code cell counts as failed until it was run."""
    attempt = copy.deepcopy(notebook)
    for index, cell in enumerate(attempt.cells):
        if cell.cell_type == "code":
            failure = dropped.get(index, CellFailure("NotRun", "The cell was not run."))
            cell.outputs = [_error(failure.ename, failure.reason)]
            cell.execution_count = None
    return attempt


async def _attempt(notebook, dropped, cwd, timeout, deadline):
    """Runs the cells that are not `dropped`; the place and cause of what ended the kernel."""
    index = 0
    async with _kernel(notebook, cwd, timeout) as client:
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code" or index in dropped or not cell.source.strip():
                continue
            try:
                if time.monotonic() > deadline:
                    _give_up(notebook, index, timeout)
                    return None
                await client.run_cell(cell, index)
            except CellFailure as failure:
                return index, failure
    return None


def _give_up(notebook, start, timeout):
    """Marks the cells from `start` on as out of time."""
    for cell in notebook.cells[start:]:
        if cell.cell_type == "code":
            minutes = NOTEBOOK_TIMEOUTS * timeout / 60
            cell.outputs = [
                _error("CellTimeout", f"Not run: the notebook took more than {minutes:g} minutes.")
            ]


class _Client(NotebookClient):
    """nbclient's client, with bounded outputs and the kernel's own word on how a cell ended."""

    def __init__(self, nb, km, timeout):
        super().__init__(
            nb,
            km=km,
            log=LOG,
            timeout=timeout,
            allow_errors=True,
            interrupt_on_timeout=True,
            error_on_timeout={"ename": "CellTimeout", "evalue": "", "traceback": []},
            iopub_timeout=SETTLE,
            raise_on_iopub_timeout=True,
            skip_cells_with_tag="",
            store_widget_state=False,
            on_cell_executed=self._keep_reply,
        )
        self._reply = {}
        self._spent = 0
        self._left = MAX_NOTEBOOK_OUTPUT

    def _keep_reply(self, execute_reply, **_):
        self._reply = execute_reply["content"]

    async def run_cell(self, cell, index):
        """Runs one cell; `CellFailure` if the kernel cannot be used after it."""
        self._reply, self._spent = {}, 0
        try:
            await self.async_execute_cell(cell, index)
        except CellTimeoutError:
            raise self._timed_out() from None
        except DeadKernelError:
            raise CellFailure("KernelDied", "The cell ended the Python process.") from None
        except Exception as error:
            LOG.warning("cell %s: %r", index, error)
            raise CellFailure("KernelDied", "The cell broke the link to its kernel.") from None
        if any(part.get("source") == "ask_exit" for part in self._reply.get("payload") or []):
            raise CellFailure("KernelDied", "The cell ended the Python process.")
        cell.outputs = [_bounded(output) for output in cell.outputs]
        self._settle(cell)

    def _timed_out(self):
        return CellFailure("CellTimeout", f"The cell took longer than {self.timeout:g} seconds.")

    def _settle(self, cell):
        """Makes the outputs tell what the kernel's reply says about the cell's end."""
        reply = self._reply
        if reply.get("status") == "ok":
            return
        if reply.get("ename") == "CellTimeout":
            cell.outputs = [_error("CellTimeout", self._timed_out().reason)]
        elif not any(output.output_type == "error" for output in cell.outputs):
            cell.outputs.append(
                _bounded(
                    new_output(
                        "error",
                        ename=str(reply.get("ename") or "Error"),
                        evalue=str(reply.get("evalue") or "The cell did not end normally."),
                        traceback=[str(line) for line in reply.get("traceback") or []],
                    )
                )
            )

    def process_message(self, msg, cell, cell_index):
        """Keeps what a cell prints within bounds, and malformed messages out."""
        kind = msg["msg_type"]
        if kind.startswith("comm"):
            return None
        if kind in ("stream", "display_data", "execute_result", "update_display_data"):
            size = len(str(msg["content"]))
            self._spent += size
            self._left -= size
            if self._spent > MAX_CELL_OUTPUT or self._left < 0:
                return None
        if kind == "error" and sum(out.output_type == "error" for out in cell.outputs) > 10:
            return None
        try:
            return super().process_message(msg, cell, cell_index)
        except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
            LOG.warning("malformed message: %r", error)
            return None


@contextlib.asynccontextmanager
async def _kernel(notebook, cwd, timeout):
    """A client of a kernel that no one has used before, and that is gone afterwards."""
    folder = tempfile.mkdtemp(prefix="kernel-")
    manager = client = None
    try:
        for attempt in range(1, START_ATTEMPTS + 1):
            manager = _manager(os.path.join(folder, str(attempt)))
            client = _Client(notebook, manager, timeout)
            try:
                await manager.start_kernel(
                    cwd=cwd,
                    env=_environment(folder),
                    extra_arguments=["--HistoryManager.enabled=False"],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                await client.async_start_new_kernel_client()
                break
            except RuntimeError:
                await _stop(manager, client)
                if attempt == START_ATTEMPTS:
                    raise
        yield client
    finally:
        if manager is not None:
            await _stop(manager, client)
        shutil.rmtree(folder, ignore_errors=True)


def _manager(folder):
    """A manager of a kernel that is this very Python, with its sockets in `folder`."""
    os.mkdir(folder, 0o700)
    manager = AsyncKernelManager(
        connection_file=os.path.join(folder, "kernel.json"), log=LOG, autorestart=False
    )
    if sys.platform != "win32":
        manager.transport = "ipc"
        manager.ip = os.path.join(folder, "k")
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python 3 (ipykernel)",
        language="python",
    )
    return manager


def _environment(folder):
    """The kernel's environment variables."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in INHERITED or name.startswith(INHERITED_PREFIXES)
    }
    return {
        **kept,
        **ONE_THREAD,
        "IPYTHONDIR": os.path.join(folder, "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "NBGRADER_EXECUTION": "autograde",
        "PYTHONHASHSEED": "0",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }


async def _stop(manager, client):
    """Ends the kernel and what it started, without asking."""
    provisioner = manager.provisioner
    if provisioner is not None:
        group = getattr(provisioner, "pgid", None)
        if group and group != os.getpgrp():
            with contextlib.suppress(OSError):
                os.killpg(group, signal.SIGKILL)
        with contextlib.suppress(Exception):
            await ensure_async(provisioner.kill())
            await asyncio.wait_for(ensure_async(provisioner.wait()), SETTLE)
    if client.kc is not None:
        with contextlib.suppress(Exception):
            await ensure_async(client.kc.stop_channels())
    with contextlib.suppress(Exception):
        await ensure_async(manager.cleanup_resources())


def _error(ename, reason):
    return new_output("error", ename=ename, evalue=reason, traceback=[f"{ename}: {reason}"])


def _bounded(output):
    """The output in a form that a file can hold, an error cut to a readable length."""
    output = _clean(output)
    if output.output_type == "error":
        output.ename = output.ename[:200]
        output.evalue = output.evalue[:MAX_ERROR]
        output.traceback = [line[:MAX_ERROR] for line in output.traceback[-MAX_TRACEBACK:]]
    return output


def _clean(value):
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return type(value)({clean_text(str(key)): _clean(item) for key, item in value.items()})
    return value
