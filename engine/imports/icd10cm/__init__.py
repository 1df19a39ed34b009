"""ICD-10-CM: the published tabular list and order file as tables of the rule language."""
