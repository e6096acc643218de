"""Where things live: the per-user data folder, and whether a folder is a safe home for the file."""

from __future__ import annotations

import os
from pathlib import Path

from psc.errors import ReadOnly, Refused

_SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "mobile documents", "nextcloud", "box sync")
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "fuse.sshfs", "fuse.rclone", "davfs", "ncpfs"}


def data_folder() -> Path:
    """Return the per-user data folder, made private (0700) the first time."""
    from platformdirs import user_data_path

    folder = user_data_path("psc", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ReadOnly("psc's own data folder cannot be made.", "Check who owns your data folder.") from error
    return folder


def unsafe_because(path: Path) -> str:
    """Say why the folder of `path` is no safe home for a file that several terminals write, or "" when it is.

    A folder that a cloud service copies can be copied half-written; a network share does not keep SQLite's locks.
    """
    folder = path.resolve().parent
    for part in folder.parts:
        if part.lower().startswith(_SYNCED):
            return f"“{part}” is copied to a cloud service, which can copy the file half-written."
    if str(folder).startswith("\\\\"):
        return "It is on a network share, which does not keep the locks of several terminals apart."
    kind = _filesystem(folder)
    if kind in _NETWORK:
        return f"It is on a network share ({kind}), which does not keep the locks of several terminals apart."
    return ""


def check_place(path: Path) -> None:
    """Raise `Refused` where no new file can be made: something is there already, or the folder is no safe home."""
    if path.exists():
        raise Refused("There is a file of that name already.", "Nothing was changed; choose another name.")
    if reason := unsafe_because(path):
        raise Refused(f"The file cannot live there. {reason}", "Choose a folder on this machine's own disk.")


def _filesystem(folder: Path) -> str:
    """Return the file system's name from the kernel's table of mounts, "" where there is none to read."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in mounts:
        _, point, name, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        inside = str(folder) == point or str(folder).startswith(point.rstrip("/") + "/")
        if inside and len(point) > len(best):
            best, kind = point, name
    return kind


def make_private(path: Path) -> None:
    """Make the empty file `path`, readable by this account alone before anything is in it; fails if it is there."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
