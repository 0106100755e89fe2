// @ts-check
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  isRight,
  numberHint,
  numberOf,
  positionsOf,
  withOption,
  wordsOf,
} from "../../components/browser/phone_choice.js"

test("several options are one number, whatever the order of the presses", () => {
  let mask = /** @type {number | null} */ (null)
  for (const i of [4, 0, 2]) mask = withOption(mask, i, true)
  assert.equal(mask, 0b10101)
  assert.deepEqual(positionsOf(0b10101), [0, 2, 4])
  assert.equal(withOption(0b10101, 2, false), 0b10001)
  assert.equal(withOption(0b1, 0, false), 0)
  assert.equal(withOption(0b1, 0, true), 0b1)
})

test("a number is read with a point, a comma and either minus, and nothing else is one", () => {
  const read = { 2: 2, " 1,95 ": 1.95, "-3.5": -3.5, "−7": -7, ".5": 0.5, "1e3": 1000, "+4": 4 }
  for (const [typed, number] of Object.entries(read)) assert.equal(numberOf(typed), number)
  for (const typed of ["", "abc", "1,2,3", "1.000,5", "Infinity", "0x10", "1e", "--1", "2 m"])
    assert.equal(numberOf(typed), null, typed)
})

test("a comma that may separate thousands is not guessed, and the hint has both numbers", () => {
  for (const typed of ["4,762", " 1,000 ", "-12,345", "−1,500"]) assert.equal(numberOf(typed), null, typed)
  assert.equal(numberHint(" 4,762"), "Write 4762 or 4.762: 4,762 can mean both.")
  const decimal = { "0,125": 0.125, "1234,567": 1234.567, "1,5": 1.5, "1,9500": 1.95 }
  for (const [typed, number] of Object.entries(decimal)) assert.equal(numberOf(typed), number)
  assert.equal(numberHint("two"), "Type a number, such as 2, 0.5 or -3.")
})

test("an answer in words", () => {
  assert.equal(wordsOf("one", 2), "C")
  assert.equal(wordsOf(undefined, 0), "A")
  assert.equal(wordsOf("several", 0b101), "A and C")
  assert.equal(wordsOf("several", 0b111), "A, B and C")
  assert.equal(wordsOf("several", 0b10), "B")
  assert.equal(wordsOf("number", 1.95), "1.95")
})

test("a number is right in its range, with its ends", () => {
  for (const value of [1.9, 2, 2.1]) assert.ok(isRight(value, [1.9, 2.1]))
  for (const value of [1.89, 2.11, -2]) assert.ok(!isRight(value, [1.9, 2.1]))
  assert.ok(isRight(5, 5))
  assert.ok(!isRight(4, 5))
})
