"""Made-up 837s for the tests: segments in, a whole interchange out."""

import io

from sequela.engine.encounter.from_x12 import read_x12

PROFESSIONAL = "005010X222A1"
INSTITUTIONAL = "005010X223A2"

BILLER = ("HL*1**20*1", "PRV*BI*PXC*207Q00000X", "NM1*85*2*MEADOW CLINIC*****XX*1234567893", "N4*AUSTIN*TX*78701")
SUBSCRIBER = (
    "HL*2*1*22*0",
    "SBR*P*18*GRP-70*EVERGREEN PLAN*****MB",
    "NM1*IL*1*AMBER*ADA****MI*1MU0AA0AA01",
    "DMG*D8*19500601*F",
    "NM1*PR*2*MEDICARE*****PI*MEDICARE",
)
CLAIM = ("CLM*C-1*92***11:B:1*Y*A*Y*Y", "HI*ABK:I10*ABF:E119*ABF:L570")
LINE = ("LX*1", "SV1*HC:99213*92*UN*1***1", "DTP*472*D8*20260302")
STAY = ("CLM*H-1*92***11:A:1**A*Y*Y", "DTP*434*RD8*20260220-20260227", "CL1*1*1*01", "HI*ABK:I10")
STAY_LINE = ("LX*1", "SV2*0120**92*DA*7")


def transaction(*body, guide=PROFESSIONAL, number="0001", code="837"):
    """The segments from ST to SE, counted."""
    inside = [f"ST*{code}*{number}*{guide}", "BHT*0019*00*1*20260303*0705*CH", *body]
    return [*inside, f"SE*{len(inside) + 1}*{number}"]


def interchange(*transactions, guide=PROFESSIONAL, number=1, repetition="^", component=":"):
    """The segments from ISA to IEA."""
    isa = (
        f"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260303*0705*{repetition}*00501"
        f"*{number:09d}*0*T*{component}"
    )
    group = f"GS*HC*SENDER*RECEIVER*20260303*0705*{number}*X*{guide}"
    inside = [segment for one in transactions for segment in one]
    return [isa, group, *inside, f"GE*{len(transactions)}*{number}", f"IEA*1*{number:09d}"]


def professional(*body, head=(*BILLER, *SUBSCRIBER)):
    """A file with one transaction of professional claims."""
    return interchange(transaction(*head, *body))


def institutional(*body, head=(*BILLER, *SUBSCRIBER)):
    """A file with one transaction of institutional claims."""
    return interchange(transaction(*head, *body, guide=INSTITUTIONAL), guide=INSTITUTIONAL)


def written(segments, terminator="~", newline="\n"):
    """The bytes of a file."""
    return "".join(segment + terminator + newline for segment in segments).encode()


def reads(segments, **how):
    """Every `Read` of segments or bytes."""
    data = segments if isinstance(segments, bytes) else written(segments, **how)
    return list(read_x12(io.BytesIO(data), "made.837"))


def claim_of(segments):
    """The one claim of a file about which there is nothing to say."""
    (one,) = reads(segments)
    assert one.problems == ()
    return one.encounter


def told(segments):
    """The claims of a file, and every (code, claim, place) that is said about them."""
    found = reads(segments)
    for one in found:
        assert (one.encounter is None) == any(problem.fatal for problem in one.problems)
    claims = [one.encounter for one in found if one.encounter is not None]
    return claims, [(problem.code, problem.claim, problem.place) for one in found for problem in one.problems]


def with_(segments, old, new):
    """The segments with one text put in the place of another, which has to be there."""
    assert any(old in segment for segment in segments), old
    return [segment.replace(old, new) for segment in segments]
