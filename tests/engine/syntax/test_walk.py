from sequela.engine.source import Source
from sequela.engine.syntax.conditions import AllOf, IsIn, Path
from sequela.engine.syntax.declarations import CodesDeclaration, Header, RuleDeclaration, When
from sequela.engine.syntax.node import Name
from sequela.engine.syntax.parse import parse
from sequela.engine.syntax.walk import children, find_at, path_to, walk

TEXT = """ruleset demo "Demo"

codes visits of HCPCS
  99202 .. 99205

rule VISIT-1 "A visit"
  for each  line visit
  when      visit.code is in visits and visit.units is 1
  forbidden
  if fail   deny visit
"""


def file():
    read, faults = parse(Source("demo.rules", TEXT))
    assert faults == ()
    return read


def test_the_children_of_a_file():
    assert [type(child) for child in children(file())] == [Header, CodesDeclaration, RuleDeclaration]


def test_children_stand_in_the_order_of_the_text():
    rule = file().declarations[1]
    assert [child.span.text.split()[0] for child in children(rule)][:3] == ["VISIT-1", '"A', "for"]


def test_a_walk_meets_every_node_once_and_wholes_first():
    met = list(walk(file()))
    assert len({id(one) for one in met}) == len(met)
    assert sum(isinstance(one, AllOf) for one in met) == 1
    names = [one.text for one in met if isinstance(one, Name)]
    assert names == ["demo", "visits", "HCPCS", "VISIT-1", "visit", "deny", "visit"]
    for one in met:
        for child in children(one):
            assert one.span.start <= child.span.start <= child.span.end <= one.span.end


def test_the_smallest_node_at_a_place():
    found = find_at(file(), TEXT.index("is in visits") + 8)
    assert isinstance(found, Path)
    assert found.parts == ("visits",)
    assert [type(one) for one in path_to(file(), found.span.start)] == [RuleDeclaration, When, AllOf, IsIn, Path]


def test_nothing_stands_between_declarations():
    assert find_at(file(), TEXT.index("\ncodes")) is None
    assert find_at(file(), len(TEXT) + 5) is None
