import assert from "node:assert/strict"
import { test } from "node:test"
import { bytesOf, clamp, floats, narrow, short } from "../../components/browser/numbers.js"
import { property } from "./random.js"

const base64 = (array) => Buffer.from(array.buffer).toString("base64")

test("numbers are written as Python writes them", () => {
  assert.equal(short(0.00741), "0.0074")
  assert.equal(short(1.853, 3), "1.85")
  assert.equal(short(4762.3, 4), "4,762")
  assert.equal(short(-0.5), "−0.5")
  assert.equal(short(3e-8), "3.0 × 10⁻⁸")
  assert.equal(short(-123456, 3), "−1.23 × 10⁵")
  assert.equal(short(0), "0")
  assert.equal(short(Number.NaN), "NaN or infinite")
})

test("a number in a narrow cell has two decimals while they fit, and none where it does not", () => {
  assert.equal(narrow(1.234), "1.23")
  assert.equal(narrow(-9.996), "−10.0")
  assert.equal(narrow(99.96), "100")
  assert.equal(narrow(-0.001), "0.00")
  assert.equal(narrow(9999.6), null)
  assert.equal(narrow(Number.NEGATIVE_INFINITY), "−∞")
})

test("no finite number is wider than five signs in a narrow cell", () => {
  property(500, ({ between }) => {
    const words = narrow(between(-1, 1) * 10 ** between(-6, 6))
    assert.ok(words === null || words.length <= 5, String(words))
  })
})

test("half precision and single precision are read as they were sent", () => {
  property(50, ({ between, whole }) => {
    const halves = Float16Array.from({ length: 2 * whole(0, 5) }, () => between(-1, 1) * 10 ** between(-9, 5))
    const singles = Float32Array.from({ length: whole(0, 9) }, () => between(-1, 1) * 10 ** between(-9, 30))
    const bytes = Buffer.concat([Buffer.from(halves.buffer), Buffer.from(singles.buffer)])
    assert.deepEqual([...floats(bytes.toString("base64"), halves.length)], [...halves, ...singles])
  })
})

test("the special values of half precision are read", () => {
  const bits = Uint16Array.from([0x7c00, 0xfc00, 0x7e00, 0x0001, 0x7bff])
  const expected = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 2 ** -24, 65504]
  assert.deepEqual([...floats(base64(bits), 5)], expected)
})

test("bytes are read as they were sent", () => {
  const bytes = Uint8Array.from([0, 1, 127, 128, 254, 255])
  assert.deepEqual(bytesOf(base64(bytes)), bytes)
})

test("bounds that are the wrong way round give the lower one", () => {
  assert.equal(clamp(5, 0, 3), 3)
  assert.equal(clamp(-5, 0, 3), 0)
  assert.equal(clamp(5, 4, 1), 4)
})
