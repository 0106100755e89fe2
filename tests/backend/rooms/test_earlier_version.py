"""A room of the version before questions from it, codes of boards, former codes and times of joining goes on."""

from __future__ import annotations

from sqlalchemy import text

from tests.backend.database.storage import BOTH
from tests.builders.rooms import Classroom

#: What the migrations add, taken away again.
_BEFORE = [
    "ALTER TABLE room_answer DROP COLUMN value",
    "DROP TABLE own_table_owner",
    "DROP TABLE own_table",
    "DROP TABLE own_network",
    "DROP TABLE room_report",
    "DROP TABLE homework",
    "DROP TABLE homework_answer",
    "DROP TABLE room_question_vote",
    "DROP TABLE room_question",
    "ALTER TABLE room DROP COLUMN questions_version",
    "UPDATE room SET state = REPLACE(state, '\"questions\"\\:true,', '')",
    "DROP TABLE room_board_code",
    "DROP TABLE room_former_code",
    "ALTER TABLE room DROP COLUMN network",
    "ALTER TABLE room DROP COLUMN looked",
    "ALTER TABLE room_participant DROP COLUMN joined",
    "ALTER TABLE room_participant DROP COLUMN network",
    "UPDATE alembic_version SET version_num = '0006'",
]


@BOTH
def test_a_room_of_an_earlier_version_goes_on(start, storage):
    room = Classroom.open(*start())
    ada, _ = room.join("ada", "bob")
    room.act("begin")
    room.answer(ada, 1)
    at = room.database.read(lambda c: c.execute(text("SELECT at FROM room_participant WHERE number = 1")).scalar())

    def downgrade(connection):
        for statement in _BEFORE:
            connection.execute(text(statement))

    room.rooms.close()  # its thread reads tables that this changes
    room.database.commit(downgrade, 60)
    room.database.close()
    later = room.seen_by(*start())
    assert later.options() == {1: 1}
    assert later.view.participants[1].joined == at
    assert later.rooms.find(room.opened.room.code, "cy", "192.0.2.7") == room.id
    later.rooms.questions.ask(room.id, ada, "May I ask?")
    assert [each.text for each in later.view.listed_questions] == ["May I ask?"]
    later.act("lock")
    later.rooms.host.new_code(room.id)
    assert later.rooms.host.remove_unanswered(room.id) == [2]
