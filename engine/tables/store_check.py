"""Store check: whether what the manifest of an imported table says of its sections can be.

In:   an opened store.             Out: `consistent`.
Uses: tables.store_format.         Used by: declared_store.
Not here: whether the content is what was written (store_format.verify); that would read all of it.

Whatever passes can be asked without a look beyond the end of a section: no cell is read for this, but for the last number
of each column of places.
"""

from sequela.engine.tables.store_format import ColumnForm, Form, IndexForm, Store, TextsForm

_WHY = "its parts do not fit together"


class _Unfit(Exception):
    """Two parts do not fit together."""


def consistent(store: Store) -> str | None:
    """What does not fit together in the file; None where everything does."""
    try:
        _check(store)
    except (_Unfit, IndexError):
        return _WHY
    return None


def _check(store: Store) -> None:
    form = store.form
    names = [column.name for column in form.columns]
    keys = [column.name for column in form.columns if column.key in ("exact", "under")]
    _need(len({*names, *(form.in_force or ())}) == len(names) + len(form.in_force or ()))
    _need(sorted(form.order) == sorted(keys) and (form.in_force is None) == (form.days is None))
    for column in form.columns:
        _column(store, column, column.name in form.order[:1])
    for section in (form.numbers, form.file_of, form.arrival):
        _need(section is None or _items(form, section) == form.rows)
    _need(bool(form.files) or form.rows == 0)
    if form.days is not None:
        _need(_items(form, form.days.starts) == _items(form, form.days.ends) == form.rows)


def _column(store: Store, column: ColumnForm, is_first: bool) -> None:
    form = store.form
    _texts(store, column.texts)
    count = column.texts.count
    if column.ranges is not None:
        _texts(store, column.ranges)
        count += column.ranges.count
    _need((column.offsets is not None) == is_first)
    if column.offsets is not None:
        _places(store, column.offsets, count, form.rows)
    elif column.ids is not None:
        _need(_items(form, column.ids) == form.rows)
    else:
        _need(column.key is None and count == form.rows)
    _need((column.postings is not None) == (column.key == "in"))
    if column.postings is not None:
        for index in (column.postings.exact, column.postings.beginnings, column.postings.ranges):
            _index(store, index)


def _index(store: Store, index: IndexForm) -> None:
    _texts(store, index.texts)
    _places(store, index.offsets, index.texts.count, _items(store.form, index.rows))


def _texts(store: Store, texts: TextsForm) -> None:
    if texts.blob is None:
        _need(_items(store.form, texts.at) == texts.count and store.form.sections[texts.at].item == "Q")
        return
    _need(store.form.sections[texts.blob].item == "B")
    _places(store, texts.at, texts.count, _items(store.form, texts.blob))


def _places(store: Store, section: int, count: int, last: int) -> None:
    """A column of places: one for each of `count` things and one for the end."""
    _need(_items(store.form, section) == count + 1)
    _need(store.numbers(section)[count] == last)


def _items(form: Form, section: int) -> int:
    _need(section >= 0)
    return form.sections[section].items


def _need(holds: bool) -> None:
    if not holds:
        raise _Unfit
