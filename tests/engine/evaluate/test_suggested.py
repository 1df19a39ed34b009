"""Suggestions: the frames on which a suggested change could be tried."""

from tried import DAY, compiled, view_of

from sequela.engine.evaluate.suggested import suggested_frames
from sequela.engine.evaluate.walk import walk

LINE = {"code": "99213", "date": DAY, "diagnoses": [1], "modifiers": ["25", "59"]}


def frames(text, **facts):
    """What the names in the suggestion of the first failure are, frame by frame."""
    found, view = compiled(text), view_of(**facts)
    verdict = walk(found.rules.selections[None], found.tables, view)[0]
    assert verdict.status.value == "fail"
    suggestion = verdict.segment.version.suggestion
    slots = {one.slot for one in suggestion.free}
    return [
        [bound.pointer for slot, bound in enumerate(frame) if slot in slots]
        for frame in suggested_frames(verdict, suggestion, view)
    ]


def test_a_name_that_nothing_bound_ranges_over_the_claim():
    text = """
    rule R "r"
      for each line l
      require some diagnosis dx of l where dx.code is E11.9
      if fail deny l
      suggest point l to dx only if "it was meant"
    """
    diagnoses = [{"code": "I10"}, {"code": "E11.9"}, {"code": "J06.9", "role": "admitting"}]
    assert frames(text, lines=[LINE], diagnoses=diagnoses) == [["/diagnoses/0"], ["/diagnoses/1"]]


def test_names_of_one_change_never_mean_the_same_thing():
    text = """
    rule R "r"
      for each diagnosis dx
      require some other diagnosis cause where (cause.code is I10 and cause comes before dx)
      if fail reject dx
      suggest move cause before dx
    """
    diagnoses = [{"code": "E11.9"}, {"code": "I10"}, {"code": "J06.9"}]
    assert frames(text, diagnoses=diagnoses) == [["/diagnoses/1"], ["/diagnoses/2"]]


def test_modifiers_are_those_of_the_line_that_is_changed():
    text = """
    rule R "r"
      for each line l
      require not (some modifier m of l where m.code is 59)
      if fail deny l
      suggest remove modifier 59 from l
    """
    assert frames(text, lines=[LINE]) == [[]]
