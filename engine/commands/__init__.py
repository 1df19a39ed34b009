"""Commands: what each command of `sequela` does, without knowing how a command line is read.

Each module has one function `run`, which writes its results to standard output, what else there is to say to standard error, and
returns the exit status: 0 all clean, 1 something was found, 2 the work could not be done. `cli.py` calls them by name, so that
asking for help does not load an engine.
"""
