"""A biller's loop is the parent of as many subscribers as a file holds."""

from io import BytesIO

from sequela.engine.encounter.from_x12 import read_x12


def test_the_two_thousandth_subscriber_still_has_its_biller() -> None:
    head = (
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260303*1200*^*00501*000000001*0*T*:~"
        "GS*HC*S*R*20260303*1200*1*X*005010X222A1~ST*837*0001*005010X222A1~BHT*0019*00*1*20260303*1200*CH~"
        "HL*1**20*1~NM1*85*2*CLINIC*****XX*1234567893~"
    )
    claims = "".join(
        f"HL*{number}*1*22*0~SBR*P*18*******MB~NM1*IL*1*DOE*JO****MI*M{number}~DMG*D8*19500601*F~NM1*PR*2*M*****PI*MEDICARE~"
        f"CLM*C{number}*120***11:B:1*Y*A*Y*Y~HI*ABK:I10~LX*1~SV1*HC:99213*120*UN*1***1~DTP*472*D8*20260302~"
        for number in range(2, 2002)
    )
    count = (head + claims).count("~") - 2 + 1
    text = f"{head}{claims}SE*{count}*0001~GE*1*1~IEA*1*000000001~"
    read = list(read_x12(BytesIO(text.encode()), "many.837"))
    assert len(read) == 2000
    assert [problem.message for one in read for problem in one.problems] == []
    assert {one.encounter.billing.npi for one in read if one.encounter is not None} == {"1234567893"}
