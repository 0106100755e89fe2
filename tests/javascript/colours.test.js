import assert from "node:assert/strict"
import { test } from "node:test"
import { ink, mix } from "../../components/browser/colours.js"
import { property } from "./random.js"

test("a colour between two others", () => {
  assert.equal(mix("#000000", "#ffffff", 0.5), "rgb(128,128,128)")
  assert.equal(mix("rgb(10, 20, 30)", "#fff", 0), "rgb(10,20,30)")
  assert.equal(mix("rgb(10 20 30 / 0.5)", "#0f0", 1), "rgb(0,255,0)")
})

/** WCAG 2's contrast of a grey or coloured ground with black or white. */
function contrast(rgb, text) {
  const linear = rgb.map((value) =>
    value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  )
  const luminance = linear[0] * 0.2126 + linear[1] * 0.7152 + linear[2] * 0.0722
  const other = text === "#000000" ? 0 : 1
  return (Math.max(luminance, other) + 0.05) / (Math.min(luminance, other) + 0.05)
}

test("text can be read on every colour", () => {
  property(1000, ({ whole }) => {
    const rgb = [whole(0, 255), whole(0, 255), whole(0, 255)]
    assert.ok(contrast(rgb, ink(`rgb(${rgb.join(",")})`)) >= 4.58, String(rgb))
  })
})
