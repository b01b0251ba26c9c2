"""Write the settings file that a person edits after `matcher inspect`."""

import json
import os
from pathlib import Path

from matcher.records.inspection import AttributeReport, Inspection
from matcher.records.suggest import AxisEvidence
from matcher.settings import BlockingSettings, IgnoreByCategory, Settings
from matcher.types import ATTRIBUTE_TYPES, ROLES


def write_settings(inspection: Inspection, settings: Settings, path: str | Path) -> None:
    """Write settings, with what was found out of every column, as a commented TOML file.

    `matcher.settings.load_settings` reads it back, and `infer_schema` makes the same schema of it.

    Parameters
    ----------
    inspection : Inspection
        What was found out.
    settings : Settings
        The settings that it was found out with.
    path : str | Path
        File to write; it is replaced at once or not at all.
    """
    path = Path(path)
    lines = [*_head(inspection, settings), *_by_category(settings.ignore_by_category)]
    lines += _blocking(settings.blocking)
    evidence = {each.name: each for each in inspection.axes}
    for report in inspection.attributes:
        if report.type is not None:
            lines += _attribute(report, evidence.get(report.name))
    part = path.with_name(f"{path.name}.part{os.getpid()}")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.replace(path)


def _head(inspection: Inspection, settings: Settings) -> list[str]:
    schema = inspection.schema
    return [
        f"# Settings of matcher for {_comment(', '.join(inspection.names))}, "
        f"{inspection.n_records:,} records.",
        "# Written by `matcher inspect`; edit what is wrong. Unknown names are errors.",
        "",
        "# Columns of the record id and of the source (shop, seller, feed); empty: inferred.",
        f"id = {_text(schema.id)}",
        f"source = {_text(schema.source)}",
        "",
        "# What may differ inside a family; duplicates must agree in it.",
        f"ignore = {_list(settings.ignore)}",
        *_words(inspection),
        "",
        "# A duplicate group holds at most one record of each source.",
        f"at_most_one_per_source = {_flag(settings.at_most_one_per_source)}",
        "# When two tables are linked: a record matches at most one of the other table.",
        f"one_to_one = {_flag(settings.one_to_one)}",
        "",
        "# Probabilities from which a pair is exact, and exact or variant; left out: the model's.",
        _set("threshold_exact", settings.threshold_exact, 0.5),
        _set("threshold_family", settings.threshold_family, 0.5),
        "",
        "# Where not set above: 0 for almost no wrong group, 1 for missing almost nothing.",
        f"precision_to_recall = {settings.precision_to_recall}",
        "# Where pairs_per_record is not set: 0 for many candidates per record, 1 for few.",
        f"accuracy_to_cost = {settings.accuracy_to_cost}",
        "",
        "# Of `matcher train`: whether a pair is compared also with other candidates.",
        f"context = {_flag(settings.context)}",
        "",
        f"seed = {settings.seed}",
        "# Worker threads; 0 takes all cores.",
        f"threads = {settings.threads}",
        '# Memory to keep to, such as "8GB", or bytes; 0 is no limit.',
        f"memory = {settings.memory}",
    ]


def _words(inspection: Inspection) -> list[str]:
    if not inspection.words:
        return []
    words = ", ".join(str(word) for word in inspection.words)
    return [f"# Words in which near-identical titles differ: {_comment(words)}"]


def _by_category(ignore: IgnoreByCategory) -> list[str]:
    return [
        "",
        "# For products of one category another list may be ignored than for the others.",
        "[ignore_by_category]",
        "# Column of the category; empty: inferred.",
        f"column = {_text(ignore.column)}",
        "[ignore_by_category.values]",
        *([] if ignore.values else ['# "Televisions" = ["color"]']),
        *(f"{_text(name)} = {_list(tuple(names))}" for name, names in ignore.values.items()),
    ]


def _blocking(blocking: BlockingSettings) -> list[str]:
    return [
        "",
        "[blocking]",
        "# Candidate pairs per record; left out: what accuracy_to_cost says.",
        _set("pairs_per_record", blocking.pairs_per_record, blocking.budget),
        "# A key that more records than this share is left out, and named in the report.",
        f"max_block = {blocking.max_block}",
        "# Names of the blockers; empty chooses by the size of the catalogue.",
        f"blockers = {_list(blocking.blockers)}",
        "# Path or name of a sentence-transformers model; empty: lexical only.",
        f"encoder = {_text(blocking.encoder)}",
        f"encoder_weight = {blocking.encoder_weight}",
        f"encoder_cache = {_text(blocking.encoder_cache)}",
        "",
        f"# Types: {', '.join(ATTRIBUTE_TYPES)}.",
        f"# Roles: {', '.join(ROLES)}.",
    ]


def _attribute(report: AttributeReport, evidence: AxisEvidence | None) -> list[str]:
    examples = " | ".join(_comment(example)[:60] for example in report.examples)
    lines = [
        "",
        f"# {report.fill:.0%} filled, {report.n_unique:,} different: {examples}",
        f"# {_comment(report.evidence)}",
        *_suggestion(report, evidence),
        f"[attributes.{_text(report.name)}]",
        f"type = {_text(str(report.type))}",
        f"role = {_text(str(report.role))}",
    ]
    return [*lines, f"axis = {_text(report.axis)}"] if report.axis else lines


def _suggestion(report: AttributeReport, evidence: AxisEvidence | None) -> list[str]:
    if evidence is None or not (evidence.looks_like_axis or report.axis):
        return []
    told = "looks like an axis" if evidence.looks_like_axis else "does not look like an axis"
    lines = [f"# [attributes.{_text(report.name)}] {told}: {_comment(str(evidence))}"]
    return lines if report.axis else [*lines, '# To make it one: role = "axis"']


def _set(name: str, value: float | None, example: float) -> str:
    return f"# {name} = {example}" if value is None else f"{name} = {value}"


def _text(value: str) -> str:
    # JSON's strings are TOML's basic strings, but for the delete character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"


def _flag(value: bool) -> str:  # noqa: FBT001
    return "true" if value else "false"


def _comment(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
