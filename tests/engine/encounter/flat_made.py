"""Made-up claims in a flat table: rows as dictionaries, and the texts of tables."""

import csv
import io

PROFESSIONAL = {
    "claim_id": "C-1",
    "claim_line_number": "1",
    "claim_type": "professional",
    "patient_id": "P-7",
    "claim_start_date": "2026-03-02",
    "claim_end_date": "2026-03-02",
    "claim_line_start_date": "2026-03-02",
    "place_of_service_code": "11",
    "hcpcs_code": "99213",
    "hcpcs_modifier_1": "25",
    "service_unit_quantity": "1",
    "charge_amount": "120.00",
    "rendering_npi": "1234567893",
    "billing_npi": "1992999999",
    "diagnosis_code_type": "icd-10-cm",
    "diagnosis_code_1": "E119",
    "diagnosis_code_2": "L57.0",
}
STAY = {
    "claim_id": "H-1",
    "claim_line_number": "1",
    "claim_type": "institutional",
    "patient_id": "P-8",
    "claim_start_date": "2026-03-02",
    "claim_end_date": "2026-03-06",
    "admission_date": "2026-03-02",
    "admit_type_code": "3",
    "discharge_disposition_code": "1",
    "bill_type_code": "111",
    "ms_drg_code": "65",
    "revenue_center_code": "120",
    "service_unit_quantity": "4",
    "charge_amount": "4000.00",
    "diagnosis_code_type": "icd-10-cm",
    "diagnosis_code_1": "I6340",
    "diagnosis_poa_1": "Y",
    "procedure_code_type": "icd-10-pcs",
    "procedure_code_1": "02100Z9",
    "procedure_date_1": "2026-03-03",
}
MEMBERS = (
    {
        "person_id": "P-7",
        "gender": "F",
        "birth_date": "1950-06-01",
        "payer": "medicare",
        "plan": "B",
        "enrollment_start_date": "2020-01-01",
        "enrollment_end_date": "2026-02-28",
    },
    {
        "person_id": "P-7",
        "gender": "F",
        "birth_date": "1950-06-01",
        "payer": "northwind",
        "plan": "PPO",
        "enrollment_start_date": "2026-03-01",
        "enrollment_end_date": "",
    },
)


def row(of=None, **changes):
    """A row with some of its cells changed; one that is None goes."""
    found = {**(of or PROFESSIONAL), **changes}
    return {key: value for key, value in found.items() if value is not None}


def table(*rows, delimiter=","):
    """The text of a table with these rows, each with the columns of all of them."""
    columns = list(dict.fromkeys(key for one in rows for key in one))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=delimiter, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
