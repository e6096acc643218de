"""Where things live: the per-user data folder, and whether a folder is a safe home for the file."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path, PurePath

from psc.errors import ReadOnly, Refused

_SYNCED = re.compile(
    r"onedrive( - .+|-.+)?|dropbox( \(.+\))?|google ?drive( \(.+\)|-.+)?|icloud( ?drive|~.+)?|mobile documents"
    r"|com~apple~clouddocs|nextcloud\d*|owncloud\d*|box sync|box-box|pcloud ?drive|pcloud sync|megasync"
    r"|proton ?drive(-.+)?|sync\.com|creative cloud files( .+)?|sharepoint"
)
"""What the folders of sync programs are called, whole. A file's name, or a name with more in it, is somebody's own."""
_SYNCED_AT_HOME = {"box", "mega", "sync", "pcloud", "my drive"}
"""The same where the name is an everyday word: only right under somebody's home folder."""
_SYNCED_DRIVE = {"my drive", "shared drives"}
"""What stands at the top of the drive that Google's program makes."""
_MARKERS = (
    (".dropbox", Path.is_file),  # the folder of that name, in a home folder, is only Dropbox's own settings
    (".dropbox.cache", Path.is_dir),
    (".stfolder", Path.exists),
    (".sync/IgnoreList", Path.is_file),  # of Resilio; a folder .sync by itself is anybody's
    (".nextcloudsync.log", Path.is_file),
    (".owncloudsync.log", Path.is_file),
    (".tmp.drivedownload", Path.is_dir),
)
"""What sync programs leave in the folder they copy, whatever that is called."""
_ONEDRIVE = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
"""The variables in which Windows says where OneDrive copies from."""
_NETWORK = {
    *(
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "afs",
        "coda",
        "ncpfs",
        "9p",
        "davfs",
        "ceph",
        "glusterfs",
    ),
    *("lustre", "beegfs", "gpfs", "vboxsf", "vmhgfs", "prl_fs"),
}
_NETWORK_BY_PROGRAM = frozenset(
    {
        *("sshfs", "rclone", "davfs", "davfs2", "smbnetfs", "curlftpfs", "s3fs", "gcsfuse", "goofys", "onedriver"),
        *("google-drive-ocamlfuse", "gvfsd-fuse", "glusterfs", "ceph", "ceph-fuse", "vmhgfs-fuse"),
    }
)
"""The same where a program of the account's own makes one: what stands after `fuse.`."""
_DRIVE_REMOTE = 4


def data_folder() -> Path:
    """Return the per-user data folder, made private (0700) the first time."""
    from platformdirs import user_data_path

    folder = user_data_path("psc", appauthor=False)
    try:
        make_folder(folder)
    except OSError as error:
        raise ReadOnly("psc's own data folder cannot be made.", "Check who owns your data folder.") from error
    return folder


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for this account alone. One that is there stays as it is."""
    if not folder.is_dir():
        if folder.parent != folder:
            make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def unsafe_because(path: Path) -> str:
    """Say why the folder of `path` is no safe home for a file that several terminals write, or "" when it is.

    A folder that a cloud service copies can be copied half-written; a network share does not keep SQLite's locks.
    """
    folder = path.resolve().parent
    if name := _copied(folder):
        return f"“{name}” is copied to a cloud service, which can copy the file half-written."
    if share := _share(folder):
        return f"It is on {share}, which does not keep the locks of several terminals apart."
    return ""


def shared_because(folder: Path) -> str:
    """Say why what is put into a folder would not stay on this machine, or "" when it would."""
    whole = folder.resolve()
    if name := _copied(whole):
        return f"“{name}” is copied to a cloud service."
    if share := _share(whole):
        return f"It is on {share}."
    return ""


def _copied(folder: Path) -> str:
    """Return the name of the folder that a sync program copies and `folder` is in, "" where there is none."""
    if name := synced_by_name(folder):
        return name
    for name in _ONEDRIVE:
        if (told := os.environ.get(name)) and folder.is_relative_to(root := Path(told).resolve()) and root.name:
            return root.name
    for above in (folder, *folder.parents):
        if any(is_there(above / marker) for marker, is_there in _MARKERS):
            return above.name or str(above)
    return ""


def synced_by_name(folder: PurePath) -> str:
    """Return the part of a folder's path that is called as a sync program calls the folder it copies, or ""."""
    parts = [part.casefold() for part in folder.parts]
    for place, part in enumerate(parts):
        if _SYNCED.fullmatch(part) or _everyday(part, folder.parents[-place]):
            return folder.parts[place]
        if part == "cloudstorage" and parts[place - 1] == "library" and place + 1 < len(parts):
            return folder.parts[place + 1]
    return ""


def _everyday(part: str, above: PurePath) -> bool:
    """Whether an everyday word names a sync program's folder where it stands."""
    if part in _SYNCED_AT_HOME and (above == Path.home() or above.parent.name.casefold() in ("home", "users")):
        return True
    return part in _SYNCED_DRIVE and (
        above.as_posix() == above.anchor.replace("\\", "/") or above.parent.name == "Volumes"
    )


def _share(folder: Path) -> str:
    """Return what kind of network share a folder is on, "" when it is on this machine's own disk."""
    if is_share(folder):
        return "a network share"
    kind = _filesystem(folder)
    if kind in _NETWORK or kind.removeprefix("fuse.") in _NETWORK_BY_PROGRAM:
        return f"a network share ({kind})"
    return ""


def is_share(folder: PurePath) -> bool:
    """Whether Windows holds the folder to be on another machine: by its path, or by the letter it is mapped to."""
    drive = folder.drive.casefold()
    if drive.startswith("\\\\?\\") and not drive.startswith("\\\\?\\unc\\"):  # a plain path, spelt long
        drive = drive[4:]
    if drive.startswith(("\\\\", "//")):
        return True
    return bool(drive) and drive_type(f"{drive}\\") == _DRIVE_REMOTE


def drive_type(root: str) -> int:
    """Return what Windows says a drive is, given its root (`h:\\`); 0, not known, on other systems."""
    if sys.platform != "win32":
        return 0
    import ctypes

    return int(ctypes.windll.kernel32.GetDriveTypeW(root))


def check_new_place(path: Path) -> None:
    """Raise `Refused` where no new file can be made: something is there already, or the folder is no safe home."""
    if path.exists():
        raise Refused("There is a file of that name already.", "Nothing was changed; choose another name.")
    if reason := unsafe_because(path):
        raise Refused(f"The file cannot live there. {reason}", "Choose a folder on this machine's own disk.")


def _filesystem(folder: Path) -> str:
    """Return the file system's name from the kernel's table of mounts, "" where there is none to read."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in mounts:
        _, point, name, *_ = line.split(" ")
        if "\\" in point:
            point = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)
        inside = str(folder) == point or str(folder).startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):  # of two at one place, the later hides the earlier
            best, kind = point, name
    return kind


def make_private(path: Path) -> None:
    """Make the empty file `path`, readable by this account alone before anything is in it; fails if it is there."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
