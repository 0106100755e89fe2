import assert from "node:assert/strict"
import { test } from "node:test"
import { numbersOf, valueAt } from "../../components/browser/curves.js"
import { close, property } from "./random.js"

const encoded = (array, dtype) => ({ bdata: Buffer.from(array.buffer).toString("base64"), dtype })

test("Plotly's arrays are read, whether they are plain or encoded", () => {
  assert.deepEqual(numbersOf([1, null, 3]), [1, null, 3])
  assert.deepEqual([...numbersOf(encoded(Float64Array.from([0.5, -2]), "f8"))], [0.5, -2])
  assert.deepEqual([...numbersOf(encoded(Int16Array.from([7, -300]), "i2"))], [7, -300])
  assert.deepEqual([...numbersOf(encoded(Uint8Array.from([1, 255]), "u1"))], [1, 255])
  assert.equal(numbersOf({ bdata: "", dtype: "complex" }).length, 0)
  assert.equal(numbersOf(undefined).length, 0)
})

test("between two points a value is on the line, which is straight or straight in logarithms", () => {
  const trace = { x: [0, 10], y: [1, 100] }
  assert.equal(valueAt(trace, 5, false), 50.5)
  assert.ok(close(valueAt(trace, 5, true), 10))
})

test("at a point a value is its own, and where there is none it is NaN", () => {
  const trace = { x: [0, 2, 4], y: [1, null, 3] }
  assert.equal(valueAt(trace, 4, false), 3)
  for (const epoch of [-1, 1, 2, 3, 5]) assert.ok(Number.isNaN(valueAt(trace, epoch, false)), String(epoch))
})

test("a line between two points leaves neither", () => {
  property(200, ({ between, whole }) => {
    const y = Array.from({ length: 6 }, () => between(0.1, 5))
    const epoch = between(0, 5)
    const value = valueAt({ x: [0, 1, 2, 3, 4, 5], y }, epoch, whole(0, 1) === 1)
    const ends = [y[Math.floor(epoch)], y[Math.ceil(epoch)]]
    assert.ok(value >= Math.min(...ends) - 1e-9 && value <= Math.max(...ends) + 1e-9)
  })
})
