"""The option of the catalogue of mistakes: write what is said now as what is expected."""


def pytest_addoption(parser):
    parser.addoption(
        "--update-mistakes",
        action="store_true",
        help="write the messages of the catalogue of mistakes anew, to be read before they are kept",
    )
