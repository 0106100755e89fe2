import assert from "node:assert/strict"
import { test } from "node:test"
import { wordsOf } from "../../components/browser/room_clock.js"
import { largest } from "../../components/browser/room_fit.js"
import { property } from "./random.js"

test("text on a board is as large as it fits", () => {
  property(100, ({ whole }) => {
    const [low, high, bound] = [28, whole(28, 80), whole(20, 90)]
    const expected = Math.max(low, Math.min(high, bound))
    assert.equal(
      largest(low, high, (size) => size <= bound),
      expected,
    )
  })
})

test("the time to think is said in minutes and seconds until it is over", () => {
  assert.equal(wordsOf(61.2), "1:01 to think")
  assert.equal(wordsOf(600), "10:00 to think")
  assert.equal(wordsOf(0.4), wordsOf(-20))
})
