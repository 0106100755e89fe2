import assert from "node:assert/strict"
import { test } from "node:test"
import { wordsOf } from "../../components/browser/room_clock.js"
import { largest } from "../../components/browser/room_fit.js"
import { pathOf, scaleOf } from "../../components/browser/room_picture_charts.js"
import { rowsAt } from "../../components/browser/room_regions.js"
import { linesOf } from "../../components/browser/room_runs.js"
import { property } from "./random.js"

test("rows that have a place of their own stay, and others make way in their order", () => {
  assert.deepEqual(rowsAt([10, 200, 100], 45, 0, 400), [10, 200, 100])
  assert.deepEqual(rowsAt([100, 110, 390], 45, 0, 380), [100, 145, 380])
  property(200, ({ between, whole }) => {
    const wanted = Array.from({ length: whole(1, 6) }, () => between(0, 400))
    const placed = rowsAt(wanted, 45, 20, 380)
    const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b])
    order.forEach((row, i) => {
      assert.ok(placed[row] >= 20 - 1e-9 && placed[row] <= 380 + 1e-9)
      if (i) assert.ok(placed[row] - placed[order[i - 1]] >= 45 - 1e-9)
    })
  })
})

/** @type {(low: number, high: number) => { low: number, high: number, log: boolean, ticks: [] }} */
const axis = (low, high) => ({ low, high, log: false, ticks: [] })
const AREA = { x: scaleOf(axis(0, 10), 50, 366), y: scaleOf(axis(0, 4), 254, 10) }

test("the lines of a class are read from 16 bits a value", () => {
  const lines = Buffer.from(new Uint16Array([0, 65_534, 65_535, 32_767]).buffer).toString("base64")
  assert.deepEqual(linesOf({ epochs: [0, 5], range: [2, 4], lines }), [
    [2, 4],
    [null, 3],
  ])
})

test("a line has a gap where it has no value", () => {
  assert.equal(pathOf(AREA, [0, 5, 10], [0, 2, 4]), "M50.0 254.0L208.0 132.0L366.0 10.0")
  assert.equal(pathOf(AREA, [0, 5, 10], [null, 2, 4]), "M208.0 132.0L366.0 10.0")
  assert.equal(pathOf(AREA, [0, 5, 10], [0, null, 4]), "M47.0 254.0h6M363.0 10.0h6")
})

test("a run of one epoch is a point", () => {
  assert.ok(Number.isFinite(scaleOf(axis(3, 3), 50, 366)(3)))
})

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

test("a value stands at its place on an axis, also on a logarithmic one, and beyond it at its end", () => {
  const linear = scaleOf({ low: 2, high: 6, log: false, ticks: [] }, 0, 100)
  assert.deepEqual([2, 4, 6, -9, 99].map(linear), [0, 50, 100, 0, 100])
  const log = scaleOf({ low: 0.01, high: 100, log: true, ticks: [] }, 100, 0)
  assert.deepEqual(
    [0.01, 1, 100, 0, -5].map((value) => Math.round(log(value))),
    [100, 50, 0, 100, 100],
  )
})
