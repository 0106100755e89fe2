"""The help of the controls of rooms."""

from __future__ import annotations

from components.help import Help, reader

HELP: dict[str, Help] = {
    "room.code": Help("The six letters and digits on the board. Capitals and small letters are the same."),
    "room.exit": Help("Leads to the page where you open rooms. It lists those that you have opened."),
    "room.lesson": Help("The lesson whose questions the room answers. Its text stays as it is now."),
    "room.shuffle": Help(
        "The options of each question of the lesson are in a random order: the same on the board and on all phones."
    ),
    "room.next": Help("Leads on. The button says what happens next."),
    "room.undo": Help(
        "Takes back your last action: a step or a setting. Answers stay, until you skip to their question or reveal "
        "the result of an earlier round."
    ),
    "room.alias": Help("What is shown of this participant. An empty alias restores the first one."),
    "room.remove": Help("Removes the participant and their answers from the room, or lets them back in."),
    "room.silent": Help("Removes everybody from whom this room has no answer. You can let them back in."),
    "room.since": Help("Removes everybody who joined in this time. You can let them back in."),
    "room.back": Help("Lets everybody back in whom you have removed."),
    "room.minutes": Help("Choose the time, then read how many would be removed."),
    "room.new_code": Help(
        "Gives the room another code and QR code. The earlier ones let nobody else in. Everybody inside stays. "
        "The board shows the new one."
    ),
    "room.passphrase": Help("The operator of this server has it. Your browser can then open rooms for up to 12 hours."),
    "room.keys": Help(
        "Space, U, H and Q press the buttons that name them. Switch this off if you press them by accident."
    ),
    "room.delete": Help("Deletes the room with all answers. This cannot be undone."),
    "room.pause": Help("Nobody can answer until you resume."),
    "room.show_last": Help("Shows everybody the last result that you revealed before this question."),
    "room.skip": Help(
        "Goes to the next question, or after the last one to the end. A result that you have not revealed stays hidden."
    ),
    "room.reset": Help("Asks this question again from its beginning. Its answers are deleted."),
    "room.lock": Help("Nobody else can join."),
    "room.unlock": Help("Others can join again."),
    "room.names": Help("Participants may replace their alias with a name."),
    "room.aliases": Help("Participants have aliases only. Names that they chose are replaced with aliases."),
    "room.close": Help("Ends the room for all. Results can be looked at until it is deleted, 30 days later."),
}

text = reader(HELP)
