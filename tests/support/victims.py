"""Cases of an invented force with the victims of each, most of whom were asked and agreed."""

import random
from datetime import date, timedelta

import duckdb


def invented_cases(path, seed, many=1500):
    """Cases of an invented force, of whose victims most were asked and agreed."""
    drawn = random.Random(seed)
    rows = []
    for at in range(many):
        victims = []
        for _ in range(drawn.choices([0, 1, 2], [14, 80, 6])[0]):
            asked = drawn.random() < 0.96
            said = drawn.choices(
                ["agree", "disagree", "no_view", "not_contactable"], [88, 2, 2, 4]
            )[0]
            victims.append(
                {"contact_made": asked, "position": said if asked else "not_contactable"}
            )
        agreed = all(one["position"] == "agree" for one in victims)
        reason = (
            None
            if all(one["contact_made"] for one in victims)
            else drawn.choice(["could_not_be_reached", "not_asked"])
        )
        rows.append((
            f"R{at}", date(2023, 4, 1) + timedelta(days=drawn.randrange(731)),
            drawn.choices(["46", "8N", "58B", "92D"], [30, 22, 14, 12])[0], drawn.choice([12, 15, 25, 33]),
            drawn.choice(["male", "male", "female"]), victims, not agreed and drawn.random() < 0.8, True, reason, True,
        ))  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE cases (case_reference VARCHAR, decision_date DATE, offence_code VARCHAR, "
            "offender_age INTEGER, "
            'offender_sex VARCHAR, victims STRUCT(contact_made BOOLEAN, "position" VARCHAR)[], '
            "recorded_supervisor_consulted BOOLEAN, supervisor_agreed BOOLEAN, victim_not_consulted_reason VARCHAR, "
            "invented BOOLEAN)"
        )
        connection.executemany(f"INSERT INTO cases VALUES ({', '.join('?' * 10)})", rows)
        connection.execute(f"COPY cases TO '{path}' (FORMAT parquet)")
    return path
