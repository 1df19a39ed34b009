"""The formatter never changes what a file says, keeps every comment, and has nothing to do to its own work."""

from hypothesis import HealthCheck, given, settings

import strategies_syntax as rules
from sequela.engine.source import Source
from sequela.engine.syntax.format import format_file
from sequela.engine.syntax.parse import parse

MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def read(text):
    file, faults = parse(Source("file.rules", text))
    assert faults == ()
    return file


def said(file):
    return file.header, file.declarations


@MANY
@given(rules.rule_files())
def test_what_is_printed_is_read_back(file):
    assert said(read(format_file(file))) == said(file)


@MANY
@given(rules.texts())
def test_any_layout_says_the_same(pair):
    file, text = pair
    assert said(read(text)) == said(file)


@MANY
@given(rules.texts())
def test_comments_stay_and_a_second_time_changes_nothing(pair):
    file, text = pair
    once = format_file(read(text))
    again = read(once)
    assert said(again) == said(file)
    assert [comment.text for comment in again.comments] == [comment.text for comment in read(text).comments]
    assert format_file(again) == once
