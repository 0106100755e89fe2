"""The introduction: one question in six screens, for a first visit."""

from components.story import story

story.show()
