"""Only pictures inside the folders of the catalogue are read."""

import pytest

from matcher.labelling.pictures import find_picture, read_picture, split_pictures

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "shop" / "img").mkdir(parents=True)
    (tmp_path / "shop" / "img" / "a.png").write_bytes(PNG)
    (tmp_path / "secret.png").write_bytes(PNG)
    (tmp_path / "shop" / "out.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "shop" / "in.png").symlink_to(tmp_path / "shop" / "img" / "a.png")
    return tmp_path / "shop"


def test_a_picture_beside_the_catalogue_is_found(shop):
    assert find_picture("img/a.png", [shop]) == shop / "img" / "a.png"
    assert find_picture("./img/../img/a.png", [shop])
    assert find_picture("in.png", [shop])
    assert find_picture(str(shop / "img" / "a.png"), [shop])


@pytest.mark.parametrize(
    "value",
    [
        *("../secret.png", "img/../../secret.png", "out.png", "img/a.png/../../../secret.png"),
        *("/etc/passwd", "file:///etc/passwd", "~/.bashrc", "..\\secret.png"),
        *("img", "", "a\0.png", "x" * 9999),
    ],
)
def test_what_leads_out_of_the_folder_is_not(shop, value):
    assert find_picture(value, [shop]) is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    ],
)
def test_the_content_tells_what_a_file_is(tmp_path, content, kind):
    (tmp_path / "a.txt").write_bytes(content)
    assert read_picture(tmp_path / "a.txt") == (content, kind)


def test_other_files_are_no_pictures_whatever_their_name(tmp_path):
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"root:x:0:0", b""):
        (tmp_path / "a.png").write_bytes(content)
        assert read_picture(tmp_path / "a.png") is None


def test_a_record_shows_three_pictures_at_most():
    assert split_pictures("a.png|b.png|a.png|c.png|d.png") == ["a.png", "b.png", "c.png"]
