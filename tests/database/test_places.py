"""Where a file may live: not in a folder that a sync program copies, nor on another machine's disk."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest

from psc.database import places
from psc.database.file import make_file, open_file
from psc.database.places import is_share, make_folder, shared_because, synced_by_name, unsafe_because
from psc.errors import Refused
from tests.school import School, at

if TYPE_CHECKING:
    from collections.abc import Iterator

SYNCED = (
    "/home/jo/OneDrive/psc",
    "/home/jo/OneDrive - School/psc",
    "/home/jo/onedrive - Hillside Academy Trust/Documents",
    "/Users/jo/Library/CloudStorage/OneDrive-School/psc",
    "/Users/jo/Library/CloudStorage/OneDrive-SharedLibraries-School/psc",
    "/Users/jo/Library/CloudStorage/SomethingNew/psc",
    "/home/jo/Dropbox",
    "/home/jo/Dropbox (School)/psc",
    "/home/jo/Google Drive/My Drive",
    "/home/jo/GoogleDrive",
    "/Users/jo/Library/CloudStorage/GoogleDrive-jo@school.example/My Drive",
    "/Users/jo/My Drive/psc",
    "/Volumes/GoogleDrive/My Drive/psc",
    "/Users/jo/Library/Mobile Documents/com~apple~CloudDocs/psc",
    "/Users/jo/iCloud Drive/psc",
    "/home/jo/Nextcloud/psc",
    "/home/jo/Nextcloud2/psc",
    "/home/jo/ownCloud",
    "/home/jo/Box/psc",
    "/Users/jo/Box Sync",
    "/Users/jo/Library/CloudStorage/Box-Box/psc",
    "/home/jo/pCloudDrive/psc",
    "/home/jo/MEGA",
    "/home/jo/MEGAsync/psc",
    "/home/jo/Proton Drive/jo/My files",
    "/home/jo/Sync/psc",
    "/home/jo/Creative Cloud Files/psc",
    "/home/jo/Creative Cloud Files Company Account School/psc",
    "/srv/SharePoint/psc",
    "/mnt/c/Users/jo/OneDrive - School/psc",
    "/mnt/c/Users/jo/Box/psc",
)
SYNCED_ON_WINDOWS = (
    r"C:\Users\jo\OneDrive\psc",
    r"C:\Users\jo\OneDrive - School\Documents\psc",
    r"D:\Dropbox\psc",
    r"C:\Users\jo\Box",
    r"C:\Users\jo\iCloudDrive\psc",
    r"G:\My Drive\psc",
    r"G:\Shared drives\Pastoral",
    r"C:\Users\jo\Proton Drive\jo\My files",
)
ALONE = (
    "/home/jo",
    "/home/jo/Documents/psc",
    "/home/jo/Box files of 2019",
    "/home/jo/Documents/Box",
    "/srv/box/psc",
    "/srv/sync/psc",
    "/home/jo/students/Dropbox, Amy",
    "/home/jo/Dropbox Amy/psc",
    "/home/jo/Amy Dropbox",
    "/home/jo/mega important",
    "/home/jo/Synced no more",
    "/home/jo/one drive",
    "/home/jo/my drives",
    "/home/jo/work/my drive",
    "/home/jo/icloudy",
    "/home/box/psc",
    "/home/jo/CloudStorage/psc",
    "/var/lib/psc",
)
ALONE_ON_WINDOWS = (
    r"C:\Users\jo\psc",
    r"C:\Box files of 2019",
    r"D:\Sync\psc",
    r"C:\Users\jo\Documents\Dropbox Amy",
    r"C:\ProgramData\psc",
)


@pytest.mark.parametrize("folder", SYNCED)
def test_the_folders_of_sync_programs_are_known_by_name(folder: str) -> None:
    assert synced_by_name(PurePosixPath(folder))


@pytest.mark.parametrize("folder", SYNCED_ON_WINDOWS)
def test_and_so_they_are_on_windows(folder: str) -> None:
    assert synced_by_name(PureWindowsPath(folder))


@pytest.mark.parametrize("folder", ALONE)
def test_a_folder_that_is_only_called_something_like_it_is_nobody_s_copy(folder: str) -> None:
    assert synced_by_name(PurePosixPath(folder)) == ""


@pytest.mark.parametrize("folder", ALONE_ON_WINDOWS)
def test_nor_is_it_on_windows(folder: str) -> None:
    assert synced_by_name(PureWindowsPath(folder)) == ""


def test_a_file_may_be_called_as_it_likes(tmp_path: Path) -> None:
    assert unsafe_because(tmp_path / "Dropbox") == ""
    assert unsafe_because(tmp_path / "OneDrive - School") == ""


@pytest.mark.parametrize(
    "marker",
    [".dropbox", ".stfolder/", ".sync/IgnoreList", ".nextcloudsync.log", ".owncloudsync.log", ".tmp.drivedownload/"],
)
def test_a_sync_program_is_known_by_what_it_leaves_in_any_folder_above(tmp_path: Path, marker: str) -> None:
    folder = tmp_path / "pastoral" / "psc" / "files"
    folder.mkdir(parents=True)
    assert unsafe_because(folder / "psc.sqlite") == ""
    left = tmp_path / "pastoral" / marker
    left.parent.mkdir(exist_ok=True)
    left.mkdir() if marker.endswith("/") else left.touch()
    assert "“pastoral” is copied to a cloud service" in unsafe_because(folder / "psc.sqlite")


@pytest.mark.parametrize("own", [".dropbox/", ".sync/"])
def test_a_sync_program_s_own_settings_in_a_home_folder_mean_nothing(tmp_path: Path, own: str) -> None:
    (tmp_path / own).mkdir()
    assert unsafe_because(tmp_path / "psc.sqlite") == ""


@pytest.mark.parametrize("name", ["OneDrive", "OneDriveCommercial", "OneDriveConsumer"])
def test_windows_says_where_onedrive_copies_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / "School files").mkdir()
    monkeypatch.setenv(name, str(tmp_path / "School files"))
    assert "“School files”" in unsafe_because(tmp_path / "School files" / "psc" / "psc.sqlite")
    assert unsafe_because(tmp_path / "School files of ours" / "psc.sqlite") == ""
    monkeypatch.setenv(name, "")
    assert unsafe_because(tmp_path / "School files" / "psc.sqlite") == ""


@pytest.mark.parametrize(
    ("folder", "share"),
    [
        (r"\\server\pastoral\psc", True),
        ("//server/pastoral/psc", True),
        (r"\\?\UNC\server\pastoral\psc", True),
        (r"\\?\C:\psc", False),
        (r"H:\psc", True),
        (r"\\?\H:\psc", True),
        (r"C:\psc", False),
    ],
)
def test_a_share_is_known_on_windows(monkeypatch: pytest.MonkeyPatch, folder: str, share: bool) -> None:
    mapped = {"h:\\": 4, "c:\\": 3}
    monkeypatch.setattr(places, "drive_type", mapped.get)
    assert is_share(PureWindowsPath(folder)) is share


def test_elsewhere_nothing_is_a_drive() -> None:
    assert places.drive_type("h:\\") == 0
    assert not is_share(PurePosixPath("/home/jo"))


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ("server:/x {point} nfs4 rw 0 0", True),
        ("//server/x {point} cifs rw 0 0", True),
        ("jo@server:/x {point} fuse.sshfs rw 0 0", True),
        ("remote: {point} fuse.rclone rw 0 0", True),
        ("onedriver {point} fuse.onedriver rw 0 0", True),
        ("/dev/sdb1 {point} ext4 rw 0 0", False),
        ("/dev/sdb1 {point} fuseblk rw 0 0", False),
        ("server:/x {point} nfs4 rw 0 0\n/dev/sdb1 {point} ext4 rw 0 0", False),
        ("server:/x {point}-other nfs4 rw 0 0", False),
    ],
)
def test_a_share_is_known_by_the_table_of_mounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, share: bool
) -> None:
    point = tmp_path / "two words\tand a tab"
    point.mkdir()
    written = str(point).replace(" ", "\\040").replace("\t", "\\011")
    table = "/dev/sda1 / ext4 rw 0 0\n" + line.format(point=written) + "\n"
    real = Path.read_text
    monkeypatch.setattr(
        Path,
        "read_text",
        lambda path, **how: table if str(path) == "/proc/self/mounts" else real(path, **how),
    )
    assert ("network share" in unsafe_because(point / "psc" / "psc.sqlite")) is share
    assert ("network share" in shared_because(point)) is share


# -- opening ---------------------------------------------------------------------------------------------------------


def _moved(school: School, folder: Path) -> Path:
    school.file.close()
    folder.mkdir(parents=True)
    return Path(shutil.move(school.path, folder / "hillside.sqlite"))


def test_a_file_that_was_moved_into_such_a_folder_is_not_opened(school: School, tmp_path: Path) -> None:
    path = _moved(school, tmp_path / "OneDrive - School" / "psc")
    before = path.read_bytes()
    with pytest.raises(Refused, match=r"“OneDrive - School” is copied.* move the file .* backups"):
        open_file(path, keys=school.keys)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["hillside.sqlite"]
    with closing(open_file(path, keys=school.keys, wherever=True)) as file:
        assert file.school == "Hillside School"


def test_nor_through_a_link_that_leads_there(school: School, tmp_path: Path) -> None:
    path = _moved(school, tmp_path / "Dropbox")
    (tmp_path / "file").symlink_to(path)
    (tmp_path / "folder").symlink_to(path.parent)
    for way in (tmp_path / "file", tmp_path / "folder" / path.name):
        with pytest.raises(Refused):
            open_file(way, keys=school.keys)


def test_a_file_moved_back_opens_again(school: School, tmp_path: Path) -> None:
    path = _moved(school, tmp_path / "Dropbox")
    shutil.move(path, school.path)
    school.file = open_file(school.path, keys=school.keys)
    assert school.file.value("SELECT count(*) FROM student") == 10


# -- folders ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def open_handed() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_handed")
def test_a_folder_and_those_above_it_are_made_private(tmp_path: Path) -> None:
    make_folder(tmp_path / "one" / "two" / "three")
    for folder in (tmp_path / "one", tmp_path / "one" / "two", tmp_path / "one" / "two" / "three"):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("open_handed")
def test_a_folder_that_was_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    make_file(tmp_path / "shared" / "new" / "school.sqlite", "Hillside School", at("08:00"))
    assert (tmp_path / "shared").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "shared" / "new").stat().st_mode & 0o777 == 0o700
