"""Ask about pairs in the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from matcher.cli.screen import out, printable

if TYPE_CHECKING:
    from matcher.labelling.session import Key, Session
    from matcher.labelling.view import ModelView, PairView, Piece, SideView

SAID_BY_KEY = {"1": "exact", "2": "variant", "3": "different", "0": "unsure"}
PROMPT = "1 exact, 2 variant, 3 different, 0 unsure, u undo, q quit: "
MARK = "bold yellow underline"


def ask_in_terminal(session: "Session") -> None:
    """Ask until the person quits, or there is nothing left to ask."""
    while True:
        current = session.current()
        if current is None:
            out().print("There is nothing left to ask: every other answer follows from yours.")
            return
        pair, view = current
        _show(view, session)
        key = _read(PROMPT)
        while key not in (*SAID_BY_KEY, "u", "q"):
            out().print(Text(f"{key!r} is no answer."))
            key = _read(PROMPT)
        if key == "q":
            return
        if key == "u":
            is_undone = session.undo()
            out().print("Taken back." if is_undone else "There is no answer to take back.")
            continue
        differs_in = _ask_differences(view) if key == "2" else ()
        session.answer(pair, SAID_BY_KEY[key], differs_in)
        _show_judged(session, pair, SAID_BY_KEY[key])


def _read(prompt: str) -> str:
    """Return what the person types, in lower case; the end of the input quits."""
    try:
        return out().input(Text(prompt)).strip().lower()
    except (EOFError, KeyboardInterrupt):
        out().print()
        return "q"


def _show(view: "PairView", session: "Session") -> None:
    console = out()
    console.print(Rule())
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("", overflow="fold", ratio=1)
    for side in (view.left, view.right):
        table.add_column(Text(_name(side)), overflow="fold", ratio=3)
    table.add_row("title", _text(view.left.title), _text(view.right.title), style="bold")
    for field in view.fields:
        quiet = "" if field.state == "differs" else "dim"
        table.add_row(
            Text(printable(field.name)), _text(field.left), _text(field.right), style=quiet
        )
    console.print(table)
    console.print(Text(_progress(session)), style="dim")


def _name(side: "SideView") -> str:
    return printable(f"{side.id} · {side.source}" if side.source else side.id)


def _text(pieces: Sequence["Piece"]) -> Text:
    if not pieces:
        return Text("-")
    return Text.assemble(
        *((printable(text), MARK if is_marked else "") for text, is_marked in pieces)
    )


def _progress(session: "Session") -> str:
    found = session.progress()
    counts = [f"{n} {said}" for said, n in found["by_relation"].items() if n]
    told = f"Answers: {', '.join(counts)}." if counts else "No answers yet."
    for one in (found["estimate"] or {}).get("measures", ()):
        bounds = f"{one['low']:.0%} to {one['high']:.0%}"
        told += f" {one['of']}, {one['name']}: {one['value']:.0%} ({bounds})."
    return f"{told} {found['problem']}".strip()


def _ask_differences(view: "PairView") -> tuple[str, ...]:
    """Return the attributes that a variant differs in; Enter takes those that are guessed."""
    if not view.choices:
        return ()
    listed = printable(", ".join(f"{nth} {name}" for nth, name in enumerate(view.choices, 1)))
    usual = printable(" and ".join(view.guessed)) or "none of them"
    while True:
        typed = _read(f"They differ in: {listed}. Numbers, or Enter for {usual}: ")
        if typed in ("", "q"):
            return view.guessed
        numbers = typed.replace(",", " ").split()
        if all(each.isdigit() and 1 <= int(each) <= len(view.choices) for each in numbers):
            return tuple(view.choices[int(each) - 1] for each in numbers)


def _show_judged(session: "Session", pair: "Key", said: str) -> None:
    judged = session.judge(pair)
    if judged is None:
        return
    console = out()
    console.print(Text(f"You said {said}. The model: {_shares(judged)}."))
    for favours, reason in judged.reasons:
        text = printable(reason)
        console.print(Text(f"  {text}" if favours == "neither" else f"  {favours}: {text}"))


def _shares(judged: "ModelView") -> str:
    names = ("exact", "variant", "different")
    shares = zip(names, judged.probabilities, strict=True)
    return ", ".join(f"{name} {share:.0%}" for name, share in shares)
