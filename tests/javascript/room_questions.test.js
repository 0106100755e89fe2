import assert from "node:assert/strict"
import { test } from "node:test"
import { keepOrder, voteWords, withVote } from "../../components/browser/phone_question_order.js"
import { property } from "./random.js"

test("a question that is shown keeps its place, a new one comes last, and one that is gone leaves", () => {
  const listed = [9, 2, 5].map((number) => ({ number }))
  assert.deepEqual(keepOrder([], listed), [9, 2, 5])
  assert.deepEqual(keepOrder([5, 7, 2], listed), [5, 2, 9])
})

test("all that is listed is shown once, and what stays is in its order", () => {
  property(200, ({ whole }) => {
    const some = () => [...new Set(Array.from({ length: whole(0, 12) }, () => whole(1, 15)))]
    const [shown, listed] = [some(), some()]
    const order = keepOrder(
      shown,
      listed.map((number) => ({ number })),
    )
    assert.deepEqual([...order].sort(), [...listed].sort())
    const stayed = shown.filter((number) => listed.includes(number))
    assert.deepEqual(order.slice(0, stayed.length), stayed)
  })
})

test("a vote counts at once, is taken back at once, and is read out with its text", () => {
  const question = { number: 1, text: "Why <b>two</b>?", votes: 0, answered: false }
  const voted = withVote(question, false)
  assert.equal(voteWords(voted), "Vote for: Why <b>two</b>? (1 vote)")
  assert.deepEqual(withVote(voted, true), question)
  assert.equal(voteWords(withVote(voted, false)), "Vote for: Why <b>two</b>? (2 votes)")
})
