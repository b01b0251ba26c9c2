"""A catalogue and a model that a session can ask, made up."""

from pathlib import Path

from matcher.labelling import Question
from matcher.labelling.pictures import find_picture
from matcher.labelling.view import ModelView, PairView, PictureView, SideView, view_field

NASTY = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>\u202e\x1b[31m\x00"


class FakeAsker:
    """Asks about rows 0 and 1, 2 and 3, ..., every third question of a random sample."""

    def __init__(self, n_pairs=100):
        self.waiting = [
            Question(2 * n, 2 * n + 1, "random", "low", 900)
            if n % 3 == 2
            else Question(2 * n, 2 * n + 1, "boundary-exact")
            for n in range(n_pairs)
        ]
        self.told, self.learned, self.to_settle, self.error = [], [], [], None

    def tell(self, replies):
        self.told = list(replies)
        known = {(reply.left, reply.right) for reply in replies}
        self.waiting = [one for one in self.waiting if (one.left, one.right) not in known]

    def questions(self, n=1):
        found, self.waiting = self.waiting[:n], self.waiting[n:]
        return found

    def give_back(self, questions):
        self.to_settle += [(question, "different") for question in questions]

    def settled(self):
        found, self.to_settle = self.to_settle, []
        return found

    def learn(self):
        if self.error:
            raise self.error
        self.learned.append(len(self.told))
        return True


class FakeShower:
    """Calls row 7 ``r7``, of the source ``shop``."""

    def __init__(self, title="Lamp {row}", pictures=(), folder=None):
        self.title, self.pictures, self.folder = title, pictures, folder

    def view(self, left, right):
        sides = [
            SideView(*self.name(row), ((self.title.format(row=row), False),), self.pictures)
            for row in (left, right)
        ]
        long = " ".join(f"word{n}" for n in range(150))
        fields = (
            view_field("color", "red", "blue"),
            view_field("brand", "Lumo", ""),
            view_field("description", long, f"{long} more"),
        )
        return PairView(*sides, fields, ("color", "size"), ("color",))

    def judge(self, left, right):
        return ModelView((0.25, 0.7, 0.05), (("variant", "color differs: red / blue"),))

    def picture(self, row, nth):
        paths = [one for one in self.pictures if not one.is_remote]
        return find_picture(paths[nth].address, [Path(self.folder)]) if nth < len(paths) else None

    def name(self, row):
        return f"r{row}", "shop"

    def find(self, answers):
        return [
            (int(answer.left_id[1:]), int(answer.right_id[1:]))
            if answer.left_id.startswith("r")
            else None
            for answer in answers
        ]


def fake_estimate(replies):
    measures = [
        {"of": "duplicates", "name": name, "value": 0.9, "low": 0.8, "high": 0.95}
        for name in ("precision", "recall")
    ]
    return {"measures": measures if replies else [], "note": "made up"}


class NastyShower(FakeShower):
    """Says something harmful in every place that a catalogue fills."""

    def name(self, row):
        return f"r{row}{NASTY}", NASTY

    def view(self, left, right):
        pieces = ((NASTY, True), (NASTY, False))
        pictures = (PictureView("javascript:window.hacked=1", is_remote=True),)
        sides = [SideView(*self.name(row), pieces, pictures) for row in (left, right)]
        return PairView(*sides, (view_field(NASTY, NASTY, "x"),), (NASTY,), (NASTY,))

    def judge(self, left, right):
        return ModelView((0.1, 0.2, 0.7), (("same", NASTY),))

    def find(self, answers):
        return [None for _ in answers]
