"""Imports: the files of publishers become tables of a data folder."""
