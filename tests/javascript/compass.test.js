import assert from "node:assert/strict"
import { test } from "node:test"
import { placeLabels } from "../../components/browser/compass_labels.js"
import { interpolate } from "../../components/browser/compass_table.js"
import { close, property } from "./random.js"

const wide = (words) => 7 * words.length
const label = (words, x, y, more = {}) => ({ words, x, y, dx: 0, dy: 1, ...more })

test("methods with one tip share a label, and a head keeps its own", () => {
  const methods = ["mean", "PCGrad"].map((words, i) => label(words, 200 + i, 100, { method: true }))
  const words = placeLabels([label("head A", 200, 100), ...methods], wide, 600, 400, []).map((each) => each.words)
  assert.deepEqual(words.sort(), ["head A", "mean = PCGrad"])
})

test("labels above each other do not touch, and stay in the picture", () => {
  property(200, ({ between, whole }) => {
    const labels = Array.from({ length: whole(2, 6) }, (_, i) => label(`method ${i}`, between(0, 600), between(0, 400)))
    const placed = placeLabels(labels, wide, 600, 400, [])
    placed.forEach((one, i) => {
      assert.ok(one.left >= 4 && one.left + one.wide <= 596 && one.middle >= 12 && one.middle <= 388)
      for (const other of placed.slice(i + 1)) {
        const beside = one.left + one.wide < other.left || other.left + other.wide < one.left
        assert.ok(beside || Math.abs(one.middle - other.middle) >= 16)
      }
    })
  })
})

test("a label makes room for a handle", () => {
  const [placed] = placeLabels([label("mean", 300, 214)], wide, 600, 400, [[300, 200]])
  assert.ok(Math.abs(placed.middle - 200) >= 20.5)
})

const TABLE = { angles: [0, 90, 180], ratios: [-1, 0, 1], steps: { mean: Array.from({ length: 18 }, (_, i) => i) } }

test("at a node of the table the step is that of the table, along and across the bisector", () => {
  // Angle 90° and ratio 1 are the middle node: along = 8, across = 9, and the bisector is at 45°.
  const [along, across, half] = [8, 9, Math.SQRT1_2]
  assert.ok(close(interpolate(TABLE, "mean", 90, 1), [half * (along - across), half * (along + across)]))
})

test("between nodes the step is interpolated, and it is as long as the longer gradient", () => {
  // Halfway between the angles 0° and 90°, and ten times as long: along = (4 + 10) / 2, across = (5 + 11) / 2.
  const [x, y] = interpolate(TABLE, "mean", 45, 10)
  assert.ok(close(Math.hypot(x, y), 10 * Math.hypot(7, 8)))
  assert.ok(close((Math.atan2(y, x) * 180) / Math.PI, 22.5 + (Math.atan2(8, 7) * 180) / Math.PI))
})

test("a method without a table has no step", () => {
  assert.equal(interpolate(TABLE, "nothing", 90, 1), null)
})
