"""``python -m dsptt predict``: samples from files, and the table of the ensemble's answers."""

from __future__ import annotations

import csv
import io
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from finished_run import FinishedRun, close
from PIL import Image

from dsptt.__main__ import main
from dsptt.loading import load_ensemble


def predicted(run: FinishedRun, *inputs: Path, flags: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """Returns the rows of the table."""
    out = run.path.parent / "predictions.csv"
    assert main(["predict", str(run.path), f"--out={out}", *flags, "--input", *map(str, inputs)]) == 0
    return list(csv.DictReader(io.StringIO(out.read_text())))


def probabilities(rows: list[dict[str, str]]) -> torch.Tensor:
    return torch.tensor([[float(row[f"p({digit})"]) for digit in range(10)] for row in rows])


def refused(run: FinishedRun, capsys: pytest.CaptureFixture[str], *inputs: Path, flags: tuple[str, ...] = ()) -> str:
    """Returns the command's error message; it writes nothing."""
    out = run.path.parent / "refused.csv"
    assert main(["predict", str(run.path), f"--out={out}", *flags, "--input", *map(str, inputs)]) == 1
    assert [path.name for path in out.parent.iterdir() if path.name.startswith("refused")] == []
    return capsys.readouterr().err


def test_a_table_has_each_samples_class_and_every_probability(run: FinishedRun, tmp_path: Path) -> None:
    np.savez(tmp_path / "digits.npz", inputs=run.raw.numpy(), targets=np.zeros(3))
    rows = predicted(run, tmp_path / "digits.npz")
    expected = load_ensemble(run.path)(run.raw)
    assert torch.equal(probabilities(rows), expected)
    assert [row["class"] for row in rows] == [str(digit) for digit in expected.argmax(1).tolist()]
    assert [float(row["probability"]) for row in rows] == pytest.approx(expected.max(1).values.tolist(), abs=1e-8)
    assert [rows[0]["sample"], rows[996]["sample"]] == ["0", "996"]


def test_it_says_what_the_run_kept_whatever_the_batch(run: FinishedRun, tmp_path: Path) -> None:
    np.save(tmp_path / "digits.npy", run.raw.numpy().astype(np.uint8))
    rows = predicted(run, tmp_path / "digits.npy", flags=("--member=tier1-1", "--batch=7"))
    assert close(probabilities(rows), run.outputs["tier1-1"])


def test_image_files_are_scaled_from_their_white_to_the_datas(run: FinishedRun, tmp_path: Path) -> None:
    (tmp_path / "pictures" / "more").mkdir(parents=True)
    names = ["a.png", "b.PNG", "more/c.bmp"]
    for name, digit in zip(names, run.raw, strict=False):
        pixels = (digit[0] * (255 / 16)).round().numpy().astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / "pictures" / name)
    rows = predicted(run, tmp_path / "pictures")
    assert [row["sample"] for row in rows] == names
    assert torch.allclose(probabilities(rows), load_ensemble(run.path)(run.raw[:3]), atol=0.02)
    assert predicted(run, tmp_path / "pictures" / "b.PNG")[0]["class"] == rows[1]["class"]


def test_images_are_taken_by_their_content_and_what_is_none_is_told(
    run: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures = {"1.jfif": "JPEG", "2.jp2": "JPEG2000", "3.avif": "AVIF", "more/1.jfif": "PNG", "more/4": "GIF"}
    (tmp_path / "more").mkdir()
    for name, kind in pictures.items():
        Image.new("L", (8, 8), 255).save(tmp_path / name, kind)
    for name in ("notes.txt", "more/data.bin", ".hidden.png"):
        (tmp_path / name).write_text("no image")
    assert [row["sample"] for row in predicted(run, tmp_path)] == list(pictures)
    notices = json.loads(capsys.readouterr().out)["notices"]
    assert notices == ["left out, as no images: more/data.bin, notes.txt"]
    several = [tmp_path / "more", tmp_path / "1.jfif", tmp_path / "more" / "4"]
    names = [str(tmp_path / name) for name in ("more/1.jfif", "more/4", "1.jfif", "more/4")]
    assert [row["sample"] for row in predicted(run, *several)] == names


def test_transparent_pixels_are_laid_over_the_colour_of_the_runs_data_or_refused(
    run: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("RGBA", (8, 8), (0, 0, 0, 51)).save(tmp_path / "image.png")
    assert "image.png has transparent pixels, and the run's data states no colour" in refused(run, capsys, tmp_path)
    with_background = run.copy(tmp_path / "run")
    with_background.edit("data.json", background="white")
    rows = predicted(with_background, tmp_path / "image.png")
    said = json.loads(capsys.readouterr().out)["notices"]
    assert said == [f"transparent pixels were laid over white (dataset.args.background): {tmp_path / 'image.png'}"]
    expected = load_ensemble(run.path)(torch.full((1, 1, 8, 8), 0.8 * 16))
    assert torch.allclose(probabilities(rows), expected, atol=1e-6)
    with_background.edit("data.json", background="red")
    assert "data.json is damaged: 'background' is 'red'" in refused(with_background, capsys, tmp_path / "image.png")


def test_images_of_another_size_are_scaled_when_that_is_asked_for(
    run: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "large.png"
    Image.new("RGB", (16, 12), "white").save(file)
    assert "large.png has 16x12 pixels, the networks take 8x8: scale it, or give --resize" in refused(run, capsys, file)
    [row] = predicted(run, file, flags=("--resize",))
    assert torch.allclose(probabilities([row]), load_ensemble(run.path)(torch.full((1, 1, 8, 8), 16.0)), atol=1e-6)


def test_images_are_cut_as_those_of_training_were(run: FinishedRun, tmp_path: Path) -> None:
    file = tmp_path / "wide.png"
    pixels = np.zeros((8, 16), np.uint8)
    pixels[:, 4:12] = 255
    Image.fromarray(pixels).save(file)
    cut = run.copy(tmp_path / "run")
    cut.edit("data.json", crop=True)
    rows = predicted(cut, file, flags=("--resize",))
    assert torch.allclose(probabilities(rows), load_ensemble(run.path)(torch.full((1, 1, 8, 8), 16.0)), atol=1e-6)
    assert rows != predicted(run, file, flags=("--resize",))


def test_the_rows_of_a_table_are_samples_and_numbers_come_in_their_own_units(
    wines: FinishedRun, tmp_path: Path
) -> None:
    header = ";".join(f'"property {k}"' for k in range(11))
    lines = [";".join(f"{value:.9g}" for value in row) for row in wines.raw.tolist()]
    (tmp_path / "wines.csv").write_text("\n".join([header, *lines]))
    rows = predicted(wines, tmp_path / "wines.csv")
    expected = load_ensemble(wines.path)(wines.raw)[:, 0].tolist()
    assert [float(row["prediction"]) for row in rows] == pytest.approx(expected, abs=1e-4)
    assert rows[0]["sample"] == "2"  # line number


def test_columns_that_have_names_are_found_by_them(wines: FinishedRun, tmp_path: Path) -> None:
    named = wines.copy(tmp_path / "named")
    columns = [f"c{k}" for k in range(11)]
    named.edit("data.json", columns=columns)
    order = list(reversed(range(11)))
    lines = [",".join(["no", *(f"{wines.raw[row, k]:.9g}" for k in order)]) for row in range(2)]
    (tmp_path / "wines.csv").write_text("\n".join([",".join(["note", *(columns[k] for k in order)]), *lines]))
    rows = predicted(named, tmp_path / "wines.csv")
    expected = load_ensemble(wines.path)(wines.raw[:2])[:, 0].tolist()
    assert [float(row["prediction"]) for row in rows] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((4, 8, 8)), "has shape [4, 8, 8], but [samples, 1, 8, 8] is needed: the channel is a dimension of"),
        (np.zeros((4, 8, 8, 1)), "channels come before rows and columns, transpose(0, 3, 1, 2)"),
        (np.zeros((1, 8, 8)), "one sample alone needs a first dimension of 1"),
        (np.zeros((0, 1, 8, 8)), "holds no samples"),
        (np.zeros((2, 1, 8, 8), bool), "holds bool, numbers are needed"),
        (np.full((2, 1, 8, 8), 200.0), "holds pixels from 200 to 200, but those of this run's data are from 0 to 16"),
        (np.full((2, 1, 8, 8), 200, np.uint8), "holds pixels from 200 to 200, but those of this run's data are from 0"),
        (np.full((2, 1, 8, 8), 0.5), "pixels from 0.5 to 0.5, but white is 16 in this run's data: multiply them by 16"),
        (np.full((2, 1, 8, 8), np.nan), "sample 0 (from 0), holds nan at [0, 0, 0], which is no finite 32-bit number"),
        (np.array([{}], object), "as an array of numbers: it holds Python objects, which are never loaded"),
    ],
)
def test_arrays_that_are_no_samples_are_refused(
    run: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str], values: np.ndarray, message: str
) -> None:
    np.save(tmp_path / "x.npy", values, allow_pickle=True)
    assert message in refused(run, capsys, tmp_path / "x.npy")


def test_dark_images_are_told_from_those_of_another_scale_by_their_whole_numbers(
    run: FinishedRun, tmp_path: Path
) -> None:
    dark = run.raw[:3].clamp(0, 1)
    np.save(tmp_path / "dark.npy", dark.numpy())
    expected = load_ensemble(run.path)(dark)
    assert close(probabilities(predicted(run, tmp_path / "dark.npy")), expected)


def test_a_batch_is_not_judged_apart_from_the_other_samples_of_its_file(run: FinishedRun, tmp_path: Path) -> None:
    mixed = torch.cat([run.raw[:2] / 16, run.raw[2:4]])
    np.save(tmp_path / "mixed.npy", mixed.numpy())
    expected = load_ensemble(run.path)(mixed)
    assert close(probabilities(predicted(run, tmp_path / "mixed.npy", flags=("--batch=1",))), expected)


def test_files_that_hold_no_samples_are_refused(
    run: FinishedRun, wines: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savez(tmp_path / "two.npz", a=np.zeros(1), b=np.zeros(1))
    (tmp_path / "text.png").write_text("no image")
    (tmp_path / "rows.csv").write_text("1,2\n3,x\n")
    (tmp_path / "empty").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "image.png")
    assert "two.npz holds a, b: call the samples 'inputs'" in refused(run, capsys, tmp_path / "two.npz")
    assert "cannot read" in refused(run, capsys, tmp_path / "text.png")
    assert "a sample of this run is 64 numbers, [1, 8, 8] flattened" in refused(run, capsys, tmp_path / "rows.csv")
    assert "holds no image files" in refused(run, capsys, tmp_path / "empty")
    assert "there is no " in refused(run, capsys, tmp_path / "nothing.csv")
    assert "or one .csv, .npy or .npz file" in refused(run, capsys, tmp_path / "image.png", tmp_path / "rows.csv")
    assert "or a .csv, .tsv, .npy or .npz file is needed" in refused(run, capsys, Path(__file__))
    assert "of dataset 'winequality', no images" in refused(wines, capsys, tmp_path / "image.png")


def test_damaged_archives_and_what_is_no_array_are_refused(
    run: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.npz"
    np.savez_compressed(file, inputs=np.arange(640).reshape(10, 1, 8, 8) % 17)
    content = bytearray(file.read_bytes())
    content[30 + len("inputs.npy") + content[28]] = 0xFF  # where the compressed bytes begin: no such kind of block
    file.write_bytes(content)
    assert "x.npz as an array of numbers: Error -3 while decompressing" in refused(run, capsys, file)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inputs", "no array")
    assert "x.npz: 'inputs' in it is no array" in refused(run, capsys, file)
    encrypted = bytearray(file.read_bytes())
    encrypted[6] |= 1
    encrypted[encrypted.index(b"PK\1\2") + 8] |= 1
    file.write_bytes(encrypted)
    assert "is encrypted" in refused(run, capsys, file)
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 1, 8, 8), }".ljust(117) + b"\n"
    (tmp_path / "x.npy").write_bytes(b"\x93NUMPY\1\0v\0" + header)
    assert "x.npy as an array of numbers: " in refused(run, capsys, tmp_path / "x.npy")
    (tmp_path / "pickle.npy").write_bytes(pickle.dumps({}))
    assert "it holds Python objects, which are never loaded" in refused(run, capsys, tmp_path / "pickle.npy")


def test_a_table_that_cannot_be_written_is_an_error_and_leaves_nothing(
    run: FinishedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "image.png"
    Image.new("L", (8, 8)).save(file)
    (tmp_path / "folder").mkdir()
    for out, why in [(file / "out.csv", "Not a directory"), (tmp_path / "folder", "Is a directory")]:
        assert main(["predict", str(run.path), f"--out={out}", "--input", str(file)]) == 1
        assert capsys.readouterr().err == f"error: cannot write {out}: {why}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "image.png"]
