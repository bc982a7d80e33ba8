"""Source of an ensemble: the directory of a finished run, or a folder that was exported as safetensors.

Nothing is imported or executed here, and no pickle is read: JSON and safetensors, checked against their hashes.
"""

from __future__ import annotations

import hashlib
import math
import os
from dataclasses import dataclass, replace
from pathlib import Path

from dsptt_worker.errors import ConfigFaultError, DataFaultError

from .combining import MEANS, RULES
from .files import Document, read_document
from .samples import Samples, samples_of

SCHEMA = 1
EXPORTED = "dsptt-ensemble"

# Our command line, as it can be pasted where the program that started this Python prints it.
COMMAND = os.environ.get("DSPTT_COMMAND", "dsptt")


@dataclass(frozen=True)
class MemberFile:
    """A network's name, its safetensors file and that file's SHA-256, and the remedy if it is damaged."""

    name: str
    path: Path
    sha256: str
    remedy: str

    def read(self) -> bytes:
        """Reads the file's bytes.

        Raises:
            DataFaultError: it cannot be read, or its hash is another one.
        """
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise DataFaultError(f"cannot read the member {self.path}: {error.strerror}{self.remedy}") from error
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            said = f"the member {self.path} is damaged: its sha256 is {found}, not {self.sha256}"
            raise DataFaultError(f"{said}{self.remedy}")
        return content


@dataclass(frozen=True)
class Model:
    """The builder of a network, as a configuration states it: a built-in name, or a Python function. ``code`` is the
    SHA-256 of each file of the user's that built it, by its path from the function's folder; empty if none did, or if
    an earlier version kept no hashes."""

    name: str | None
    python: str | None
    args: dict[str, object]
    code: dict[str, str]


@dataclass(frozen=True)
class Chosen:
    """An ensemble by name: its members, the rule that combines them, and their weights if the rule uses them;
    the ``temperature`` of its combined probabilities (None: the run fitted none), and whether it is to be applied."""

    name: str
    members: list[str]
    rule: str
    weights: list[float] | None
    temperature: float | None = None
    calibrated: bool = False


@dataclass(frozen=True)
class Source:
    """Networks and ensembles of a directory; ``result`` is the name of its own ensemble. ``documents`` are its files by
    name, for exports that show more of them. ``made_in`` is the folder at which relative paths of the configuration
    started, and the directory of that time (None: an earlier version kept neither)."""

    path: Path
    model: Model
    samples: Samples
    members: dict[str, MemberFile]
    ensembles: dict[str, Chosen]
    result: str
    documents: dict[str, Document]
    made_in: tuple[Path, Path] | None

    def places(self, stated: str) -> list[Path]:
        """Lists where a path that the configuration states may lie: as seen from the directory, with which it may have
        moved; where it was; and as seen from the current folder. ``src/store/made-in.ts`` lists the same."""
        places = [Path(stated).absolute()]
        if self.made_in is not None:
            folder, run = self.made_in
            then = folder / stated
            places[:0] = [self.path.absolute() / os.path.relpath(then, run), then]
        return list(dict.fromkeys(Path(os.path.normpath(place)) for place in places))

    def choose(self, ensemble: str | None = None, member: str | None = None, *, calibrated: bool = False) -> Chosen:
        """Selects the ensemble of that name, one member alone, or the result; ``calibrated``: at its temperature.

        Raises:
            ConfigFaultError: both names are given, there is none of that name, or no temperature of it.
        """
        chosen = self._named(ensemble, member)
        if calibrated and chosen.temperature is None:
            raise ConfigFaultError(
                f"{self.path} states no temperature of {chosen.name!r}: a run fits one to the probabilities of an "
                "ensemble (not of a vote, nor of one member) on validation samples"
            )
        return replace(chosen, calibrated=calibrated)

    def _named(self, ensemble: str | None, member: str | None) -> Chosen:
        if ensemble is not None and member is not None:
            raise ConfigFaultError("give the name of an ensemble or of a member, not both")
        if member is not None:
            if member not in self.members:
                raise ConfigFaultError(f"{self.path} has no member {member!r}; it has: {', '.join(self.members)}")
            return Chosen(member, [member], MEANS[self.samples.kind], None)
        name = self.result if ensemble is None else ensemble
        if name not in self.ensembles:
            raise ConfigFaultError(f"{self.path} has no ensemble {name!r}; it has: {', '.join(self.ensembles)}")
        return self.ensembles[name]


def read_source(directory: str | Path) -> Source:
    """Reads the networks and ensembles of a directory.

    Raises:
        DataFaultError: it holds no finished run and no exported ensemble, or a damaged or newer one.
    """
    path = Path(directory)
    if not path.is_dir():
        raise DataFaultError(f"{path} is no run directory: it does not exist, or is no directory")
    if not (path / "config.json").exists():
        raise DataFaultError(f"{path} is no run directory: it has no config.json")
    config = read_document(path / "config.json", "; restore it from a copy")
    if config.values.get("format") == EXPORTED:
        config.check_schema(SCHEMA)
        members = _members(path, config, "; export the ensemble again")
        return _source(path, members, config, config, config.object("data"), {"config": config})
    if "objective" in config.values:
        raise DataFaultError(f"{path} holds a run on a closed-form objective: there are no networks in it")
    if not (path / "result.json").exists():
        raise DataFaultError(f"{path} holds a run that has not finished: resume it with `{COMMAND} resume {path}`")
    result = read_document(path / "result.json", f": remove it, and `{COMMAND} resume {path}` makes it again")
    result.check_schema(SCHEMA)
    if not (path / "data.json").exists():
        raise DataFaultError(
            f"{path} has no data.json, which says what its samples are (earlier versions of dsptt kept none): "
            f"`{COMMAND} resume {path}` writes it"
        )
    remedy = f": remove it, and `{COMMAND} resume {path}` writes it again"
    data = read_document(path / "data.json", remedy, result.maybe("dataSha256", str))
    members = _members(path, result, f": remove {path / 'result.json'}, and `{COMMAND} resume {path}` makes both again")
    return _source(path, members, config, result, data, {"config": config, "result": result, "data": data})


def _members(path: Path, result: Document, remedy: str) -> dict[str, MemberFile]:
    members = {}
    for member in result.objects("members"):
        file = member.maybe("file", str)
        if file is not None:
            name = member.take("name", str)
            members[name] = MemberFile(name, _inside(path, file, member), member.take("sha256", str), remedy)
    return members


def _source(
    path: Path,
    members: dict[str, MemberFile],
    config: Document,
    result: Document,
    data: Document,
    documents: dict[str, Document],
) -> Source:
    model, made_in = config.object("model"), None
    if config.maybe("madeIn", dict) is not None:
        place = config.object("madeIn")
        made_in = (path.absolute() / place.take("folder", str), path.absolute() / (place.maybe("run", str) or ""))
    network = result.object("network") if result.maybe("network", dict) is not None else None
    code = {} if network is None else network.texts("code")
    ensembles = [_ensemble(document, members) for document in result.objects("ensembles")]
    return Source(
        path=path,
        model=Model(model.maybe("name", str), model.maybe("python", str), model.take("args", dict), code),
        samples=samples_of(data),
        members=members,
        ensembles={ensemble.name: ensemble for ensemble in ensembles if ensemble.members},
        result=result.take("result", str),
        documents=documents,
        made_in=made_in,
    )


def _inside(path: Path, file: str, member: Document) -> Path:
    """Returns the path of a member's file, which must lie in the directory, whatever the directory's own files say."""
    place = Path(file)
    if place.is_absolute() or ".." in place.parts or place.suffix != ".safetensors":
        raise DataFaultError(f"{member.place} is damaged: its file {file!r} is no safetensors file of the directory")
    return path / place


def _ensemble(document: Document, members: dict[str, MemberFile]) -> Chosen:
    weights = document.numbers("weights") if document.maybe("weights", list) is not None else None
    temperature = document.maybe("temperature", (int, float))
    chosen = Chosen(
        document.take("name", str),
        document.list_of("members", str),
        document.take("rule", str),
        weights,
        None if temperature is None else float(temperature),
    )
    unknown = [name for name in chosen.members if name not in members]
    if unknown:
        raise DataFaultError(f"{document.place} is damaged: there is no file of its member {unknown[0]!r}")
    if chosen.rule not in RULES:
        raise DataFaultError(f"{document.place} combines its members by {chosen.rule!r}: install a newer dsptt")
    fits = weights is None or (len(weights) == len(chosen.members) and min(weights) >= 0 and sum(weights) > 0)
    if not fits or (weights is None and chosen.rule == "validationWeighted"):
        raise DataFaultError(f"{document.place} is damaged: its weights are {weights}")
    if temperature is not None and not 0 < temperature < math.inf:
        raise DataFaultError(f"{document.place} is damaged: its temperature is {temperature}")
    return chosen
