"""A made-up text in the layout of the Definitions of Medicare Code Edits: few codes, every turn of the true one."""

CONTENTS = """\
Definitions of Medicare Code Edits
Version 43.1 April 2026

Table of Contents
Chapter 1: Edit code lists 7
1. Invalid diagnosis or procedure code 7
4. Age conflict 8
A. Perinatal/Newborn diagnoses 8
9. Unacceptable principal diagnosis 55
Chapter 2: Code list changes 90
"""

EDITS = """\
Chapter 1: Edit code lists
1. Invalid diagnosis or procedure code
The editor checks each code against a table.
2. External causes of morbidity codes as principal diagnosis
They begin with the letters V through Y.
3. Duplicate of PDX
4. Age conflict
\u2022 Pediatric. Age range is 0\u201317 years inclusive.
A. Perinatal/Newborn diagnoses
A33\tTetanus neonatorum
Z3800\tSingle liveborn infant, delivered vaginally
B. Pediatric diagnoses (age 0 through 17)
Z00129\tEncounter for routine child health examination
C. Maternity diagnoses (age 9 through 64)
O80\tEncounter for full-term uncomplicated delivery
Z370\tSingle live birth
D. Adult diagnoses (age 15 through 124)
H2510\tAge-related nuclear cataract, unspecified eye
5. Sex conflict (deactivated as of 10/01/2024)
6. Manifestation code as principal diagnosis
Manifestation codes not allowed as principal diagnosis
F0280\tDementia in other diseases classified elsewhere
G130\tParaneoplastic neuromyopathy and neuropathy
7. Non-specific principal diagnosis (discontinued as of 10/01/07)
R69\tIllness, unspecified
8. Questionable admission
A. Some diagnoses are seldom reason enough to admit a patient.
Questionable admission codes
I10\tEssential (primary) hypertension
B. The following ICD-10-PCS procedure codes describe a delivery.
10D00Z0\tExtraction of Products of Conception, High, Open Approach
10E0XZZ\tDelivery of Products of Conception, External Approach
Z370\tSingle live birth
9. Unacceptable principal diagnosis
The code Z51.89 is acceptable when a secondary diagnosis is also coded; otherwise it requires a secondary diagnosis.
Unacceptable principal diagnosis codes
R6520\tSevere sepsis without septic shock
Z16.10\tResistance to unspecified beta lactam antibiotics
R6520\tSevere sepsis without septic shock
10. Non-specific O.R. procedure (discontinued as of 10/01/07)
11. Non-covered procedure
A. The following are never covered.
00F3XZZ\tFragmentation in Epidural Space, External Approach
B. Pancreas transplant, with a kidney transplant or one of these diagnoses
0FYG0Z0\tTransplantation of Pancreas, Allogeneic, Open Approach
0TY00Z0\tTransplantation of Right Kidney, Allogeneic, Open Approach
E1010\tType 1 diabetes mellitus with ketoacidosis without coma
C. (discontinued)
D. Not covered for leukemia
30233Y0\tTransfusion of Autologous Hematopoietic Stem Cells
C9100\tAcute lymphoblastic leukemia not having achieved remission
F. Not covered over age 60
0SR20JZ\tReplacement of Lumbar Vertebral Disc with Synthetic Substitute
G. Not covered with Z30.2
0UL74ZZ\tOcclusion of Bilateral Fallopian Tubes
Z302\tEncounter for sterilization
12. Open biopsy check (discontinued as of 10/01/10)
13. Bilateral procedure (discontinued as of ICD\u201110 implementation)
14. Invalid age
15. Invalid sex
16. Invalid discharge status
17. Limited coverage
02YA0Z0\tTransplantation of Heart, Allogeneic, Open Approach
18. Wrong procedure performed
Y6551\tPerformance of wrong procedure on correct patient
19. Procedure inconsistent with LOS
5A1955Z\tRespiratory Ventilation, Greater than 96 Consecutive Hours
20. Unspecified code
S72009A\tFracture of unspecified part of neck of unspecified femur
"""

CHANGES = """\
Chapter 2: Code list changes
4. Age conflict
B. Pediatric diagnoses (age 0 through 17)
Added
J1282\tA code that is only said to have changed
Appendix A: Unacceptable principal diagnosis
R6520\tSevere sepsis without septic shock
"""

TEXT = CONTENTS + EDITS + CHANGES


def as_published(text: str = TEXT) -> bytes:
    """The text as CMS writes it: Windows line ends, and the dashes and bullets of Windows in single bytes."""
    return text.replace("\u2011", "-").replace("\n", "\r\n").encode("cp1252")
