"""`python -m sequela`: the same as the command `sequela`, for where that is not on the path."""

from sequela.cli import main

if __name__ == "__main__":
    main(prog_name="sequela")
