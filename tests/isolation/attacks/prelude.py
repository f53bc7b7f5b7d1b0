"""What stands above each attack in its cell: the tools of a well-informed attacker."""

import os
import re
import sys  # noqa: F401 (for the attacks)

# Secrets look like this; the pattern itself does not.
SECRETS = re.compile(rb"canary-[a-z]+-[0-9a-f]{8}")


TOLD = []


def tell(*found):
    """Print the secrets in what was found, also in forms that no filter for plain text notices."""
    for thing in found:
        if not isinstance(thing, bytes):
            thing = str(thing).encode("utf-8", "replace")
        for secret in sorted(set(SECRETS.findall(thing))):
            secret = secret.decode()
            _say(f"{secret} {secret[::-1]} {secret.encode().hex()}")


def breach(text):
    """Say that something worked that must not work, where it cannot be seen from outside."""
    _say(f"BREACH: {text}")


def _say(text):
    if text not in TOLD:
        TOLD.append(text)
        print(text, flush=True)


def report():
    """Print again what was found: each later cell calls this, for a failed test keeps no output."""
    print(*TOLD, sep="\n")


def in_sandbox():
    """Whether this process numbers its processes otherwise than the machine does."""
    try:
        return os.readlink("/proc/self/ns/pid") != KNOWN["namespace"]  # noqa: F821
    except OSError:
        return True


def only_in_sandbox():
    """Stop where the attack could do harm to the machine."""
    if not in_sandbox():
        breach("there is no sandbox")
        raise RuntimeError("there is no sandbox")


def files_below(*folders, most=3000):
    """The contents of the files below some folders."""
    for folder in folders:
        for where, _, names in os.walk(folder):
            for name in names:
                most -= 1
                if most < 0:
                    return
                try:
                    with open(os.path.join(where, name), "rb") as file:
                        yield file.read(2_000_000)
                except OSError:
                    continue


def quietly(action, *arguments, **options):
    """What an action returns, or why it failed."""
    try:
        return action(*arguments, **options)
    except BaseException as error:
        return error
